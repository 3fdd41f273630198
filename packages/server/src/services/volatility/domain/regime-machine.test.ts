import { array, assert, double, oneof, constant, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInPresets } from './built-in-presets.ts'
import { regimeCodes } from './regime-code.ts'
import { judgeThresholds, type MachineState, startOfMachine, stepMachine } from './regime-machine.ts'
import { runMachine } from './run-machine.ts'

const { balanced } = builtInPresets

function run(zs: readonly (number | null)[], start: MachineState = startOfMachine): MachineState {
  return zs.reduce<MachineState>((state, z) => stepMachine(state, z, balanced), start)
}

const z = oneof(constant(null), double({ min: -6, max: 6, noNaN: true }))

describe('low-and-high-never-touch', () => {
  it('between them lies normal, for exit_k + enter_k bars at least', () => {
    assert(
      property(array(z, { maxLength: 400, size: 'max' }), (zs) => {
        let state = startOfMachine
        let sinceOther = Number.POSITIVE_INFINITY
        let last = 'normal'
        for (const one of zs) {
          const next = stepMachine(state, one, balanced)
          expect([state.regime, next.regime].toSorted().join()).not.toBe('high,low')
          sinceOther += 1
          if (next.regime !== 'normal') {
            if (last !== 'normal' && last !== next.regime)
              expect(sinceOther).toBeGreaterThanOrEqual(balanced.exitK + balanced.enterK)
            last = next.regime
            sinceOther = 0
          }
          state = next
        }
      }),
    )
  })
})

describe('a regime is entered and left by bars in a row', () => {
  it('levels count as reached', () => {
    expect(run([3, 3])).toEqual({ regime: 'high', run: 0 })
    expect(run([-2.5, -2.5])).toEqual({ regime: 'low', run: 0 })
    expect(run([3, 2.999])).toEqual(startOfMachine)
  })

  it('a bar without a z begins the run anew and changes no state', () => {
    expect(run([3, null, 3])).toEqual({ regime: 'normal', run: 1 })
    expect(run([null], { regime: 'high', run: 7 })).toEqual({ regime: 'high', run: 0 })
  })

  it('the two directions out of normal share nothing', () => {
    expect(run([3, -2.5])).toEqual({ regime: 'normal', run: -1 })
    expect(run([3, -2.5, -2.5])).toEqual({ regime: 'low', run: 0 })
  })

  it('the bar that completes a transition does not count again', () => {
    expect(run([-3], { regime: 'high', run: 7 })).toEqual({ regime: 'normal', run: 0 })
  })
})

it('the machine of calibration is that of every bar, over any values', () => {
  assert(
    property(array(z, { maxLength: 300, size: 'max' }), (zs) => {
      const drive = Float64Array.from(zs, (one) => one ?? Number.NaN)
      let state = startOfMachine
      const expected = zs.map((one) => {
        const before = state.regime
        state = stepMachine(state, one, balanced)
        return { regime: regimeCodes[state.regime], isTransition: state.regime !== before }
      })
      const made: unknown[] = []
      runMachine(drive, { from: 0, to: zs.length }, balanced, (_, regime, isTransition) => {
        made.push({ regime, isTransition })
      })
      expect(made).toEqual(expected)
    }),
  )
})

describe('thresholds are judged as a whole', () => {
  it.each([
    [{}, undefined],
    [{ highEnter: 10.5 }, 'high_enter'],
    [{ highExit: Number.NaN }, 'high_exit'],
    [{ lowEnter: Number.NEGATIVE_INFINITY }, 'low_enter'],
    [{ lowEnter: -0.5 }, 'low_exit'],
    [{ lowExit: 3 }, 'low_exit'],
    [{ highExit: -2.5 }, 'high_exit'],
    [{ highExit: 3 }, 'high_exit'],
    [{ enterK: 0 }, 'enter_k'],
    [{ enterK: 61 }, 'enter_k'],
    [{ exitK: 1.5 }, 'exit_k'],
    [{ exitK: 241 }, 'exit_k'],
  ] as const)('%o', (changed, field) => {
    expect(judgeThresholds({ ...balanced, ...changed })?.field).toBe(field)
  })
})
