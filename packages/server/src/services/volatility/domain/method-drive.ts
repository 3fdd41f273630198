import { type HarCoefficients, type HarWindows, standardForecast } from './har-windows.ts'

/**
 * The values that a calibrated method's levels apply to (specification 7.5): `forecast` is the forecast of `har-gk`,
 * standardised by its values in training; `level` is the logarithm of the realised volatility, the method `rv-level`.
 */
export type MethodDrive =
  | {
      readonly kind: 'forecast'
      /** The constant first, then one coefficient per window. */
      readonly coefficients: HarCoefficients
      readonly mean: number
      readonly deviation: number
    }
  | { readonly kind: 'level' }

/** The measures of a bar from which a drive is computed. Volatilities are annualised fractions. */
export type Measures = {
  readonly z: number | null
  readonly rv: number | null
  readonly baseline: number | null
}

/** The driving value of a bar and its baseline; without a drive those of the method `published`. */
export function driveOf<Bar extends Measures>(
  bar: Bar,
  drive: MethodDrive | undefined,
  windows: HarWindows | undefined,
): Bar {
  switch (drive?.kind) {
    case undefined:
      return bar
    case 'level':
      return { ...bar, z: lnOf(bar.rv) }
    case 'forecast': {
      const value = windows === undefined ? Number.NaN : standardForecast(windows.means, drive)
      return { ...bar, z: Number.isNaN(value) ? null : value, baseline: Math.exp(drive.mean) }
    }
  }
}

/** A market without movement has no level, as it has no z. */
export function lnOf(rv: number | null): number | null {
  return rv !== null && rv > 0 ? Math.log(rv) : null
}
