import { type BarOfMachine, moveMachine } from './move-machine.ts'
import type { Regime } from './regime-code.ts'
import type { Driven, Machine } from './series-tracker.ts'

/** A change as it is published, by any preset. */
export type ToldChange = {
  /** Number of the event that published it; null if none did. */
  readonly seq: number | null
  readonly presetVersion: number
  readonly from: Regime
  readonly to: Regime
  /** End of the bar that completed it. */
  readonly tsMs: number
  /** z of that bar; in a reset, the last z before the gap. */
  readonly z: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly close: number
  readonly reason: 'threshold' | 'reset'
  readonly late: boolean
}

/** The machine of an organisation's own preset on one series. */
export type OwnMachine = Machine & {
  readonly orgId: string
  readonly presetId: string
  readonly seriesId: number
  /** When the version was created; earlier changes are not published. */
  readonly madeAtMs: number
  readonly newest: ToldChange | null
}

/** A bar with the data that published changes contain. */
export type OwnBar = BarOfMachine & {
  /** The z of the newest bar that had one, up to this bar. */
  readonly lastZ: number | null
  readonly rv: number | null
  readonly baseline: number | null
  readonly close: number
  readonly garmanKlass: number | null
  /** Driving values for machines of other methods, by method. */
  readonly driven: ReadonlyMap<string, Driven>
}

export type OwnChange = { readonly machine: OwnMachine; readonly bar: OwnBar; readonly told: ToldChange }

/** Moves a machine over bars; `changes` collects the changes that they complete. Event numbers are assigned later. */
export function moveOwnMachine(
  machine: OwnMachine,
  bars: readonly OwnBar[],
  changes: OwnChange[],
): OwnMachine {
  let now = machine
  for (const one of bars) {
    const bar = seenBy(machine, one)
    if (bar === undefined) continue
    const next = moveMachine(now, bar)
    const [from, to] = [now.state.regime, next.state.regime]
    now = next
    if (from === to) continue
    const { endMs: tsMs, lastZ, rv, baseline, close, isReset } = bar
    const reason = isReset ? 'reset' : 'threshold'
    const z = lastZ ?? 0
    const { version: presetVersion } = machine
    const told = {
      seq: null,
      presetVersion,
      from,
      to,
      tsMs,
      z,
      rv,
      baseline,
      close,
      reason,
      late: false,
    } as const
    now = { ...next, newest: told }
    changes.push({ machine: now, bar, told })
  }
  return now
}

/**
 * The bar with the driving value of the machine's method; undefined if no calibration of the method is in use any
 * more.
 */
function seenBy({ method }: OwnMachine, bar: OwnBar): OwnBar | undefined {
  if (method === 'published') return bar
  const driven = bar.driven.get(method)
  if (driven === undefined) return undefined
  return { ...bar, ...driven, baseline: bar.isReset ? null : driven.baseline }
}
