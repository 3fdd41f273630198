import { within } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postEach, type Reader, writeMoment } from '../../mail/index.ts'
import { sendKeysExposed } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { keysExposedWords } from '../mails/keys-exposed-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'

export function bindSendKeysExposed(deps: PlatformDeps): BoundMail {
  return bindMail(sendKeysExposed, async ({ orgId, keys, atMs, revokedAfterHours }, context) => {
    const { org, owners } = await within(deps, { kind: 'system', orgId, because: 'mail' }, async (tx) => ({
      org: await findOrg(tx),
      owners: await listOwnerAddresses(tx),
    }))
    if (org === undefined) return
    const facts = {
      org: org.name,
      keys,
      revokedAfterHours,
      rotateUrl: `${deps.publicUrl()}/v1/me/rotate-key`,
      url: `${deps.publicUrl()}/app/keys`,
    }
    const toWords = (reader: Reader) =>
      keysExposedWords(reader.language, { ...facts, at: writeMoment(atMs, reader) })
    await postEach(deps, sendKeysExposed.name, owners, toWords, context)
  })
}
