import { listCheckpoints, toAnchorLine } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postEach, type Reader } from '../../mail/index.ts'
import { sendCheckpoint } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { checkpointWords } from '../mails/checkpoint-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'

export function bindSendCheckpoint(deps: PlatformDeps): BoundMail {
  return bindMail(sendCheckpoint, async ({ orgId, seq }, context) => {
    const principal = { kind: 'system', orgId, because: 'mail' } as const
    const { org, owners, checkpoint } = await within(deps, principal, async (tx) => ({
      org: await findOrg(tx),
      owners: await listOwnerAddresses(tx),
      checkpoint: (await listCheckpoints(tx, seq - 1, 1))[0],
    }))
    if (org === undefined || checkpoint === undefined) return
    const facts = {
      org: org.name,
      entries: seq,
      line: toAnchorLine(checkpoint),
      url: `${deps.publicUrl()}/app/audit`,
    }
    const toWords = ({ language }: Reader) => checkpointWords(language, facts)
    await postEach(deps, sendCheckpoint.name, owners, toWords, context)
  })
}
