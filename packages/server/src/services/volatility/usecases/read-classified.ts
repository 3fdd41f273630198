import type { ComputingDeps } from '../deps.ts'
import { type Classified, classify, type SeriesHistory } from '../domain/classified-series.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { machineKey, type SeriesSnapshot } from './board.ts'
import type { AskedPreset } from './choose-preset.ts'
import { type ChosenPreset, choosePreset, chooseVenue, findSymbol } from './choose-series.ts'
import { type HistoryKind, historyKinds } from './history-cache.ts'
import { findOwnStanding, type OwnStanding, type OwnStandingDeps } from './own-standing.ts'

/** A series as callers name it; without a venue, at the symbol's primary one. */
export type AskedSeries = {
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly preset: AskedPreset
  readonly venue?: Venue | undefined
}

/** A series that was found, with its current data. */
export type FoundSeries = {
  readonly told: {
    readonly symbol: string
    readonly timeframe: Timeframe
    readonly preset: string
    readonly method: string
    readonly venue: Venue
  }
  readonly preset: ChosenPreset
  /** This node's current data about it; undefined before it has a bar. */
  readonly snapshot: SeriesSnapshot | undefined
  readonly isStale: boolean
}

/** The snapshot and the machine of one preset after the newest bar; undefined before there is one. */
export type Standing = Partial<OwnStanding> & { readonly snapshot: SeriesSnapshot | undefined }

/** Throws `symbol_not_found`, `symbol_not_listed`, `preset_not_found`, `method_not_calibrated`. */
export function findSeries({ board }: Pick<ComputingDeps, 'board'>, asked: AskedSeries): FoundSeries {
  const carried = findSymbol({ board }, asked.symbol)
  const venue = chooseVenue({ board }, carried, asked.venue)
  const { symbol } = carried
  const { timeframe } = asked
  const preset = choosePreset({ board }, { venue, symbol, timeframe }, asked.preset)
  return {
    told: { symbol, timeframe, preset: preset.preset, method: preset.method, venue },
    preset,
    snapshot: board.find(venue, symbol, timeframe),
    isStale: board.isStale(venue, symbol),
  }
}

/** Synchronous for a built-in preset, whose machines every node has in memory. */
export function standingOf(
  deps: OwnStandingDeps,
  snapshot: SeriesSnapshot | undefined,
  { preset, method, own }: AskedPreset,
): Standing | Promise<Standing> {
  if (snapshot === undefined) return { snapshot }
  if (own !== undefined)
    return findOwnStanding(deps, snapshot, { preset, method, own }).then((standing) => ({
      snapshot,
      ...standing,
    }))
  const machine = snapshot.machines.find((one) => one.preset === preset && one.method === method)
  return machine === undefined
    ? { snapshot }
    : { snapshot, machine, newest: snapshot.newest.get(machineKey(machine)) }
}

/**
 * A series' history from its start, with only the columns that are needed, because each has to be read. A forecast
 * needs all of them.
 */
export function readHistory<View extends SeriesHistory>(
  deps: ComputingDeps,
  { told, preset }: Pick<FoundSeries, 'told' | 'preset'>,
  kind: HistoryKind<View>,
): Promise<View> {
  if (preset.thresholds.drive?.kind !== 'forecast') return deps.histories.read(deps, told, kind)
  // Safe: a whole history has the members of every other kind.
  const whole = historyKinds.whole as unknown as HistoryKind<View>
  return deps.histories.read(deps, told, whole)
}

/** The same with the state after each bar, by the requested preset. */
export async function readClassified<View extends SeriesHistory>(
  deps: ComputingDeps,
  found: FoundSeries,
  kind: HistoryKind<View>,
): Promise<Classified<View>> {
  return classify(await readHistory(deps, found, kind), found.preset.thresholds)
}
