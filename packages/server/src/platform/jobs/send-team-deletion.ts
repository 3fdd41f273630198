import { within } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postEach, type Reader, writeMoment } from '../../mail/index.ts'
import { sendTeamDeletion } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { teamDeletionWords } from '../mails/team-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'

export function bindSendTeamDeletion(deps: PlatformDeps): BoundMail {
  return bindMail(sendTeamDeletion, async ({ orgId }, context) => {
    const principal = { kind: 'system', orgId, because: 'mail' } as const
    const { org, owners } = await within(deps, principal, async (tx) => ({
      org: await findOrg(tx),
      owners: await listOwnerAddresses(tx),
    }))
    const atMs = org?.deletionScheduledAtMs ?? null
    // The deletion was cancelled after the mail was queued.
    if (org === undefined || atMs === null) return
    const facts = { org: org.name, url: `${deps.publicUrl()}/app/team` }
    const toWords = (reader: Reader) =>
      teamDeletionWords(reader.language, { ...facts, at: writeMoment(atMs, reader) })
    await postEach(deps, sendTeamDeletion.name, owners, toWords, context)
  })
}
