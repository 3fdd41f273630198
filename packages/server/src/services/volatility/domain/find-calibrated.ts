import type { Thresholds } from './regime-machine.ts'

type Followed = {
  readonly method: string
  readonly thresholds: Thresholds
  readonly calibration?: { readonly id: string }
}

/** Of what follows a calibrated method, one by the newest calibration of it; undefined where none was applied. */
export function findCalibrated<One extends Followed>(all: readonly One[], method: string): One | undefined {
  let newest: One | undefined
  for (const one of all)
    if (one.method === method && one.thresholds.drive !== undefined && idOf(one) >= idOf(newest)) newest = one
  return newest
}

/** Ids of calibrations are in the order in which they were made. */
function idOf(one: Followed | undefined): string {
  return one?.calibration?.id ?? ''
}
