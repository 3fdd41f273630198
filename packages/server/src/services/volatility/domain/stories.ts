import type { Regime } from './regime-code.ts'
import type { Timeframe } from './timeframe.ts'

export type StoryEvent = {
  readonly tsMs: number
  readonly from: Regime
  readonly to: Regime
  readonly close: number
  readonly z: number
  /** Null at a reset. */
  readonly realizedVol: number | null
  readonly baselineVol: number | null
}

const blockMs = 300_000

/**
 * The events to tell, newest first: of several events with the same target in one block of five minutes, only the
 * latest.
 */
export function chooseStories<T extends Pick<StoryEvent, 'tsMs' | 'to'>>(
  newestFirst: readonly T[],
  limit: number,
): readonly T[] {
  const told = new Set<string>()
  return newestFirst
    .filter(({ tsMs, to }) => {
      const block = `${to} ${Math.floor(tsMs / blockMs)}`
      if (told.has(block)) return false
      told.add(block)
      return true
    })
    .slice(0, limit)
}

/** Describes a transition in one sentence (wire W4.7). */
export function tellStory(symbol: string, timeframe: Timeframe, event: StoryEvent): string {
  const { tsMs, from, to, close, z, realizedVol, baselineVol } = event
  const at = `${new Date(tsMs).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${symbol.toUpperCase()} ${timeframe}`
  if (realizedVol === null || baselineVol === null)
    return `${at} was set back to ${to} from ${from} after missing bars.`
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  return `${at} turned ${to} from ${from} at ${close}; realised volatility ${percent(realizedVol)} a year, baseline ${percent(baselineVol)}, z ${z.toFixed(2)}.`
}
