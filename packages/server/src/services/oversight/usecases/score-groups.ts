import { type Decision, mutate } from '@gatehouse/kernel/audit'
import { isCommitHeld } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { oversightPolicy } from '../policy.ts'
import { claimSessions } from '../store/session-store.ts'
import { toSender } from './sender.ts'
import { recordScores, type RecordOutcome, type ScoreRequest, writeScores } from './record-scores.ts'

type Waiting = {
  readonly principal: Principal
  readonly request: ScoreRequest
  readonly resolve: (outcome: RecordOutcome) => void
  readonly reject: (error: unknown) => void
}

type Group = { waiting: Waiting[]; underWay: number; timer: NodeJS.Timeout | undefined }

export type RecordScores = (principal: Principal, request: ScoreRequest) => Promise<RecordOutcome>

const { gatherMsMax, requestsMax } = oversightPolicy.scoreGroups

/**
 * Group commit: concurrent single scores of one operator in one domain are recorded in one transaction, each with its
 * own entry and receipt, because one commit costs the same for one and for many (specification 9.1). A score that
 * arrives while nothing is running does not wait. Operators are not mixed, because a transaction would hold the
 * organisation's day while waiting for another operator's state.
 */
export function createScoreGroups(deps: OversightDeps): RecordScores {
  const groups = new Map<string, Group>()

  const start = (name: string, group: Group): void => {
    clearTimeout(group.timer)
    group.timer = undefined
    const batch = group.waiting.splice(0, requestsMax)
    if (batch.length === 0) return
    group.underWay += 1
    void recordAll(deps, batch).finally(() => {
      group.underWay -= 1
      if (group.waiting.length > 0) start(name, group)
      else if (group.underWay === 0) groups.delete(name)
    })
  }

  return (principal, request) => {
    // With an Idempotency-Key, the stored reply has to commit in the same transaction, alone.
    if (isCommitHeld()) return recordScores(deps, principal, request)
    const name = nameOf(principal, request)
    const group = groups.get(name) ?? { waiting: [], underWay: 0, timer: undefined }
    groups.set(name, group)
    return new Promise((resolve, reject) => {
      group.waiting.push({ principal, request, resolve, reject })
      if (group.waiting.length >= requestsMax) return start(name, group)
      // Deferred by one turn of the event loop, so that requests that arrived together form one group.
      if (group.underWay === 0 && group.waiting.length === 1) setImmediate(start, name, group)
      else group.timer ??= setTimeout(start, gatherMsMax, name, group)
    })
  }
}

/** Group key: principal and organisation, because a chain entry names them, and operator and domain. */
function nameOf(principal: Principal, { operatorId, domain }: ScoreRequest): string {
  return `${principal.orgId}/${toSender(principal)}/${operatorId}/${domain}`
}

/** Records the batch together; if that fails, each score alone, so that one refusal does not affect the others. */
async function recordAll(deps: OversightDeps, batch: readonly Waiting[]): Promise<void> {
  const together = batch.length > 1 ? await recordTogether(deps, batch).catch(() => undefined) : undefined
  await Promise.all(
    batch.map(async (one, at) => {
      const outcome = together?.[at]
      if (outcome !== undefined) return one.resolve(outcome)
      await recordScores(deps, one.principal, one.request).then(one.resolve, one.reject)
    }),
  )
}

/** Thrown to roll back a transaction that has nothing to write. */
class NothingNew extends Error {}

async function recordTogether(
  deps: OversightDeps,
  batch: readonly Waiting[],
): Promise<readonly RecordOutcome[]> {
  const [first] = batch
  if (first === undefined) return []
  const { principal, request: shared } = first
  const sessions = batch.flatMap(({ request }) => request.scores.map(({ sessionId }) => sessionId))
  return mutate(deps, principal, async (tx) => {
    const nowMs = deps.clock.now()
    const entries: Decision[] = []
    const written: { readonly at: number; readonly link: number; readonly what: Written }[] = []
    // All sessions are locked before the operator's state, as in every other writer, which avoids deadlocks.
    await claimSessions(tx, shared, sessions, nowMs)
    for (const [at, { request }] of batch.entries()) {
      const what = await writeScores(deps, tx, principal, request, nowMs)
      written.push({ at, link: entries.length, what })
      if (what.kind === 'written') entries.push(...what.entries)
    }
    const [head, ...rest] = entries
    if (head === undefined) throw new NothingNew('Every score was there already')
    return {
      entry: [head, ...rest],
      conclude: async (links) => {
        const outcomes: RecordOutcome[] = []
        for (const { at, link, what } of written)
          outcomes[at] =
            what.kind === 'known'
              ? { results: what.results, receipt: null }
              : await what.conclude(links[link])
        return outcomes
      },
    }
  })
}

type Written = Awaited<ReturnType<typeof writeScores>>
