import type { VolatilityDeps } from '../deps.ts'
import { findCalibrated } from '../domain/find-calibrated.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import type { PresetCalibration } from '../domain/series-tracker.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import type { CarriedSymbol } from '../domain/symbols.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { problems } from '../problems.ts'
import { machineKey } from './board.ts'
import { type AskedPreset, isBuiltIn, notCalibrated, notFound } from './choose-preset.ts'
import { nearestNames } from '../domain/nearest-names.ts'

/** A preset version as used on a series: the source of its state. */
export type ChosenPreset = AskedPreset & {
  readonly version: number
  readonly thresholds: Thresholds
  /** Absent: nothing was fitted. */
  readonly calibration?: PresetCalibration
}

/** The symbol of that name; throws `symbol_not_found` with the most similar names. */
export function findSymbol({ board }: Pick<VolatilityDeps, 'board'>, name: string): CarriedSymbol {
  const found = board.findCarried(name)
  if (found !== undefined) return found
  const near = nearestNames(
    name,
    board.symbols.map(({ symbol }) => symbol),
  )
  throw problems.symbol_not_found({
    detail: `There is no symbol ${name}; the nearest are ${near.join(', ')}`,
  })
}

/** The requested venue, or the symbol's primary one; throws `symbol_not_listed`. */
export function chooseVenue(
  { board }: Pick<VolatilityDeps, 'board'>,
  { symbol, venues, primary }: CarriedSymbol,
  asked: Venue | undefined,
): Venue {
  const venue = asked ?? primary
  if (venues[venue] === undefined || board.findMarket(venue, symbol)?.status === 'not_listed')
    throw problems.symbol_not_listed({ detail: `${venue} does not list ${symbol}` })
  return venue
}

/** The series that a preset is chosen for: versions and thresholds depend on symbol and timeframe. */
export type OfSeries = { readonly venue: Venue; readonly symbol: string; readonly timeframe: Timeframe }

/**
 * The newest version of a preset on a series; throws `preset_not_found`, or `method_not_calibrated` if the method
 * needs a calibration and none was applied.
 */
export function choosePreset(
  { board }: Pick<VolatilityDeps, 'board'>,
  { venue, symbol, timeframe }: OfSeries,
  { preset, method, own }: AskedPreset,
): ChosenPreset {
  if (own !== undefined) {
    const { version } = own
    const thresholds = driveThresholds({ board }, { venue, symbol, timeframe }, method, own.thresholds)
    return { preset, method, version, thresholds, own: { ...own, thresholds } }
  }
  const builtIn = findBuiltIn(preset)
  const machine = board
    .find(venue, symbol, timeframe)
    ?.machines.find((one) => one.preset === preset && one.method === method)
  if (machine !== undefined) return machine
  if (method === 'published') return { preset, method, version: 1, thresholds: builtIn }
  throw notCalibrated(method, `${symbol} ${timeframe} has no calibration yet`)
}

/** The levels of an own preset apply to the driving values of its method, by the newest calibration on the series. */
function driveThresholds(
  { board }: Pick<VolatilityDeps, 'board'>,
  { venue, symbol, timeframe }: OfSeries,
  method: string,
  thresholds: Thresholds,
): Thresholds {
  if (method === 'published') return thresholds
  const drive = findCalibrated(board.find(venue, symbol, timeframe)?.machines ?? [], method)?.thresholds.drive
  if (drive === undefined) throw notCalibrated(method, `${symbol} ${timeframe} has no calibration yet`)
  return { ...thresholds, drive }
}

/** Cache key of a preset; names are unique only within an organisation. */
export function keyOfPreset(preset: ChosenPreset): string {
  const { own, version } = preset
  return own === undefined ? machineKey(preset) : `own/${own.presetId}/${version}`
}

/** Whether a series has a state for that preset and method; every series has one for the published method. */
export function isFollowed(
  { board }: Pick<VolatilityDeps, 'board'>,
  { venue, symbol, timeframe }: OfSeries,
  { preset, method, own }: AskedPreset,
): boolean {
  if (method === 'published') return true
  const machines = board.find(venue, symbol, timeframe)?.machines ?? []
  if (own !== undefined) return findCalibrated(machines, method) !== undefined
  return machines.some((one) => one.preset === preset && one.method === method)
}

/** Asserts that events for a preset and method exist on some series; throws as `choosePreset` does. */
export function assertFollowed(
  { board }: Pick<VolatilityDeps, 'board'>,
  { preset, method, own }: AskedPreset,
): void {
  if (own === undefined) findBuiltIn(preset)
  if (method === 'published') return
  for (const one of board.all())
    if (isFollowed({ board }, one, { preset, method, ...(own && { own }) })) return
  throw notCalibrated(method, 'no series has a calibration yet')
}

function findBuiltIn(preset: string): Thresholds {
  if (!isBuiltIn(preset)) throw notFound(preset)
  return builtInPresets[preset]
}
