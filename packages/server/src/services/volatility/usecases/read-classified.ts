import type { ComputingDeps } from '../deps.ts'
import { type Classified, classify, type SeriesHistory } from '../domain/classified-series.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import type { BoardMachine, SeriesSnapshot } from './board.ts'
import { type HistoryKind, historyKinds } from './history-cache.ts'
import {
  type ChosenPreset,
  choosePreset,
  chooseVenue,
  findSymbol,
  type NamedPreset,
} from './choose-series.ts'

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
  readonly machine: BoardMachine | undefined
}

/** Throws `symbol_not_found`, `symbol_not_listed`, `preset_not_found`, `method_not_calibrated`. */
export function findSeries(deps: ComputingDeps, asked: AskedSeries): FoundSeries {
  const carried = findSymbol(deps, asked.symbol)
  const venue = chooseVenue(deps, carried, asked.venue)
  const { symbol } = carried
  const { timeframe, method } = asked
  const preset = choosePreset(deps, { venue, symbol, timeframe }, asked.preset, method)
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
  { preset, method }: NamedPreset,
): Standing {
  const snapshot = board.find(venue, symbol, timeframe)
  const machine = snapshot?.machines.find((one) => one.preset === preset && one.method === method)
  return { snapshot, machine }
}

/**
 * What each of its bars says, from the series' start: with the columns that are needed, for each has to be read. A forecast
 * needs all of them.
 */
export function readHistory<View extends SeriesHistory>(
  deps: ComputingDeps,
  { told, preset }: Pick<FoundSeries, 'told' | 'preset'>,
  kind: HistoryKind<View>,
): Promise<View> {
  if (preset.thresholds.drive?.kind !== 'forecast') return deps.histories.read(deps, told, kind)
  // Safe: a whole history has what each of the others has.
  const whole = historyKinds.whole as unknown as HistoryKind<View>
  return deps.histories.read(deps, told, whole)
}

/** The same with the state after each bar, by the preset that was asked for. */
export async function readClassified<View extends SeriesHistory>(
  deps: ComputingDeps,
  found: FoundSeries,
  kind: HistoryKind<View>,
): Promise<Classified<View>> {
  return classify(await readHistory(deps, found, kind), found.preset.thresholds)
}
