import { mutate } from '@gatehouse/kernel/audit'
import { recordTelemetry, type WriterTx, within } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { enqueue } from '@gatehouse/kernel/jobs'
import { instanceOrgId, type MemberPrincipal, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { probeJob, probeQueue } from '../contract/jobs.ts'
import type { PostureDeps } from '../deps.ts'
import { isDue } from '../domain/judge-standing.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listEvidence } from '../store/evidence-store.ts'
import { findRun, insertRun, type PostureRun, setRun } from '../store/run-store.ts'
import { listVerified, toCircumstances, toLast, toUntil } from './circumstances.ts'
import { asInstance } from './in-instance.ts'
import { probeClaims } from './probe-claims.ts'

/** Requests a run of these claims, or of all; one of the nodes starts it. Returns its id. */
export async function askForRun(
  deps: Pick<PostureDeps, 'audit' | 'claims' | 'clock' | 'db'>,
  by: MemberPrincipal | SystemPrincipal,
  wanted: readonly string[] | null,
): Promise<string> {
  const known = new Set(listVerified(deps).map(({ id }) => id))
  const unknown = (wanted ?? []).filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'claims', message: `${unknown.join(', ')} is no claim that is verified here` }],
    })
  return mutate(deps, { ...by, orgId: instanceOrgId }, async (tx) => {
    const at = deps.clock.now()
    const id = newId(at)
    await insertRun(tx, { id, wanted, askedAtMs: at })
    await enqueue(tx, probeJob, { orgId: instanceOrgId, runId: id }, { queue: probeQueue })
    const detail = wanted === null ? {} : { claims: [...wanted] }
    return { result: id, entry: { action: 'posture.ask', resourceId: id, detail, at } }
  })
}

/** Queues a job in which one node probes what is due, when no run is under way, and not before `runAtMs`. */
export async function queueDue(tx: WriterTx, runAtMs?: number): Promise<void> {
  const payload = { orgId: instanceOrgId, runId: null }
  const when = runAtMs === undefined ? {} : { runAtMs }
  await enqueue(tx, probeJob, payload, { queue: probeQueue, key: 'posture.due', ...when })
}

/** Probes what is due, the longest overdue first, for as long as a run may take. */
export async function probeDue(deps: PostureDeps, signal: AbortSignal): Promise<void> {
  await deps.eraseLeft()
  const verified = listVerified(deps)
  const circumstances = await toCircumstances(deps)
  const ids = verified.map(({ id }) => id)
  const newest = await within(deps, asInstance, (tx) =>
    listEvidence(tx, ids, 1, toUntil(circumstances.nowMs)),
  )
  const due = verified
    .map((claim) => ({ claim, last: toLast(newest.get(claim.id)?.[0]) }))
    .filter(({ claim, last }) => isDue(last, claim.everyMinutes, circumstances))
    .toSorted((a, b) => (a.last?.endedMs ?? 0) - (b.last?.endedMs ?? 0))
  if (due.length === 0) return
  const endsMs = deps.clock.monotonic() + policy.roundMs
  await probeClaims(deps, {
    runId: newId(circumstances.nowMs),
    claims: due.map(({ claim }) => claim),
    signal,
    mayGoOn: () => deps.clock.monotonic() < endsMs,
  })
}

/** Carries out a requested run, and stores its progress. */
export async function carryOutRun(deps: PostureDeps, id: string, signal: AbortSignal): Promise<void> {
  const run = await within(deps, asInstance, (tx) => findRun(tx, id))
  // A run that had ended before its node died is not repeated.
  if (run === undefined || run.endedAtMs !== null) return
  const { wanted } = run
  const claims = listVerified(deps).filter(({ id: claim }) => wanted === null || wanted.includes(claim))
  const say = (state: PostureRun['state'], done: number, probing: string | null): Promise<void> => {
    const endedAtMs = state === 'running' ? null : deps.clock.now()
    const total = claims.length
    return recordTelemetry(deps, asInstance, (tx) =>
      setRun(tx, id, { state, done, total, probing, endedAtMs }),
    )
  }
  let done = 0
  try {
    await probeClaims(deps, {
      runId: id,
      claims,
      signal,
      onProgress: (progress) => {
        done = progress.done
        return say('running', done, progress.now)
      },
    })
  } catch (error) {
    await say('failed', done, null)
    throw error
  }
  await say(done === claims.length ? 'done' : 'failed', done, null)
}
