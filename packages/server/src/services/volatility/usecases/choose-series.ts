import type { VolatilityDeps } from '../deps.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import type { PresetCalibration } from '../domain/series-tracker.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import type { CarriedSymbol } from '../domain/symbols.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { problems } from '../problems.ts'
import { nearestNames } from '../domain/nearest-names.ts'

export type NamedPreset = { readonly preset: string; readonly method: string }

/** A version of a preset as it stands: where the state of a series comes from. */
export type ChosenPreset = NamedPreset & {
  readonly version: number
  readonly thresholds: Thresholds
  /** Absent: nothing was fitted. */
  readonly calibration?: PresetCalibration
}

/** The symbol of that name; throws `symbol_not_found` with those nearest to it. */
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

/** The venue whose series is read: the one asked for, else the symbol's primary one; throws `symbol_not_listed`. */
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

/** Which series a preset is chosen for: versions and thresholds are those of its symbol and timeframe. */
export type OfSeries = { readonly venue: Venue; readonly symbol: string; readonly timeframe: Timeframe }

/**
 * The newest version of the preset of that name that follows a series; throws `preset_not_found`, or
 * `method_not_calibrated` where the method needs a calibration and none was applied.
 */
export function choosePreset(
  { board }: Pick<VolatilityDeps, 'board'>,
  { venue, symbol, timeframe }: OfSeries,
  preset: string,
  method: string,
): ChosenPreset {
  const builtIn = findBuiltIn(preset)
  const machine = board
    .find(venue, symbol, timeframe)
    ?.machines.find((one) => one.preset === preset && one.method === method)
  if (machine !== undefined) return machine
  if (method === 'published') return { preset, method, version: 1, thresholds: builtIn }
  throw notCalibrated(method, `${symbol} ${timeframe} has no calibration yet`)
}

/** Whether a series has a state by that preset and method: each has by the published one. */
export function isFollowed(
  { board }: Pick<VolatilityDeps, 'board'>,
  { venue, symbol, timeframe }: OfSeries,
  { preset, method }: NamedPreset,
): boolean {
  if (method === 'published') return true
  const machines = board.find(venue, symbol, timeframe)?.machines ?? []
  return machines.some((one) => one.preset === preset && one.method === method)
}

/** A preset and method that somebody asks to be told of, of any series; throws as `choosePreset` does. */
export function assertFollowed(
  { board }: Pick<VolatilityDeps, 'board'>,
  preset: string,
  method: string,
): void {
  findBuiltIn(preset)
  if (method === 'published') return
  for (const { machines } of board.all())
    if (machines.some((one) => one.preset === preset && one.method === method)) return
  throw notCalibrated(method, 'no series has a calibration yet')
}

function findBuiltIn(preset: string): Thresholds {
  const found = Object.entries(builtInPresets).find(([name]) => name === preset)
  if (found === undefined) throw problems.preset_not_found({ detail: `There is no preset ${preset}` })
  return found[1]
}

function notCalibrated(method: string, because: string): Error {
  return problems.method_not_calibrated({
    fields: [{ field: 'method', message: `is ${method}, for which ${because}` }],
  })
}
