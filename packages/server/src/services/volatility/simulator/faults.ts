import type { SimulatedVenue } from './tape.ts'

/** The simulated faults (protocols 6, F1 to F9, and C4 to C6). */
export type FaultKind =
  // F1
  | 'half_open'
  // F2
  | 'reset'
  | 'close'
  | 'cut_frame'
  // F3
  | 'truncated_json'
  | 'unknown_type'
  | 'unknown_field'
  | 'number_for_text'
  | 'nan'
  | 'empty_text'
  // F4
  | 'duplicate_bar'
  | 'different_bar'
  | 'late_correction'
  | 'late_bar'
  | 'out_of_order'
  // F5
  | 'unsent_bar'
  | 'absent_bar'
  // F6
  | 'clock_skew'
  // F7
  | 'slow_rest'
  | 'rest_500'
  | 'rest_503'
  | 'refused'
  | 'dns'
  // F8
  | 'burst'
  | 'price_times_ten'
  | 'price_zero'
  | 'price_negative'
  | 'price_huge'
  // F9
  | 'down'
  // Coinbase
  | 'dropped_trades'
  | 'trades_out_of_order'
  | 'last_trade_stuck'
  | 'cached_candles'
  // Binance: a restart announced ten seconds in advance.
  | 'restart'
  // Deribit
  | 'fraction_for_points'

export type Fault = {
  readonly kind: FaultKind
  readonly venue: SimulatedVenue | 'deribit'
  /** If absent, the fault affects every symbol. */
  readonly symbol?: string
  /** On the simulator's own clock, `toMs` exclusive. For a bar, its open time counts. */
  readonly fromMs: number
  readonly toMs: number
  /** Milliseconds of delay or skew. */
  readonly byMs?: number
}

/** The faults of one venue that are active at a moment. */
export class Faults {
  readonly #faults: Fault[]
  readonly #venue: Fault['venue']

  constructor(venue: Fault['venue'], faults: Fault[]) {
    this.#venue = venue
    this.#faults = faults
  }

  find(kinds: readonly FaultKind[], atMs: number, symbol?: string): Fault | undefined {
    return this.#faults.find(
      (fault) =>
        fault.venue === this.#venue &&
        kinds.includes(fault.kind) &&
        fault.fromMs <= atMs &&
        atMs < fault.toMs &&
        (fault.symbol === undefined || symbol === undefined || fault.symbol === symbol),
    )
  }

  has(kind: FaultKind, atMs: number, symbol?: string): boolean {
    return this.find([kind], atMs, symbol) !== undefined
  }
}

/** Faults that corrupt the text of a message. */
export const textFaults = [
  'truncated_json',
  'unknown_type',
  'unknown_field',
  'number_for_text',
  'nan',
  'empty_text',
  'price_times_ten',
  'price_zero',
  'price_negative',
  'price_huge',
] as const satisfies readonly FaultKind[]

/** The message with the fault applied; `price` is the text in it that a wrong price replaces. */
export function spoil(text: string, kind: FaultKind, price: string): string {
  const replace = (by: string): string => text.replace(`"${price}"`, by)
  switch (kind) {
    case 'truncated_json':
      return text.slice(0, -7)
    case 'unknown_type':
      return '{"e":"somethingNew","type":"somethingNew","topic":"new.topic"}'
    case 'unknown_field':
      return text.replace('{', '{"unknownField":{"a":[1,null]},')
    case 'number_for_text':
      return replace(price)
    case 'nan':
      return replace('"NaN"')
    case 'empty_text':
      return replace('""')
    case 'price_times_ten':
      return replace(`"${String(Number(price) * 10)}"`)
    case 'price_zero':
      return replace('"0"')
    case 'price_negative':
      return replace(`"-${price}"`)
    case 'price_huge':
      return replace('"1e308"')
    case 'half_open':
    case 'reset':
    case 'close':
    case 'cut_frame':
    case 'duplicate_bar':
    case 'different_bar':
    case 'late_correction':
    case 'late_bar':
    case 'out_of_order':
    case 'unsent_bar':
    case 'absent_bar':
    case 'clock_skew':
    case 'slow_rest':
    case 'rest_500':
    case 'rest_503':
    case 'refused':
    case 'dns':
    case 'burst':
    case 'down':
    case 'dropped_trades':
    case 'trades_out_of_order':
    case 'last_trade_stuck':
    case 'cached_candles':
    case 'restart':
    case 'fraction_for_points':
      return text
  }
}
