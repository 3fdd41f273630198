import { createHmac } from 'node:crypto'
import { eraseBodiesAt, listSeqsAbout, mutate } from '@gatehouse/kernel/audit'
import { asWriter, recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import { deleteDeliveriesAbout } from '@gatehouse/kernel/delivery'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { forgetAnswersAbout } from '@gatehouse/kernel/idempotency'
import { enqueue } from '@gatehouse/kernel/jobs'
import type { Principal } from '@gatehouse/kernel/principal'
import { toTime } from '../../../service/shapes.ts'
import { eraseBodiesJob } from '../contract/jobs.ts'
import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import * as store from '../store/operator-data-store.ts'
import { forgetInPolicies } from '../store/policy-store.ts'
import { readOrgSecret } from './org-secret.ts'
import { replyStart } from './reply-start.ts'

/** Maximum number of entries per job. */
const seqsAtOnce = 10_000

/**
 * Erases all data about an operator in one transaction. Their counters are subtracted from the organisation's. In the
 * chain the hashes stay; a job deletes the bodies about the operator afterwards, even if this node fails. A keyed
 * hash of the id is stored, so that a late import does not record the operator again (specification 13).
 */
export async function eraseOperator(
  deps: OversightDeps,
  caller: Principal,
  operatorId: string,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const { rows, seqs } = await mutate(deps, caller, async (tx) => {
    const isRecorded = await store.lockOperator(tx, operatorId)
    // People who only reviewed, or were only assigned, have no operator record, but must be erasable too.
    const isNamed = await store.isNamedInDecisions(tx, operatorId)
    const isForgotten = await forgetInPolicies(tx, operatorId)
    if (!isRecorded && !isNamed && !isForgotten) throw problems.NOT_FOUND()
    const hash = await toOperatorHash(deps, tx, operatorId)
    const about = await listSeqsAbout(tx, JSON.stringify(operatorId))
    await store.keepMatches(tx, operatorId, nowMs)
    await store.subtractFromOrgDays(tx, operatorId)
    await store.unlinkDecisions(tx, operatorId)
    const deleted = await store.deleteOperatorRows(tx, operatorId)
    await forgetAnswersAbout(tx, JSON.stringify(operatorId))
    await deleteDeliveriesAbout(tx, JSON.stringify(operatorId))
    await store.insertErased(tx, hash, nowMs)
    for (let at = 0; at < about.length; at += seqsAtOnce)
      await enqueue(tx, eraseBodiesJob, { orgId: tx.orgId, seqs: about.slice(at, at + seqsAtOnce) })
    const detail = { operator_hash: hash, rows: deleted, bodies: about.length, entries: toRanges(about) }
    return {
      result: { rows: deleted, seqs: about },
      entry: { action: 'OPERATOR_ERASED', resourceType: 'operator', detail, at: nowMs },
    }
  })
  await eraseBodies(deps, { orgId: caller.orgId, seqs })
  return { ...replyStart(deps, context), erased: true as const, rows }
}

/** The erasure's job. It is idempotent: a second run finds nothing to delete. */
export async function eraseBodies(
  deps: Pick<OversightDeps, 'db'>,
  { orgId, seqs }: { readonly orgId: string; readonly seqs: readonly number[] },
): Promise<void> {
  await asWriter(deps, (tx) => eraseBodiesAt(tx, orgId, seqs))
}

/** Allows an erased operator to be recorded again, starting without history. */
export async function readmitOperator(
  deps: OversightDeps,
  caller: Principal,
  operatorId: string,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  await mutate(deps, caller, async (tx) => {
    const hash = await toOperatorHash(deps, tx, operatorId)
    if (!(await store.deleteErased(tx, hash))) throw problems.NOT_FOUND()
    const about = { resourceType: 'operator', detail: { operator_hash: hash }, at: nowMs }
    return { result: undefined, entry: { action: 'operator.readmit', ...about } }
  })
  return { ...replyStart(deps, context), operator_id: operatorId, readmitted: true as const }
}

/** When an operator was erased. Throws NOT_FOUND for whoever was not, or was readmitted. */
export async function getErasure(
  deps: OversightDeps,
  caller: Principal,
  operatorId: string,
  context: RequestContext,
) {
  // The key of the hash is created on first use, which a transaction that only reads could not do.
  const erasedAtMs = await recordTelemetry(deps, caller, async (tx) =>
    (await store.hasErased(tx))
      ? store.findErasedAt(tx, await toOperatorHash(deps, tx, operatorId))
      : undefined,
  )
  if (erasedAtMs === undefined) throw problems.NOT_FOUND()
  return { ...replyStart(deps, context), operator_id: operatorId, erased_at: toTime(erasedAtMs) }
}

/** Throws if an operator without a record was erased before. */
export async function assertNotErased(
  deps: OversightDeps,
  tx: TelemetryTx,
  operatorId: string,
): Promise<void> {
  if ((await findErased(deps, tx, [operatorId])).size > 0) throw problems.OPERATOR_ERASED()
}

/** Of several operators, those who were erased. */
export async function findErased(
  deps: OversightDeps,
  tx: TelemetryTx,
  operatorIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (operatorIds.length === 0 || !(await store.hasErased(tx))) return new Set()
  const key = await readOrgSecret(deps, tx, 'erasure')
  const byHash = new Map(operatorIds.map((operatorId) => [hashWith(key, operatorId), operatorId]))
  const erased = await store.findErasedHashes(tx, [...byHash.keys()])
  return new Set(erased.flatMap((hash) => byHash.get(hash) ?? []))
}

async function toOperatorHash(deps: OversightDeps, tx: TelemetryTx, operatorId: string): Promise<string> {
  return hashWith(await readOrgSecret(deps, tx, 'erasure'), operatorId)
}

function hashWith(key: Buffer, operatorId: string): string {
  return createHmac('sha256', key).update(operatorId, 'utf8').digest('hex')
}

/** Formats numbers as ranges: `1-5 7 9-12`. */
function toRanges(seqs: readonly number[]): string {
  const ranges: [from: number, to: number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last !== undefined && seq === last[1] + 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ')
}
