import type { Thresholds } from './regime-machine.ts'

const [low, normal, high] = [0, 1, 2]

/** From `from` (inclusive) to `to` (exclusive). */
export type BarRange = { readonly from: number; readonly to: number }

/**
 * `stepMachine` over a column, for calibration, where millions of bars meet thousands of thresholds: it allocates
 * nothing per bar. Starts in normal at the first bar of the range; NaN is no value. `visit` receives the code of each
 * bar's regime, and whether the bar completed a transition.
 */
export function runMachine(
  drive: Float64Array,
  { from, to }: BarRange,
  { highEnter, highExit, lowEnter, lowExit, enterK, exitK }: Thresholds,
  visit: (bar: number, regime: number, isTransition: boolean) => void,
): void {
  let regime = normal
  let run = 0
  for (let bar = from; bar < to; bar += 1) {
    const value = drive[bar] ?? Number.NaN
    let isTransition = false
    if (regime === normal) {
      if (value >= highEnter) {
        run = run > 0 ? run + 1 : 1
        if (run >= enterK) {
          regime = high
          isTransition = true
        }
      } else if (value <= lowEnter) {
        run = run < 0 ? run - 1 : -1
        if (-run >= enterK) {
          regime = low
          isTransition = true
        }
      } else run = 0
    } else if (regime === high ? value <= highExit : value >= lowExit) {
      run += 1
      if (run >= exitK) {
        regime = normal
        isTransition = true
      }
    } else run = 0
    if (isTransition) run = 0
    visit(bar, regime, isTransition)
  }
}
