import { listEntries, mutate, type MutateDeps } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { within } from '@gatehouse/kernel/db'
import { type KeyRecord, listKeys } from '@gatehouse/kernel/keys'
import { queueMail } from '../../mail/index.ts'
import { sendKeysExposed } from '../contract/jobs.ts'

export type AskedOrg = {
  readonly orgId: string
  readonly askedAtMs: number
  /** Whether the owners were asked now, and not earlier. */
  readonly isNew: boolean
  /** The keys from before the exposure that still work, because nobody has replaced them. */
  readonly left: readonly KeyRecord[]
  /** The number of keys that were rotated since the owners were asked. */
  readonly rotated: number
}

/**
 * Asks the owners of an org to replace its keys, once per exposure, and returns how far they are. Undefined when the
 * org has no key from before it. The request is recorded in the org's chain.
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
