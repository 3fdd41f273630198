import { setImmediate } from 'node:timers/promises'
import { asGate, asWriter, type GateTx, type WriterTx } from '@gatehouse/kernel/db'
import type { VolatilityDeps } from '../deps.ts'
import { SeriesTracker, type TrackedTransition } from '../domain/series-tracker.ts'
import { volatilityPolicy } from '../policy.ts'
import { changeSeries, listUnadopted, lockSeries, type Unadopted } from '../store/adoption-store.ts'
import { listBarColumns, type StoredColumns } from '../store/bar-columns-store.ts'
import { setBackByMethod } from '../store/own-machine-store.ts'
import { insertTransitions, saveMachines, takeNumbers, tellOfBars } from '../store/ingest-store.ts'

type Deps = Pick<VolatilityDeps, 'clock' | 'db'>

const barsPerRead = 16_384
const transitionsAtOnce = 5_000

/**
 * Adds machines of applied presets to each series by a replay of all stored bars. Their past changes are recorded,
 * but not published (specification 7.6). Any node may run it, also concurrently: the second finds it done. Returns
 * the number of changed series.
 */
export async function adoptPresets(deps: Deps, signal: AbortSignal): Promise<number> {
  let changed = 0
  for (const series of await asGate(deps, listUnadopted)) {
    if (signal.aborted) return changed
    if (await adopt(deps, series, signal)) changed += 1
  }
  return changed
}

async function adopt(deps: Deps, series: Unadopted, signal: AbortSignal): Promise<boolean> {
  const { seriesId, marketId, venue, timeframe, presets } = series
  const tracker = new SeriesTracker(timeframe, presets)
  const transitions: TrackedTransition[] = []
  const readOn = (tx: GateTx | WriterTx) =>
    listBarColumns(tx, marketId, { timeframe, afterMs: tracker.cursorMs ?? -1, barsMax: barsPerRead }, [
      'open',
      'high',
      'low',
      'close',
    ])
  // Accepted bars never change, so most are replayed before locking anything.
  for (;;) {
    if (signal.aborted) return false
    const bars = await asGate(deps, readOn)
    replay(bars, tracker, transitions)
    if (bars.openMs.length < barsPerRead) break
    await setImmediate()
  }
  return asWriter(deps, async (tx) => {
    const locked = await lockSeries(tx, seriesId)
    const isStillWanted = (await listUnadopted(tx)).some((one) => one.seriesId === seriesId)
    if (locked?.state == null || !isStillWanted) return false
    for (;;) {
      const bars = await readOn(tx)
      replay(bars, tracker, transitions)
      if (bars.openMs.length < barsPerRead) break
    }
    if (tracker.reading?.openMs !== locked.lastOpenMs)
      throw new Error('The bars of a series do not reach as far as the series')
    await record(tx, { seriesId, version: locked.version }, transitions, deps.clock.now())
    await saveMachines(
      tx,
      tracker.machines.map((machine) => ({ ...machine, seriesId })),
    )
    await changeSeries(tx, seriesId, { ...locked.state, har: tracker.state().har ?? locked.state.har })
    const methods = new Set(presets.flatMap(({ method }) => (method === 'published' ? [] : [method])))
    if (methods.size > 0) await setBackByMethod(tx, seriesId, [...methods])
    await tellOfBars(tx, [venue])
    return true
  })
}

function replay(
  { openMs, opens, highs, lows, closes }: StoredColumns<'open' | 'high' | 'low' | 'close'>,
  tracker: SeriesTracker,
  transitions: TrackedTransition[],
): void {
  for (let bar = 0; bar < openMs.length; bar += 1)
    transitions.push(
      ...tracker.push({
        openMs: openMs[bar] ?? 0,
        open: opens[bar] ?? 0,
        high: highs[bar] ?? 0,
        low: lows[bar] ?? 0,
        close: closes[bar] ?? 0,
      }),
    )
}

async function record(
  tx: WriterTx,
  { seriesId, version: seriesVersion }: { readonly seriesId: number; readonly version: number },
  transitions: readonly TrackedTransition[],
  atMs: number,
): Promise<void> {
  for (let from = 0; from < transitions.length; from += transitionsAtOnce) {
    const some = transitions.slice(from, from + transitionsAtOnce)
    const first = await takeNumbers(tx, some.length)
    await insertTransitions(
      tx,
      some.map((transition, index) => ({
        ...transition,
        seq: first + index,
        seriesId,
        seriesVersion,
        late: atMs - transition.tsMs > volatilityPolicy.staleAfterMs,
      })),
    )
  }
}
