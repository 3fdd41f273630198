import type { TenantTx } from '@gatehouse/kernel/db'
import { type Coverage, type Covered, findCoverage } from '../domain/maintenance.ts'
import { listOpenWindows, type StoredWindow } from '../store/maintenance-store.ts'

/** The maintenance that covers a monitor now; null if none does. */
export type CoverageOf = (monitor: Covered) => Coverage | null

/** Reads the organisation's open windows once, so that a list of monitors costs one query. */
export async function loadCoverage(tx: TenantTx, nowMs: number): Promise<CoverageOf> {
  return indexCoverage(await listOpenWindows(tx, nowMs), nowMs)
}

/** Indexes windows by scope, so that a monitor's lookup does not scan all of them. */
export function indexCoverage(windows: readonly StoredWindow[], nowMs: number): CoverageOf {
  const wide = windows.filter(({ scope }) => scope !== 'monitors')
  const byMonitor = new Map<string, StoredWindow[]>()
  for (const window of windows) {
    if (window.scope !== 'monitors') continue
    for (const id of window.monitorIds) byMonitor.set(id, [...(byMonitor.get(id) ?? []), window])
  }
  return (monitor) => findCoverage([...wide, ...(byMonitor.get(monitor.monitorId) ?? [])], monitor, nowMs)
}

/** The maintenance of a whole page: its own windows, without those of single monitors. */
export function findServiceCoverage(
  windows: readonly StoredWindow[],
  serviceId: string,
  nowMs: number,
): Coverage | null {
  const own = windows.filter(({ scope }) => scope === 'service')
  return findCoverage(own, { monitorId: '', serviceId }, nowMs)
}
