import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { asOwner, ask, firstOrg, lightPaths, mintKey, revoke, show, UnseenError } from './ask.ts'
import { wait } from './wear-out.ts'

const entries = z.object({
  auditLogs: z.array(
    z.object({ action: z.string(), reason: z.string().nullable(), resourceId: z.string().nullable() }),
  ),
})
/** Refusals are written within a second on an idle machine; the owner may read at most sixty times a minute. */
const lookAgainMs = 2_000
const looksMax = 25

/** Uses a revoked key: the caller must not learn that it was revoked, and the owner of the key must. */
export async function tellTheAuditLogAlone(target: Target, signal: AbortSignal): Promise<Finding> {
  const org = firstOrg(target)
  const key = await mintKey(target, org, 'uptime')
  await revoke(target, org, key)
  const { status, text } = await target.send(lightPaths.uptime, show('uptime', key.key))
  if (status !== 401) throw new UnseenError(`A revoked key was answered ${status}`)
  if (/revoked/i.test(text)) return fails('A refusal tells its caller that the key was revoked')
  const prefix = key.key.slice(0, 'mk_'.length + 8)
  for (let look = 1; look <= looksMax; look += 1) {
    await wait(lookAgainMs, signal)
    const path = `/dashboard/audit-logs?action=auth.refused&resourceId=${prefix}`
    const { auditLogs } = await ask(target, entries, path, asOwner(org))
    if (auditLogs.some(({ reason }) => reason === 'revoked'))
      return holds({ reason: 'revoked', foundAfterMs: look * lookAgainMs })
  }
  return fails('The audit log of the organisation does not say why its key was refused')
}
