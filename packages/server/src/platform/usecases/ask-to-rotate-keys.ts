import { listEntries, mutate, type MutateDeps } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { within } from '@gatehouse/kernel/db'
import { type KeyRecord, listKeys } from '@gatehouse/kernel/keys'
import { queueMail } from '../../mail/index.ts'
import { sendKeysExposed } from '../contract/jobs.ts'

export type AskedOrg = {
  readonly orgId: string
  readonly askedAtMs: number
  /** Whether it was asked now; else it had been already. */
  readonly isNew: boolean
  /** Keys from before that still work: nobody has replaced them. */
  readonly left: readonly KeyRecord[]
  /** Since it was asked. */
  readonly rotated: number
}

/**
 * Asks the owners of an org to replace its keys, once in an exposure, and says how far they are. Undefined where the org
 * has no key from before. That they were asked is in the org's chain.
 */
export async function askToRotateKeys(
  deps: MutateDeps & { readonly clock: Clock },
  orgId: string,
  { sinceMs, revokedAfterHours }: { readonly sinceMs: number; readonly revokedAfterHours: number | null },
): Promise<AskedOrg | undefined> {
  const principal = { kind: 'system', orgId, because: 'command' } as const
  const known = await within(deps, principal, async (tx) => {
    const [asked] = await listEntries(tx, { actions: ['keys.exposed'], fromMs: sinceMs }, { limit: 1 })
    const replaced =
      asked === undefined
        ? []
        : await listEntries(tx, { actions: ['key.rotate'], fromMs: asked.ts.getTime() }, { limit: 1_000 })
    return { askedAtMs: asked === undefined ? undefined : asked.ts.getTime(), rotated: replaced.length }
  })
  const nowMs = deps.clock.now()
  const keys = await listKeys(deps, principal)
  if (known.askedAtMs !== undefined) {
    const { askedAtMs, rotated } = known
    const left = keys.filter(({ createdAtMs }) => createdAtMs < askedAtMs)
    return { orgId, askedAtMs, isNew: false, left, rotated }
  }
  if (keys.length === 0) return undefined
  await mutate(deps, principal, async (tx) => {
    await queueMail(tx, sendKeysExposed, { orgId, keys: keys.length, atMs: nowMs, revokedAfterHours })
    const detail = { keys: keys.length, revokedAfterHours }
    return { result: undefined, entry: { action: 'keys.exposed', resourceType: 'key', detail, at: nowMs } }
  })
  return { orgId, askedAtMs: nowMs, isNew: true, left: keys, rotated: 0 }
}
