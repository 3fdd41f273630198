import type { Thresholds } from '../domain/regime-machine.ts'

export type WireThresholds = {
  readonly high_enter: number
  readonly high_exit: number
  readonly low_enter: number
  readonly low_exit: number
  readonly enter_k: number
  readonly exit_k: number
}

export function toWireThresholds(thresholds: Thresholds): WireThresholds {
  return {
    high_enter: thresholds.highEnter,
    high_exit: thresholds.highExit,
    low_enter: thresholds.lowEnter,
    low_exit: thresholds.lowExit,
    enter_k: thresholds.enterK,
    exit_k: thresholds.exitK,
  }
}
