import { codecs, column } from '@gatehouse/kernel/db'

const { text, flag, instant } = codecs

/** The settings of a status page. */
export const serviceSettings = {
  name: column('name', text),
  slug: column('slug', text),
  description: column('description', codecs.textOrNull),
  passwordHash: column('password_hash', codecs.textOrNull, { withheld: 'proves a secret' }),
  access: column('access', codecs.oneOf<'public' | 'password' | 'members'>()),
  timeZone: column('time_zone', text),
  language: column('language', codecs.oneOf<'auto' | 'en' | 'ja'>()),
  autoPublish: column('auto_publish', flag),
}

/** Row types, statements and the organisation's export are derived from these columns. */
export const serviceColumns = {
  id: column('id', text),
  ...serviceSettings,
  /** Programs read the feeds of a page with a password by this key; null until somebody asks for one. */
  feedKeyDigest: column('feed_key_digest', codecs.textOrNull, { withheld: 'proves a secret' }),
  sealedFeedKey: column('sealed_feed_key', codecs.textOrNull, 'sealed'),
  isDefault: column('is_default', flag),
  createdAtMs: column('created_at', instant),
  updatedAtMs: column('updated_at', instant),
}

/** Derived from the access, and written with it. */
export const publicColumn = column('is_public', flag)
/** Increased by every change to what the page shows. */
export const versionColumn = column('version', text)
