import type { Thresholds } from './regime-machine.ts'

type Followed = {
  readonly method: string
  readonly thresholds: Thresholds
  readonly calibration?: { readonly id: string }
}

/** The item of a calibrated method with the newest calibration; undefined if none was applied. */
export function findCalibrated<One extends Followed>(all: readonly One[], method: string): One | undefined {
  let newest: One | undefined
  for (const one of all)
    if (one.method === method && one.thresholds.drive !== undefined && idOf(one) >= idOf(newest)) newest = one
  return newest
}

/** Calibration ids are in order of creation. */
function idOf(one: Followed | undefined): string {
  return one?.calibration?.id ?? ''
}
