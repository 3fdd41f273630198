import type { VolatilityDeps } from '../deps.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import type { CarriedSymbol } from '../domain/symbols.ts'
import type { Venue } from '../domain/venue.ts'
import { problems } from '../problems.ts'
import { nearestNames } from '../domain/nearest-names.ts'

/** A version of a preset as it stands: where the state of a series comes from. */
export type ChosenPreset = {
  readonly preset: string
  readonly method: string
  readonly version: number
  readonly thresholds: Thresholds
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

/** The preset of that name; throws `preset_not_found`, or `method_not_calibrated` where the method needs a calibration. */
export function choosePreset(preset: string, method: string): ChosenPreset {
  const found = Object.entries(builtInPresets).find(([name]) => name === preset)
  if (found === undefined) throw problems.preset_not_found({ detail: `There is no preset ${preset}` })
  if (method !== 'published')
    throw problems.method_not_calibrated({
      fields: [{ field: 'method', message: `is ${method}, for which this series has no calibration yet` }],
    })
  return { preset, method, version: 1, thresholds: found[1] }
}
