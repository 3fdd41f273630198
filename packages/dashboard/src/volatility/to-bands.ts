import type { Band } from '../parts/draw-chart.ts'
import { volatilityWords as says } from '../words/volatility-words.ts'
import type { Regime } from './regimes.ts'

/** Consecutive bars with the same regime become one band; a bar's regime lasts until the next. */
export function toBands(times: readonly number[], regimes: readonly (Regime | null)[]): readonly Band[] {
  const bands: Band[] = []
  for (const [index, regime] of regimes.entries()) {
    const [fromMs, toMs] = [times[index], times[index + 1] ?? times[index]]
    if (regime === null || fromMs === undefined || toMs === undefined) continue
    const last = bands.at(-1)
    if (last?.tone === regime && last.toMs === fromMs) bands[bands.length - 1] = { ...last, toMs }
    else bands.push({ fromMs, toMs, tone: regime, name: says.regimes[regime] })
  }
  return bands
}
