import { type HarCoefficients, type HarWindows, standardForecast } from './har-windows.ts'

/**
 * What the levels of a calibrated method are levels of (specification 7.5): `forecast` is that of `har-gk`, in deviations
 * from its mean in training; `level` is ln of the realised volatility itself, the method `rv-level`.
 */
export type MethodDrive =
  | {
      readonly kind: 'forecast'
      /** Constant first, then one for each window. */
      readonly coefficients: HarCoefficients
      readonly mean: number
      readonly deviation: number
    }
  | { readonly kind: 'level' }

/** What a bar says that a drive is made of. Volatilities are fractions a year. */
export type Measures = {
  readonly z: number | null
  readonly rv: number | null
  readonly baseline: number | null
}

/** The driving value of a bar, and what it is measured against; without a drive those of the method `published`. */
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

/** A market that stands still has no level, as it has no z. */
export function lnOf(rv: number | null): number | null {
  return rv !== null && rv > 0 ? Math.log(rv) : null
}
