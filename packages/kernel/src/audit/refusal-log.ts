import { type Database, isOutage } from '../db/index.ts'
import { instanceOrgId } from '../principal/index.ts'
import type { AuditLog } from './audit-log.ts'
import { decideAsSystem } from './decide-as-system.ts'

export type Refusal = {
  /**
   * The org whose credential was refused. Absent for an unknown caller: that refusal goes to the instance's own chain.
   */
  readonly orgId?: string | undefined
  readonly keyPrefix?: string | undefined
  readonly ip: string
  /** `VERB path` of the endpoint, with its `{names}`. */
  readonly route: string
  /** The real reason, which the response does not disclose (G1). */
  readonly reason: string
  /** The action of the entry. Default: `auth.refused`; a published format may require another name. */
  readonly action?: string
  readonly atMs: number
}

export type RefusalLog = {
  readonly note: (refusal: Refusal) => void
  /** Records that a key was accepted: one entry per key and minute. */
  readonly noteAccepted: (accepted: Omit<Refusal, 'reason'>) => void
  readonly stop: () => Promise<void>
}

type Tally = {
  readonly first: Omit<Refusal, 'reason'> & { readonly reason?: string }
  count: number
  /** How often the database refused to write it. */
  failures: number
}

const flushEveryMs = 1_000
const distinctMax = 10_000
/**
 * Failed writes after which an entry is dropped; outages do not count. A deadlock passes, but an org that was deleted
 * in the meantime does not come back.
 */
const failuresMax = 3
const acceptedEveryMs = 60_000

/**
 * Writes refused credentials to the audit chain. Equal ones within a second become one entry with a count, so that a
 * flood of guesses costs the chain one row, not one a guess.
 */
export function createRefusalLog(
  deps: { readonly db: Database; readonly audit: AuditLog },
  onError: (error: unknown) => void,
): RefusalLog {
  let tallies = new Map<string, Tally>()
  const acceptedAtMs = new Map<string, number>()
  let flushing: Promise<void> = Promise.resolve()

  const putBack = ([key, tally]: readonly [string, Tally]): void => {
    const newer = tallies.get(key)
    if (newer === undefined && tallies.size >= distinctMax) return
    tallies.set(key, { ...tally, count: tally.count + (newer?.count ?? 0) })
  }
  const flush = async (): Promise<void> => {
    const batch = tallies
    tallies = new Map()
    const byOrg = Map.groupBy(batch, ([, { first }]) => first.orgId ?? instanceOrgId)
    // Each org is written by itself, so that one org's failure costs no other org its entries.
    for (const [orgId, group] of byOrg)
      try {
        await decideAsSystem(deps, { kind: 'system', orgId, because: 'gate' }, async (_tx, decide) => {
          for (const [, tally] of group) await decide(toDecision(tally))
        })
      } catch (error) {
        onError(error)
        for (const [key, tally] of group) {
          if (!isOutage(error)) tally.failures += 1
          if (tally.failures < failuresMax) putBack([key, tally])
        }
      }
  }
  const flushNext = (): Promise<void> => {
    flushing = flushing.then(flush)
    return flushing
  }
  const timer = setInterval(() => {
    if (tallies.size > 0) void flushNext()
  }, flushEveryMs)
  timer.unref()

  return {
    note: (refusal) => {
      const { orgId, keyPrefix, ip, route, reason } = refusal
      const key = JSON.stringify([orgId, keyPrefix, ip, route, reason])
      const tally = tallies.get(key)
      if (tally !== undefined) tally.count += 1
      else if (tallies.size < distinctMax) tallies.set(key, { first: refusal, count: 1, failures: 0 })
    },
    noteAccepted: (accepted) => {
      const { orgId, keyPrefix = '', atMs } = accepted
      const key = `${orgId}/${keyPrefix}`
      // A clock that was set back must not suppress the entries of a key for longer.
      const sinceMs = atMs - (acceptedAtMs.get(key) ?? Number.NEGATIVE_INFINITY)
      if (sinceMs >= 0 && sinceMs < acceptedEveryMs) return
      if (acceptedAtMs.size >= distinctMax) acceptedAtMs.clear()
      acceptedAtMs.set(key, atMs)
      if (tallies.size < distinctMax) tallies.set(key, { first: accepted, count: 1, failures: 0 })
    },
    stop: async () => {
      clearInterval(timer)
      await flushNext()
    },
  }
}

function toDecision({ first, count }: Tally) {
  const { keyPrefix, ip, route, reason, action, atMs } = first
  return {
    action: action ?? (reason === undefined ? 'auth.accepted' : 'auth.refused'),
    resourceType: 'auth',
    ...(keyPrefix === undefined ? {} : { resourceId: keyPrefix }),
    ...(reason === undefined ? {} : { outcome: 'refused' as const, reason }),
    detail: { ip, route, count },
    at: atMs,
  }
}
