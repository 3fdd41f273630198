import { codecs, column } from '@gatehouse/kernel/db'

const { text, texts, instant, instantOrNull } = codecs

/** Row types, statements, the organisation's export and resealing are derived from these columns. */
export const subscriberColumns = {
  id: column('id', text),
  serviceId: column('service_id', text),
  kind: column('kind', codecs.oneOf<'email' | 'webhook'>()),
  /** An e-mail address, or the host of a webhook. */
  address: column('address', text),
  /** The token of the links to this subscription and, of a webhook, its URL and secret. */
  sealedConfig: column('sealed_config', text, 'sealed'),
  tokenDigest: column('token_digest', text, { withheld: 'proves a secret' }),
  language: column('language', codecs.oneOf<'en' | 'ja'>()),
  /** Empty: all. */
  componentIds: column('component_ids', texts),
  /** Null: whoever reads the mailbox has not agreed yet, and may until it expires. */
  confirmedAtMs: column('confirmed_at', instantOrNull),
  expiresAtMs: column('expires_at', instantOrNull),
  /** How many mails have asked for that. */
  mailsSent: column('mails_sent', codecs.whole),
  createdAtMs: column('created_at', instant),
}
