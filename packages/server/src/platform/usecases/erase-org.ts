import { type AuditedTx, eraseAuditBodies, mutate } from '@gatehouse/kernel/audit'
import { asEraser, asGate, asWriter, within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { lockOrg } from '../store/org-store.ts'
import {
  deleteLogInsOfOrg,
  deleteOrgJobs,
  deleteOrgRows,
  findOrgLife,
  type OrgLife,
  setErased,
  setErasing,
} from '../store/org-life-store.ts'
import { findTestPrincipal } from './test-org.ts'

export type EraseDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'orgTables'>

export type Erasure =
  | { readonly erased: true; readonly rows: number }
  /** It was cancelled before the erasure began. */
  | { readonly erased: false }

/** Called while the org is locked. */
export type IsWanted = (tx: AuditedTx, life: OrgLife) => Promise<boolean> | boolean

const rowsAtOnce = 1_000

/**
 * Erases an org for good if `isWanted` still holds: access ends immediately, its rows are deleted in bounded batches,
 * those of its test org first, and only the hashes of their chains stay (T7). After an interruption at any point, the
 * same call continues.
 */
export async function eraseOrg(
  deps: EraseDeps,
  principal: SystemPrincipal,
  isWanted: IsWanted,
  signal?: AbortSignal,
): Promise<Erasure> {
  const { orgId } = principal
  if (orgId === instanceOrgId) throw new Error("The instance's own org cannot be erased")
  const { erasingAtMs, erasedAtMs, isThrownAway } = await within(deps, principal, findOrgLife)
  if (erasingAtMs === null && !(await begin(deps, principal, isWanted))) return { erased: false }
  const testPrincipal = await findTestPrincipal(deps, principal)
  const testErasure = testPrincipal && (await eraseOrg(deps, testPrincipal, () => true, signal))
  let rows = testErasure?.erased === true ? testErasure.rows : 0
  rows += await eraseRows(deps, orgId, signal)
  if (erasedAtMs === null) await finish(deps, principal, isThrownAway)
  rows += await asWriter(deps, (tx) => eraseAuditBodies(tx, orgId))
  return { erased: true, rows }
}

async function begin(deps: EraseDeps, principal: SystemPrincipal, isWanted: IsWanted): Promise<boolean> {
  return mutate(deps, principal, async (tx) => {
    await lockOrg(tx)
    const now = deps.clock.now()
    const life = await findOrgLife(tx)
    const begins = await isWanted(tx, life)
    if (begins && life.erasingAtMs === null) await setErasing(tx, now)
    const outcome = begins ? 'done' : 'refused'
    return { result: begins, entry: { action: 'org.erase', resourceId: tx.orgId, outcome, at: now } }
  })
}

async function eraseRows(deps: EraseDeps, orgId: string, signal: AbortSignal | undefined): Promise<number> {
  // Jobs are deleted first, so that none writes rows again after they are deleted.
  await asEraser(deps, orgId, deleteOrgJobs)
  let rows = 0
  for (const { table, kept } of deps.orgTables)
    if (kept === undefined) rows += await emptyTable(deps, orgId, table, signal)
  await asGate(deps, (tx) => deleteLogInsOfOrg(tx, orgId))
  return rows
}

/** Deletes in batches until no row is left: a row that changed while a batch was read is left for the next one. */
async function emptyTable(
  deps: EraseDeps,
  orgId: string,
  table: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  let rows = 0
  for (;;) {
    signal?.throwIfAborted()
    const deleted = await asEraser(deps, orgId, (tx) => deleteOrgRows(tx, table, rowsAtOnce))
    if (deleted === 0) return rows
    rows += deleted
  }
}

async function finish(deps: EraseDeps, principal: SystemPrincipal, isThrownAway: boolean): Promise<void> {
  const { orgId: resourceId, because } = principal
  const at = deps.clock.now()
  // The org's own chain is erased too, so the entry is made in the instance's chain, where the operator finds it.
  if (!isThrownAway)
    await mutate(deps, { ...principal, orgId: instanceOrgId }, async () => ({
      result: undefined,
      entry: { action: 'org.erase', resourceId, detail: { because }, at },
    }))
  await mutate(deps, principal, async (tx) => {
    await setErased(tx, at)
    return { result: undefined, entry: { action: 'org.erased', resourceId, at } }
  })
}
