export const backtestRules = ['long_low_exit_normal', 'short_high_exit_normal', 'avoid_high'] as const
export type BacktestRule = (typeof backtestRules)[number]

export type Costs = {
  /** Per fill, as a fraction of its value. */
  readonly fee: number
  /** How much worse than the open a fill is, as a fraction of it. */
  readonly slippage: number
}

export type Trade = {
  /** Bars whose state triggered the trade; fills are at the open of the next bars. */
  readonly entryBar: number
  readonly exitBar: number
  readonly entryPrice: number
  readonly exitPrice: number
  readonly side: 'long' | 'short'
  /** E′/E − 1, after costs. */
  readonly return: number
}

export type Backtest = {
  readonly trades: readonly Trade[]
  /** Whether the last trade was closed at the last close because the data ended. */
  readonly isClosedAtEnd: boolean
  /** Whether a short position lost everything, which ended the run. */
  readonly isRuined: boolean
  readonly totalReturn: number
  /** The largest 1 − equity/peak. */
  readonly maxDrawdown: number
  /** Number of bars with an open position at their close. */
  readonly heldBars: number
  /** Equity at each bar's close, after entry costs and before exit costs. */
  readonly equity: Float64Array
}

type Input = {
  readonly opens: Float64Array
  readonly closes: Float64Array
  /** Code of the regime after each bar; unclassified bars occur only at the start or after a reset. */
  readonly regimes: Uint8Array
  /** Whether a bar is classified. */
  readonly isClassified: (bar: number) => boolean
  /**
   * Code of the regime before the first bar; absent if there is none, so that the first bar completes no transition.
   */
  readonly before?: number
}

const [low, normal, high] = [0, 1, 2]

/**
 * Simulates one position of the whole equity, which starts at 1. A decision at the end of a bar is executed at the
 * open of the next one; the last bar's close ends an open position (specification 12.4). The first bar is the first
 * classified one of the range.
 */
export function runBacktest(
  { opens, closes, regimes, isClassified, before }: Input,
  rule: BacktestRule,
  costs: Costs,
): Backtest {
  const bars = closes.length
  const equity = new Float64Array(bars)
  const trades: Trade[] = []
  let cash = 1
  let position: Position | undefined
  let order: 'long' | 'short' | 'flat' | undefined
  let peak = 1
  let maxDrawdown = 0
  let heldBars = 0
  let isRuined = false
  const mark = (value: number): void => {
    peak = Math.max(peak, value)
    maxDrawdown = Math.max(maxDrawdown, 1 - value / peak)
  }
  const close = (held: Position, exitBar: number, reference: number): void => {
    const after = exitEquity(held, reference, costs)
    trades.push({
      entryBar: held.entryBar,
      exitBar,
      entryPrice: held.price,
      exitPrice: fill(held.side === 'long' ? 'sell' : 'buy', reference, costs),
      side: held.side,
      return: after / held.equity - 1,
    })
    cash = after
    position = undefined
    mark(after)
    if (after <= 0) isRuined = true
  }
  let bar = 0
  for (; bar < bars && !isRuined; bar += 1) {
    const open = opens[bar] ?? 0
    if (order !== undefined) {
      if (position !== undefined) close(position, bar - 1, open)
      if (order !== 'flat' && !isRuined) position = enter(order, bar - 1, cash, open, costs)
      order = undefined
      if (isRuined) break
    }
    const held = position
    equity[bar] = held === undefined ? cash : markedEquity(held, closes[bar] ?? 0)
    mark(equity[bar] ?? 0)
    if (held !== undefined) heldBars += 1
    order = decide(rule, {
      regime: regimes[bar] ?? normal,
      before: bar === 0 ? before : regimes[bar - 1],
      isClassified: isClassified(bar),
      side: held?.side,
    })
  }
  const isClosedAtEnd = position !== undefined
  if (position !== undefined) {
    close(position, bars - 1, closes[bars - 1] ?? 0)
    equity[bars - 1] = cash
  }
  if (isRuined) equity.fill(0, bar)
  return { trades, isClosedAtEnd, isRuined, totalReturn: cash - 1, maxDrawdown, heldBars, equity }
}

type Position = {
  readonly side: 'long' | 'short'
  readonly entryBar: number
  readonly price: number
  /** Before and after the entry's fee. */
  readonly equity: number
  readonly invested: number
}

function enter(
  side: 'long' | 'short',
  entryBar: number,
  equity: number,
  open: number,
  costs: Costs,
): Position {
  return {
    side,
    entryBar,
    price: fill(side === 'long' ? 'buy' : 'sell', open, costs),
    equity,
    invested: equity * (1 - costs.fee),
  }
}

function fill(deed: 'buy' | 'sell', reference: number, { slippage }: Costs): number {
  return reference * (deed === 'buy' ? 1 + slippage : 1 - slippage)
}

/** The equity after an exit at a price, before slippage. */
function exitEquity({ side, price, invested }: Position, reference: number, costs: Costs): number {
  if (side === 'long') return (invested * (1 - costs.fee) * fill('sell', reference, costs)) / price
  const paid = fill('buy', reference, costs) / price
  return Math.max(0, invested * (2 - paid - costs.fee * paid))
}

/** The value of a position at a close, before exit costs. */
function markedEquity({ side, price, invested }: Position, close: number): number {
  // The value of a short position is limited to 0 here; whether it is ruined is judged when it is closed.
  return side === 'long' ? (invested * close) / price : Math.max(0, invested * (2 - close / price))
}

function decide(
  rule: BacktestRule,
  {
    regime,
    before,
    isClassified,
    side,
  }: {
    readonly regime: number
    readonly before: number | undefined
    readonly isClassified: boolean
    readonly side: 'long' | 'short' | undefined
  },
): 'long' | 'short' | 'flat' | undefined {
  if (rule === 'avoid_high') {
    if (side === undefined) return isClassified && regime !== high ? 'long' : undefined
    return regime === high || !isClassified ? 'flat' : undefined
  }
  const isTransition = before !== undefined && before !== regime
  if (!isTransition) return undefined
  const wanted = rule === 'long_low_exit_normal' ? low : high
  if (regime === wanted) return rule === 'long_low_exit_normal' ? 'long' : 'short'
  return side === undefined ? undefined : 'flat'
}
