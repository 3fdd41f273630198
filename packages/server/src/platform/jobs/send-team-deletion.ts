import { within } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendTeamDeletion } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { teamDeletionWords } from '../mails/team-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'
import { post } from './post.ts'

export function bindSendTeamDeletion(deps: PlatformDeps): BoundJob {
  return bindJob(sendTeamDeletion, async ({ orgId }, { signal }) => {
    const principal = { kind: 'system', orgId, because: 'mail' } as const
    const { org, owners } = await within(deps, principal, async (tx) => ({
      org: await findOrg(tx),
      owners: await listOwnerAddresses(tx),
    }))
    const atMs = org?.deletionScheduledAtMs ?? null
    // Cancelled since it was queued.
    if (org === undefined || atMs === null) return
    const facts = { org: org.name, at: new Date(atMs).toISOString(), url: `${deps.publicUrl()}/team` }
    for (const owner of owners)
      await post(deps, sendTeamDeletion.name, owner, teamDeletionWords(owner.language, facts), signal)
  })
}
