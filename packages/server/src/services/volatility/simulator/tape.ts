import { bits, draw } from './draws.ts'
import { minuteMs, type Prices, stepsPerMinute, toSeed } from './prices.ts'

export type SimulatedVenue = 'binance' | 'coinbase' | 'bybit'
export type SimulatedKind = 'spot' | 'perp'

/** A venue's product. Prices are whole ticks and volumes whole lots, so that sums are exact. */
export type Instrument = {
  readonly venue: SimulatedVenue
  readonly kind: SimulatedKind
  readonly symbol: string
  readonly code: string
  /** Decimals of a price, and of a volume. */
  readonly decimals: number
  readonly lotDecimals: number
}

export type TapeBar = {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly trades: number
  /** In quote currency. */
  readonly quoteVolume: number
}

export type TapeTrade = {
  readonly id: number
  readonly timeMs: number
  readonly price: number
  readonly size: number
  readonly makerSide: 'buy' | 'sell'
}

/** Bars that a simulation replays instead of generating prices, as plain numbers. */
export type SourceBar = {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** The complete history of one instrument. */
export type Tape = {
  readonly instrument: Instrument
  /** A closed minute; undefined if it had no trades or is not in the file. */
  readonly bar: (openMs: number) => TapeBar | undefined
  /** The same minute after this many milliseconds. */
  readonly partial: (openMs: number, elapsedMs: number) => TapeBar | undefined
  /** The trades of a minute in order; for venues that publish trades. */
  readonly trades: (openMs: number) => readonly TapeTrade[]
  readonly lastTrade: (beforeMs: number) => TapeTrade
  /** The minute of a trade. */
  readonly minuteOfTrade: (id: number) => number
}

const levels: Readonly<Record<string, number>> = {
  btcusdt: 60_000,
  ethusdt: 3_000,
  bnbusdt: 600,
  solusdt: 150,
}
const tradesPerHour = 240
const hourMs = 3_600_000

export function toInstrument(venue: SimulatedVenue, kind: SimulatedKind, symbol: string): Instrument {
  const base = symbol.replace(/-perp$/, '').replace(/usdt$/, '')
  const codes = {
    binance: `${base}usdt`.toUpperCase(),
    bybit: `${base}usdt`.toUpperCase(),
    coinbase: kind === 'spot' ? `${base.toUpperCase()}-USD` : `${base.toUpperCase()}-PERP-INTX`,
  }
  const level = levelOf(symbol)
  return {
    venue,
    kind,
    symbol,
    code: codes[venue],
    decimals: level >= 1_000 ? 2 : level >= 10 ? 3 : 5,
    lotDecimals: 5,
  }
}

function levelOf(symbol: string): number {
  const name = symbol.replace(/-perp$/, '')
  return levels[name] ?? 0.2 * 200 ** draw(toSeed(1, name), 0)
}

export function createTape(instrument: Instrument, seed: number, prices: Prices): Tape {
  const { venue, kind, symbol, decimals } = instrument
  const underlying = symbol.replace(/-perp$/, '')
  const venueSeed = toSeed(seed, `${venue} ${kind} ${symbol}`)
  const level = levelOf(symbol)
  const scale = 10 ** decimals
  const lotScale = 10 ** instrument.lotDecimals
  // Spot venues deviate up to three basis points from the common price, perpetuals up to ten.
  const width = kind === 'spot' ? 3e-4 : 1e-3
  const basis = (minute: number): number => {
    const cell = Math.floor(minute / 30)
    const share = minute / 30 - cell
    return width * (2 * (draw(venueSeed, cell) * (1 - share) + draw(venueSeed, cell + 1) * share) - 1)
  }
  const toTicks = (log: number, factor: number): number =>
    Math.max(1, Math.round(level * Math.exp(log) * (1 + factor) * scale))
  const toQuote = (ticks: number, lots: number): number =>
    Math.round((ticks / scale) * (lots / lotScale) * 1e8) / 1e8
  const isQuiet = (minute: number): boolean => bits(venueSeed ^ 0x51ed270b, minute) % 997 === 0
  const volumeOf = (minute: number): number => 1_000 + (bits(venueSeed ^ 0x2f0b4c47, minute) % 5_000_000)
  const countOf = (minute: number): number => 20 + (bits(venueSeed ^ 0x68e31da4, minute) % 400)

  const pushed = (openMs: number, steps: number): TapeBar => {
    const minute = openMs / minuteMs
    const path = prices.minute(underlying, minute)
    const [from, to] = [basis(minute), basis(minute + 1)]
    const open = toTicks(path[0] ?? 0, from)
    if (isQuiet(minute))
      return { openMs, open, high: open, low: open, close: open, volume: 0, trades: 0, quoteVolume: 0 }
    const factorAt = (index: number): number => from + ((to - from) * index) / stepsPerMinute
    // Highest and lowest are found on logarithms: converting every step to a price would take ten times as long.
    let [highest, lowest] = [0, 0]
    let [most, least] = [(path[0] ?? 0) + from, (path[0] ?? 0) + from]
    for (let index = 1; index <= steps; index += 1) {
      const log = (path[index] ?? 0) + factorAt(index)
      if (log > most) {
        most = log
        highest = index
      }
      if (log < least) {
        least = log
        lowest = index
      }
    }
    const priceAt = (index: number): number => toTicks(path[index] ?? 0, factorAt(index))
    const close = priceAt(steps)
    const high = Math.max(open, close, priceAt(highest))
    const low = Math.min(open, close, priceAt(lowest))
    const volume = Math.floor((volumeOf(minute) * steps) / stepsPerMinute)
    const trades = Math.max(1, Math.floor((countOf(minute) * steps) / stepsPerMinute))
    return { openMs, open, high, low, close, volume, trades, quoteVolume: toQuote(close, volume) }
  }

  let counted: { readonly hour: number; readonly counts: readonly number[] } | undefined
  const countsOf = (hour: number): readonly number[] => {
    if (counted?.hour !== hour) counted = { hour, counts: tradeCounts(venueSeed, hour) }
    return counted.counts
  }
  const tradesOf = (openMs: number): readonly TapeTrade[] => {
    const minute = openMs / minuteMs
    const hour = Math.floor(openMs / hourMs)
    const counts = countsOf(hour)
    const inHour = minute - hour * 60
    const before = counts.slice(0, inHour).reduce((sum, count) => sum + count, 0)
    const count = counts[inHour] ?? 0
    if (count === 0) return []
    const path = prices.minute(underlying, minute)
    return Array.from({ length: count }, (_, index) => {
      const id = hour * tradesPerHour + before + index + 1
      const share = (index + draw(venueSeed ^ 0x1b56c4e9, id)) / count
      const step = Math.min(stepsPerMinute, Math.floor(share * stepsPerMinute) + 1)
      return {
        id,
        timeMs: openMs + Math.floor(share * minuteMs),
        price: toTicks(path[step] ?? 0, basis(minute + share)),
        size: 1 + (bits(venueSeed ^ 0x7feb352d, id) % 200_000),
        makerSide: bits(venueSeed ^ 0x3c6ef372, id) % 2 === 0 ? 'buy' : 'sell',
      }
    })
  }

  const lastTrade = (beforeMs: number): TapeTrade => {
    for (let openMs = Math.floor(beforeMs / minuteMs) * minuteMs; ; openMs -= minuteMs) {
      const trade = tradesOf(openMs).findLast(({ timeMs }) => timeMs < beforeMs)
      if (trade !== undefined) return trade
    }
  }

  const tellsTrades = venue === 'coinbase'
  return {
    instrument,
    bar: (openMs) =>
      tellsTrades ? toBar(openMs, tradesOf(openMs), toQuote) : pushed(openMs, stepsPerMinute),
    partial: (openMs, elapsedMs) => {
      if (!tellsTrades) {
        const steps = Math.min(stepsPerMinute, Math.floor((elapsedMs * stepsPerMinute) / minuteMs) + 1)
        return pushed(openMs, steps)
      }
      const sofar = tradesOf(openMs).filter(({ timeMs }) => timeMs < openMs + elapsedMs)
      return toBar(openMs, sofar, toQuote)
    },
    trades: tradesOf,
    lastTrade,
    minuteOfTrade: (id) => {
      const hour = Math.floor((id - 1) / tradesPerHour)
      let left = id - 1 - hour * tradesPerHour
      const minute = countsOf(hour).findIndex((count) => (left -= count) < 0)
      return hour * hourMs + minute * minuteMs
    },
  }
}

/**
 * The number of trades in each minute of an hour. Some have none, and the total is constant, so that ids are
 * consecutive forever.
 */
function tradeCounts(seed: number, hour: number): readonly number[] {
  const counts = Array.from({ length: 60 }, (_, index) => {
    const roll = bits(seed ^ 0x5bd1e995, hour * 60 + index) % 10
    return roll === 0 ? 0 : roll - 1
  })
  let left = tradesPerHour - counts.reduce((sum, count) => sum + count, 0)
  // The surplus or shortfall is distributed over the busiest minutes; minutes without trades stay without.
  for (let index = 0; left !== 0; index = (index + 7) % 60) {
    const count = counts[index] ?? 0
    if (count === 0 || (left < 0 && count === 1)) continue
    counts[index] = count + Math.sign(left)
    left -= Math.sign(left)
  }
  return counts
}

export function toBar(
  openMs: number,
  trades: readonly TapeTrade[],
  toQuote: (ticks: number, lots: number) => number,
): TapeBar | undefined {
  const [first] = trades
  const last = trades.at(-1)
  if (first === undefined || last === undefined) return undefined
  return {
    openMs,
    open: first.price,
    high: Math.max(...trades.map(({ price }) => price)),
    low: Math.min(...trades.map(({ price }) => price)),
    close: last.price,
    volume: trades.reduce((sum, { size }) => sum + size, 0),
    trades: trades.length,
    quoteVolume: trades.reduce((sum, { price, size }) => sum + toQuote(price, size), 0),
  }
}

/** A tape that replays bars of a file: each minute opens, goes to its low and its high, and closes. */
export function replayTape(instrument: Instrument, bars: readonly SourceBar[]): Tape {
  const scale = 10 ** instrument.decimals
  const lots = 10 ** instrument.lotDecimals
  const toQuote = (ticks: number, size: number): number =>
    Number(((ticks / scale) * (size / lots)).toFixed(8))
  const byOpen = new Map(bars.map((bar, index) => [bar.openMs, { ...bar, index }]))
  const [first] = bars
  const firstMs = first?.openMs ?? 0
  const tradesEach = 4
  const tradesOf = (openMs: number): readonly TapeTrade[] => {
    const bar = byOpen.get(openMs)
    if (bar === undefined || bar.volume === 0) return []
    const size = Math.max(1, Math.round((bar.volume * lots) / tradesEach))
    return [bar.open, bar.low, bar.high, bar.close].map((price, index) => ({
      id: bar.index * tradesEach + index + 1,
      timeMs: openMs + index * 15_000 + 1,
      price: Math.round(price * scale),
      size,
      makerSide: 'sell',
    }))
  }
  const partial = (openMs: number, elapsedMs: number): TapeBar | undefined =>
    toBar(
      openMs,
      tradesOf(openMs).filter(({ timeMs }, index) => index === 0 || timeMs < openMs + elapsedMs),
      toQuote,
    )
  return {
    instrument,
    bar: (openMs) => partial(openMs, minuteMs),
    partial,
    trades: tradesOf,
    lastTrade: (beforeMs) => {
      const past = bars.findLast(({ openMs, volume }) => openMs < beforeMs && volume > 0)
      const trade = past && tradesOf(past.openMs).findLast(({ timeMs }) => timeMs < beforeMs)
      return trade ?? { id: 1, timeMs: firstMs, price: 1, size: 1, makerSide: 'sell' }
    },
    minuteOfTrade: (id) => bars[Math.floor((id - 1) / tradesEach)]?.openMs ?? firstMs,
  }
}
