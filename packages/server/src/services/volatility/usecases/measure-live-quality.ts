import { asGate, asWriter } from '@gatehouse/kernel/db'
import type { VolatilityDeps } from '../deps.ts'
import { dayMs } from '../domain/day-table.ts'
import { liveDays, type LiveInput } from '../domain/live-quality.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { listBarColumns } from '../store/bar-columns-store.ts'
import { findOpenBefore, findTablesHead, listDayTables } from '../store/day-table-store.ts'
import { findLiveQuality, listShownRegimes, saveLiveQuality } from '../store/quality-store.ts'
import { type BoardMachine, machineKey, type SeriesSnapshot } from './board.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'compute' | 'db'>

/** Bars before the evaluated ones, for warming up the series. */
const barsBefore = 1_500

/** By series: the evaluated machines, and the midnight up to which they were evaluated. */
export type LiveDone = Map<number, string>

/**
 * Evaluates the output of the 30 days before the newest midnight on each symbol's primary series: once per day, when
 * its day tables are made, and again when a preset has a new version.
 */
export async function measureDueQuality(deps: Deps, done: LiveDone, signal: AbortSignal): Promise<void> {
  for (const snapshot of deps.board.all()) {
    if (signal.aborted) return
    const { seriesId, timeframe, reading, machines } = snapshot
    if (reading === null || deps.board.findCarried(snapshot.symbol)?.primary !== snapshot.venue) continue
    const throughMs = Math.floor((reading.openMs + intervalMs[timeframe]) / dayMs) * dayMs
    const stamp = `${snapshot.version} ${throughMs} ${machines.map(machineKey).join(' ')}`
    if (done.get(seriesId) === stamp) continue
    try {
      if (await measure(deps, snapshot, throughMs)) done.set(seriesId, stamp)
    } catch (error) {
      // The threads were ended with the server, so the error is expected.
      if (signal.aborted) return
      throw error
    }
  }
}

type Due = { readonly machine: BoardMachine; readonly shown: LiveInput['machines'][number] }

async function measure(
  deps: Deps,
  { seriesId, timeframe, machines }: SeriesSnapshot,
  throughMs: number,
): Promise<boolean> {
  const fromMs = throughMs - liveDays * dayMs
  const read = await asGate(deps, async (tx) => {
    const head = await findTablesHead(tx, seriesId, timeframe)
    if (head === undefined || (head.tablesMs ?? 0) < throughMs) return undefined
    const { marketId, version: seriesVersion } = head
    const due: Due[] = []
    for (const machine of machines) {
      const { preset, method, version } = machine
      const stored = await findLiveQuality(tx, { seriesId, preset, method })
      const isDone =
        stored?.dayMs === throughMs &&
        stored.presetVersion === version &&
        stored.seriesVersion === seriesVersion
      if (isDone) continue
      const shown = await listShownRegimes(tx, { seriesId, preset, method }, version, fromMs)
      due.push({ machine, shown })
    }
    if (due.length === 0) return { due, seriesVersion, input: undefined }
    const afterMs =
      (await findOpenBefore(tx, { marketId, timeframe, beforeMs: fromMs, bars: barsBefore })) ?? -1
    const bars = await listBarColumns(
      tx,
      marketId,
      { timeframe, afterMs, barsMax: Number.MAX_SAFE_INTEGER },
      ['open', 'high', 'low', 'close'],
    )
    const tables = await listDayTables(tx, seriesId, { fromMs: fromMs - dayMs, toMs: throughMs })
    return { due, seriesVersion, input: { timeframe, bars, tables, asOfMs: throughMs } }
  })
  if (read === undefined) return false
  const { due, seriesVersion, input } = read
  if (input === undefined) return true
  const measured = await deps.compute.run('liveQuality', {
    ...input,
    machines: due.map(({ shown }) => shown),
  })
  await asWriter(deps, async (tx) => {
    for (const [index, { machine }] of due.entries()) {
      const figures = measured[index]
      if (figures === undefined) throw new Error('A machine was not measured')
      const { preset, method, version: presetVersion } = machine
      const key = { seriesId, preset, method, presetVersion, seriesVersion }
      await saveLiveQuality(tx, { ...key, dayMs: throughMs, figures })
    }
  })
  return true
}
