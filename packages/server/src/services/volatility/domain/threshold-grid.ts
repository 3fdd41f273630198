import { quantileOfSorted } from './quantiles.ts'
import type { Thresholds } from './regime-machine.ts'

type Axes = {
  readonly highEnter: readonly number[]
  readonly highExit: readonly number[]
  readonly lowEnter: readonly number[]
  readonly lowExit: readonly number[]
}

const runs = { enterK: [1, 2, 5], exitK: [3, 8, 30] } as const

/** Levels of z that calibration tries (specification 7.3). */
const levelsOfZ: Axes = {
  highEnter: [2, 2.5, 3, 3.5],
  highExit: [0, 0.5, 1, 1.5],
  lowEnter: [-1.5, -2, -2.5, -3],
  lowExit: [-1, -0.5, 0, 0.5],
}

/** Quantiles of training values that calibration tries for methods without a scale of their own. */
const sharesBelow: Axes = {
  highEnter: [0.84, 0.88, 0.92, 0.96],
  highExit: [0.5, 0.65, 0.75, 0.8],
  lowEnter: [0.03, 0.06, 0.1, 0.15],
  lowExit: [0.2, 0.3, 0.4, 0.5],
}

/** 2,304 combinations of thresholds for z; ties are broken by their order. */
export const gridOfZ: readonly Thresholds[] = combine(levelsOfZ)

/** The same number for a drive whose levels are quantiles of its own training values. */
export function gridOfQuantiles(training: Float64Array): readonly Thresholds[] {
  const sorted = training.filter((value) => !Number.isNaN(value)).toSorted()
  const levels = (shares: readonly number[]): readonly number[] =>
    shares.map((share) => quantileOfSorted(sorted, share))
  return combine({
    highEnter: levels(sharesBelow.highEnter),
    highExit: levels(sharesBelow.highExit),
    lowEnter: levels(sharesBelow.lowEnter),
    lowExit: levels(sharesBelow.lowExit),
  })
}

/** The same number for a drive that is itself a share. */
export const gridOfShares: readonly Thresholds[] = combine(sharesBelow)

function combine(axes: Axes): readonly Thresholds[] {
  return axes.highEnter.flatMap((highEnter) =>
    axes.highExit.flatMap((highExit) =>
      axes.lowEnter.flatMap((lowEnter) =>
        axes.lowExit.flatMap((lowExit) =>
          runs.enterK.flatMap((enterK) =>
            runs.exitK.map((exitK) => ({ highEnter, highExit, lowEnter, lowExit, enterK, exitK })),
          ),
        ),
      ),
    ),
  )
}
