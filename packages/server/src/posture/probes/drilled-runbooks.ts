import { fails, type Finding, holds, unknown } from '../finding.ts'
import type { Drill, Inside } from '../inside.ts'

const drilledWithinDays = 400
const dayMs = 86_400_000
const ownMsMax = 600_000

/** Checks that every runbook was drilled on temporary secrets recently, and succeeded. */
export async function drillEveryRunbook({ listDrills, clock }: Inside): Promise<Finding> {
  const runbooks = await listDrills()
  const drilled = runbooks.flatMap(({ runbook, drill }) => (drill === null ? [] : [{ runbook, ...drill }]))
  if (drilled.length === 0) return noDrill
  const failed = drilled.filter(({ outcome }) => outcome === 'failed')
  const missing = runbooks.find(({ drill }) => drill === null)
  const ages = drilled.map(({ startedAt }) => clock.now() - Date.parse(startedAt))
  const oldestDays = Math.floor(Math.max(...ages) / dayMs)
  const figures = { runbooks: runbooks.length, drilled: drilled.length, failed: failed.length, oldestDays }
  if (failed.length > 0) return fails(`The last drill of ${failed[0]?.runbook} failed`, figures)
  if (missing !== undefined) return fails(`${missing.runbook} was never drilled`, figures)
  return oldestDays > drilledWithinDays
    ? fails('A runbook was last drilled too long ago', figures)
    : holds(figures)
}

/** Checks that in each record the rotating steps come before those that investigate. */
export async function rotateFirst({ listDrills }: Inside): Promise<Finding> {
  const drilled = (await listDrills()).filter(({ drill }) => drill !== null)
  if (drilled.length === 0) return noDrill
  const late = drilled.find(({ drill }) => drill !== null && isInvestigatedFirst(drill))
  const figures = { drilled: drilled.length }
  return late === undefined
    ? holds(figures)
    : fails(`The drill of ${late.runbook} investigated before it had rotated`, figures)
}

function isInvestigatedFirst({ steps }: Drill): boolean {
  const rotated = steps.findLastIndex(({ kind }) => kind === 'rotate')
  const investigated = steps.findIndex(({ kind }) => kind === 'investigate')
  return investigated !== -1 && investigated < rotated
}

/** Checks the duration of each drill, without the time spent waiting for a person. */
export async function rotateWithinMinutes({ listDrills }: Inside): Promise<Finding> {
  const times = (await listDrills()).flatMap(({ drill }) => drill?.ownMs ?? [])
  if (times.length === 0) return noDrill
  const slowestMs = Math.max(...times)
  const figures = { drilled: times.length, slowestSeconds: Math.round(slowestMs / 1000) }
  return slowestMs < ownMsMax ? holds(figures) : fails('A drill took longer than is claimed', figures)
}

const noDrill = unknown(
  'Nobody has drilled the runbooks of this instance yet: gatehouse runbook run ID --drill',
)
