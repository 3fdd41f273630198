import type { Severity } from './alerts.ts'
import type { Parameters } from './parameters.ts'
import { type Band, bands, toBand } from './score.ts'

/** The published scores at the end of the last three days, newest first; null where there was none. */
export type LastDays = readonly [number | null, number | null, number | null]

export type BandChange = { readonly to: Band; readonly severity: Severity }

/** A score at least this far beyond the boundary is not there by chance. */
const pointsPastEdge = 2

/**
 * Whether a band change is announced: the band differs from the last announced one, and the score is two points past
 * the boundary or has been past it for three days (specification 12).
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
