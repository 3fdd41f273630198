import type { ComputingDeps } from '../deps.ts'
import { type Classified, classify, type SeriesHistory } from '../domain/classified-series.ts'
import type { Machine } from '../domain/series-tracker.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import type { SeriesSnapshot } from './board.ts'
import type { HistoryKind } from './history-cache.ts'
import { type ChosenPreset, choosePreset, chooseVenue, findSymbol } from './choose-series.ts'

/** Which series, as callers name it; without a venue the symbol's primary one. */
export type AskedSeries = {
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly preset: string
  readonly method: string
  readonly venue?: Venue | undefined
}

/** A series that was found, and what is known of it now. */
export type FoundSeries = {
  readonly told: {
    readonly symbol: string
    readonly timeframe: Timeframe
    readonly preset: string
    readonly method: string
    readonly venue: Venue
  }
  readonly preset: ChosenPreset
  readonly now: Standing
  readonly isStale: boolean
}

/** The series and the machine of one preset after the newest bar; undefined before there is one. */
export type Standing = {
  readonly snapshot: SeriesSnapshot | undefined
  readonly machine: Machine | undefined
}

/** Throws `symbol_not_found`, `symbol_not_listed`, `preset_not_found`, `method_not_calibrated`. */
export function findSeries(deps: ComputingDeps, asked: AskedSeries): FoundSeries {
  const carried = findSymbol(deps, asked.symbol)
  const venue = chooseVenue(deps, carried, asked.venue)
  const preset = choosePreset(asked.preset, asked.method)
  const { symbol } = carried
  const { timeframe, method } = asked
  return {
    told: { symbol, timeframe, preset: preset.preset, method, venue },
    preset,
    now: standingOf(deps, venue, symbol, timeframe, preset),
    isStale: deps.board.isStale(venue, symbol),
  }
}

export function standingOf(
  { board }: Pick<ComputingDeps, 'board'>,
  venue: Venue,
  symbol: string,
  timeframe: Timeframe,
  { preset, method, version }: ChosenPreset,
): Standing {
  const snapshot = board.find(venue, symbol, timeframe)
  const machine = snapshot?.machines.find(
    (one) => one.preset === preset && one.method === method && one.version === version,
  )
  return { snapshot, machine }
}

/** What each of its bars says, from the series' start: with the columns that are needed, for each has to be read. */
export function readHistory<View>(
  deps: ComputingDeps,
  { told }: Pick<FoundSeries, 'told'>,
  kind: HistoryKind<View>,
): Promise<View> {
  return deps.histories.read(deps, told, kind)
}

/** The same with the state after each bar, by the preset that was asked for. */
export async function readClassified<View extends SeriesHistory>(
  deps: ComputingDeps,
  found: FoundSeries,
  kind: HistoryKind<View>,
): Promise<Classified<View>> {
  return classify(await readHistory(deps, found, kind), found.preset.thresholds)
}
