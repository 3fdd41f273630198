import type { Severity } from './alerts.ts'
import type { Parameters } from './parameters.ts'
import { type Band, bands, toBand } from './score.ts'

/** The published numbers at the end of the last three days, newest first; null where there was none. */
export type LastDays = readonly [number | null, number | null, number | null]

export type BandChange = { readonly to: Band; readonly severity: Severity }

/** A number this far past the edge has not come there by chance. */
const pointsPastEdge = 2

/**
 * Whether the band at a day's end is to be told: it differs from the one that was told last, and the number is past the
 * edge by two points or has been there for three days (specification 12).
 */
export function judgeBandChange(
  announced: Band,
  [jis, ...before]: LastDays,
  parameters: Parameters,
): BandChange | null {
  if (jis === null) return null
  const to = toBand(jis, parameters)
  if (to === announced) return null
  // Bands are listed best first.
  const isUp = bands.indexOf(to) < bands.indexOf(announced)
  const edge = isUp ? upperEdge(announced, parameters) : lowerEdge(announced, parameters)
  const isClear = (isUp ? jis - edge : edge - jis) >= pointsPastEdge
  const hasHeld = before.every((one) => one !== null && toBand(one, parameters) === to)
  if (!isClear && !hasHeld) return null
  return { to, severity: isUp ? 'low' : 'medium' }
}

function lowerEdge(band: Band, { bands: edges }: Parameters): number {
  return edges[bands.indexOf(band)] ?? 0
}

function upperEdge(band: Band, { bands: edges }: Parameters): number {
  return edges[bands.indexOf(band) - 1] ?? 100
}
