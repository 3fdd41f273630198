import { asWriter, type Database, type WriterTx } from '@gatehouse/kernel/db'
import { bucketOf } from '../domain/combine-bars.ts'
import { foldMinutes } from '../domain/fold-minutes.ts'
import type { AcceptedBar } from '../domain/market.ts'
import type { SeriesReplay } from '../domain/series-replay.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'
import { findTablesHead } from '../store/day-table-store.ts'
import {
  insertCheckpoints,
  insertTransitions,
  type NewTransition,
  saveMachines,
  takeNumbers,
  tellOfBars,
} from '../store/ingest-store.ts'
import { type LoadedSeries, loadSeries } from '../store/load-markets.ts'
import { setBackOwnMachines } from '../store/own-machine-store.ts'
import {
  carryCheckpoints,
  listAllTransitions,
  listMinutesOfDays,
  listUnfolded,
  raiseEpoch,
  replaceBars,
  saveRebuilt,
  setFolded,
  type UnfoldedBar,
} from '../store/rebuild-store.ts'
import { beginReplay, type OnBars, type Read, readOf, walkBars } from './walk-bars.ts'

export type RebuildDeps = {
  readonly db: Database
  readonly now: () => number
  readonly onBars: OnBars
}

export type RebuiltMarket = {
  /** Number of late minutes that are part of the series now. */
  readonly folded: number
  /** Number of late minutes from before the stored bars, which cannot be included. */
  readonly left: number
  readonly series: readonly {
    readonly timeframe: Timeframe
    readonly version: number
    readonly bars: number
    /** Time of the checkpoint at which it started, if not at the first bar. */
    readonly startMs: number | null
    readonly transitions: number
  }[]
}

/** The market was rebuilt concurrently. */
export class RebuiltElsewhere extends Error {
  constructor() {
    super(
      'Somebody else has computed this market anew meanwhile: run the command again if it is still needed',
    )
  }
}

type Run = {
  readonly series: LoadedSeries
  readonly replay: SeriesReplay
  readonly startMs: number | null
}

/**
 * Recomputes the series of a market with its late minutes (specification 4): bars of every timeframe, series,
 * machines, changes and checkpoints get their next version in one commit, and nothing is published. Old bars are
 * processed before anything is locked, those since yesterday while the feed waits. The feed's owner then loses its
 * epoch and reads the new state.
 */
export async function rebuildMarket(deps: RebuildDeps, marketId: number): Promise<RebuiltMarket> {
  const read = readOf(deps)
  const loaded = await read((tx) => loadSeries(tx, { marketIds: [marketId] }))
  const cursorMs = loaded.find(({ timeframe }) => timeframe === '1m')?.state?.cursorMs ?? null
  if (cursorMs === null) return { folded: 0, left: 0, series: [] }
  const late = await findFoldable(read, loaded, cursorMs)
  // All bars that opened before this midnight have closed, on every timeframe.
  const settledMs = bucketOf('1d', cursorMs + intervalMs['1m'])
  const changed = await foldLate(read, marketId, late.foldable, cursorMs)
  const runs: Run[] = []
  for (const series of loaded) {
    const begun = await beginReplay(read, series, series.presets)
    if (begun === undefined) continue
    await walkBars(read, begun.replay, {
      marketId,
      beforeMs: settledMs,
      changed: ofTimeframe(changed, series.timeframe),
      onBars: deps.onBars,
    })
    runs.push({ series, ...begun })
  }
  return asWriter(deps, (tx) => finish(deps, tx, runs, { marketId, ...late }))
}

type Late = {
  /** The late minutes that can be included, in order of arrival. */
  readonly foldable: readonly UnfoldedBar[]
  readonly left: number
}

/** A late minute can be included if the bars around it are still stored. */
async function findFoldable(read: Read, loaded: readonly LoadedSeries[], cursorMs: number): Promise<Late> {
  const minutes = loaded.find(({ timeframe }) => timeframe === '1m')
  if (minutes === undefined) return { foldable: [], left: 0 }
  const all = await read((tx) => listUnfolded(tx, minutes.marketId))
  const head = await read((tx) => findTablesHead(tx, minutes.seriesId, '1m'))
  const begun = await beginReplay(read, minutes, [])
  const firstMs = head?.firstOpenMs ?? Number.POSITIVE_INFINITY
  const afterMs = begun?.startMs ?? firstMs - 1
  const foldable = all.filter(({ openMs }) => openMs > afterMs && openMs <= cursorMs)
  return { foldable, left: all.length - foldable.length }
}

async function foldLate(
  read: Read,
  marketId: number,
  foldable: readonly UnfoldedBar[],
  cursorMs: number,
): Promise<readonly AcceptedBar[]> {
  if (foldable.length === 0) return []
  // Of several versions of a minute, the last received one is used.
  const late = [...new Map(foldable.map(({ lateBarId: _id, ...bar }) => [bar.openMs, bar])).values()]
  const days = [...new Set(late.map(({ openMs }) => bucketOf('1d', openMs)))]
  const accepted = await read((tx) => listMinutesOfDays(tx, marketId, days))
  return foldMinutes({ late, accepted, cursorMs })
}

function ofTimeframe(bars: readonly AcceptedBar[], timeframe: Timeframe): readonly AcceptedBar[] {
  return bars.filter((bar) => bar.timeframe === timeframe).toSorted((a, b) => a.openMs - b.openMs)
}

async function finish(
  { now, onBars }: RebuildDeps,
  tx: WriterTx,
  runs: readonly Run[],
  { marketId, foldable, left }: Late & { readonly marketId: number },
): Promise<RebuiltMarket> {
  const atMs = now()
  const read: Read = (work) => work(tx)
  const [first] = runs
  if (first === undefined) return { folded: 0, left, series: [] }
  // Writers of this venue's bars hold its epoch until they commit: after this, running ones have finished and new ones
  // wait.
  await raiseEpoch(tx, first.series.venue)
  const current = await loadSeries(tx, { marketIds: [marketId] })
  const cursorOf = (name: Timeframe): number | null =>
    current.find(({ timeframe }) => timeframe === name)?.state?.cursorMs ?? null
  const changed = await foldLate(read, marketId, foldable, cursorOf('1m') ?? 0)
  const series: RebuiltMarket['series'][number][] = []
  for (const { series: of, replay, startMs } of runs) {
    const { timeframe, seriesId, version, edition } = of
    const beforeMs = Number.MAX_SAFE_INTEGER
    await walkBars(read, replay, {
      marketId,
      beforeMs,
      changed: ofTimeframe(changed, timeframe),
      onBars,
    })
    const cursorMs = cursorOf(timeframe)
    if (cursorMs !== null && cursorMs > (replay.lastOpenMs ?? cursorMs)) replay.tracker.passOver(cursorMs)
    const rebuilt = { seriesId, timeframe, version, edition, state: replay.tracker.state() }
    if (!(await saveRebuilt(tx, rebuilt, atMs))) throw new RebuiltElsewhere()
    const transitions = await saveChanges(tx, of, replay, startMs)
    series.push({ timeframe, version: version + 1, bars: replay.bars, startMs, transitions })
  }
  await setBackOwnMachines(
    tx,
    runs.map(({ series: { seriesId } }) => seriesId),
  )
  await replaceBars(tx, marketId, changed)
  const newest = series.reduce((most, { version }) => Math.max(most, version), 1)
  await setFolded(
    tx,
    foldable.map(({ lateBarId }) => lateBarId),
    newest,
  )
  await tellOfBars(tx, [first.series.venue])
  return {
    folded: new Set(foldable.map(({ openMs }) => openMs)).size,
    left,
    series: timeframes.flatMap((name) => series.filter(({ timeframe }) => timeframe === name)),
  }
}

/** Writes the result of a replay as the next version, with the data from before the checkpoint at which it started. */
async function saveChanges(
  tx: WriterTx,
  { seriesId, timeframe, version }: LoadedSeries,
  { transitions, checkpoints, tracker }: SeriesReplay,
  startMs: number | null,
): Promise<number> {
  const seriesVersion = version + 1
  const startEndMs = startMs === null ? Number.NEGATIVE_INFINITY : startMs + intervalMs[timeframe]
  const before = await listAllTransitions(tx, seriesId, version, Number.MAX_SAFE_INTEGER)
  // A published change keeps whether it was late; one that was never published counts as late.
  const lateOf = new Map(before.map((one) => [changeKey(one), one.late]))
  const all: readonly Omit<NewTransition, 'seq'>[] = [
    ...before
      .filter(({ tsMs }) => tsMs <= startEndMs)
      .map(({ seq: _seq, ...one }) => ({ ...one, seriesVersion })),
    ...transitions.map((one) => ({
      ...one,
      seriesId,
      seriesVersion,
      late: lateOf.get(changeKey(one)) ?? true,
    })),
  ]
  if (all.length > 0) {
    const first = await takeNumbers(tx, all.length)
    await insertTransitions(
      tx,
      all.map((one, index) => ({ ...one, seq: first + index })),
    )
  }
  await saveMachines(
    tx,
    tracker.machines.map((machine) => ({ ...machine, seriesId })),
  )
  if (startMs !== null) await carryCheckpoints(tx, { seriesId, version }, startMs)
  await insertCheckpoints(
    tx,
    checkpoints.map(({ openMs, state }) => ({ seriesId, seriesVersion, openMs, state })),
  )
  return all.length
}

function changeKey({
  preset,
  method,
  presetVersion,
  tsMs,
  from,
  to,
}: Pick<NewTransition, 'preset' | 'method' | 'presetVersion' | 'tsMs' | 'from' | 'to'>): string {
  return `${preset}/${method}/${presetVersion}/${tsMs}/${from}/${to}`
}
