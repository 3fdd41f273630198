import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { exportSeries as endpoint } from '../contract/export.ts'
import type { VolatilityDeps } from '../deps.ts'
import { exportSeries, type RunningExports } from '../usecases/export-series.ts'

export function exportHandlers(
  deps: Pick<VolatilityDeps, 'board' | 'clock' | 'db'>,
): HandlersOf<readonly [typeof endpoint]> {
  const running: RunningExports = new Set()
  return {
    exportSeries: (caller, { params: { symbol }, query }, { header }) =>
      exportSeries(deps, running, caller, symbol, query, header('accept-encoding')),
  }
}
