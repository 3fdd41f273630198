import { intervalMs } from '../domain/timeframe.ts'
import type { Measured } from './describe-state.ts'
import type { Standing } from './read-classified.ts'

/** The current values of a series; a state, and since when it holds, only once the series is warm. */
export function toMeasured({ snapshot, machine }: Standing): Measured {
  const reading = machine?.reading ?? snapshot?.reading ?? null
  const enteredMs = machine?.barsUntilReady === 0 ? machine.enteredMs : null
  return {
    regime: enteredMs === null ? null : (machine?.state.regime ?? null),
    run: machine?.state.run ?? 0,
    z: reading?.z ?? null,
    realizedVol: reading?.rv ?? null,
    baselineVol: reading?.baseline ?? null,
    sigma: reading?.sigma ?? null,
    sinceMs: enteredMs,
    asOfMs:
      reading === null || snapshot === undefined ? null : reading.openMs + intervalMs[snapshot.timeframe],
  }
}
