import { systemTimeline, type Timeline } from '@gatehouse/kernel/clock'
import { binanceVenue, type SimulatedVenueRules } from './binance-venue.ts'
import { bybitVenue } from './bybit-venue.ts'
import { Bucket, coinbaseVenue } from './coinbase-venue.ts'
import { perpAnswer } from './coinbase-rest.ts'
import { deribitVenue } from './deribit-venue.ts'
import { type Fault, Faults } from './faults.ts'
import { listen, type Listener } from './listener.ts'
import { createPrices, minuteMs, type PriceOptions, type TrueState } from './prices.ts'
import { minuteBar } from './stock.ts'
import {
  createTape,
  replayTape,
  type SimulatedKind,
  type SimulatedVenue,
  type SourceBar,
  type Tape,
  toInstrument,
} from './tape.ts'

export type SimulatorOptions = {
  /** Our symbols; each is traded as spot and as a perpetual at every venue. */
  readonly symbols: readonly string[]
  readonly seed: number
  readonly source?:
    | { readonly kind: 'generated'; readonly prices?: Omit<PriceOptions, 'seed'> }
    /** Replays given bars, by symbol, oldest first. */
    | { readonly kind: 'bars'; readonly bars: Readonly<Record<string, readonly SourceBar[]>> }
  /** The simulator's clock: the system's, a scaled one, or one that a test drives. */
  readonly clock?: Timeline
  /** Faults and when they are active; more can be added while it runs. */
  readonly faults?: Fault[]
}

export type SimulatedHosts = Readonly<
  Record<SimulatedVenue, Readonly<Record<SimulatedKind, { readonly rest: string; readonly stream: string }>>>
>

export type SimulatedBar = {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly filled: boolean
}

export type Simulator = {
  readonly hosts: SimulatedHosts
  readonly deribit: string
  /** The hosts by name, as known to `resolve`. */
  readonly namedHosts: SimulatedHosts
  /** Resolves a venue's host name; during the fault `dns` the name is unknown. */
  readonly resolve: (hostname: string) => Promise<readonly { readonly address: string }[]>
  readonly code: (venue: SimulatedVenue, kind: SimulatedKind, symbol: string) => string
  /** The venue's closed bars of a range: the result that a client has to arrive at. */
  readonly closedBars: (
    venue: SimulatedVenue,
    symbol: string,
    fromMs: number,
    toMs: number,
    kind?: SimulatedKind,
  ) => readonly SimulatedBar[]
  /** The state that generated the prices of a minute; no protocol exposes it. */
  readonly trueState: (symbol: string, atMs: number) => TrueState
  readonly faults: Fault[]
  /** Number of replies that are held back on purpose. */
  readonly waiting: () => number
  readonly openSockets: () => number
  readonly close: () => Promise<void>
}

const loopback = '127.0.0.1'
const domain = 'venues.test'

/** The venues on loopback ports, with their protocols, limits and faults. */
export async function startSimulator({
  symbols,
  seed,
  source = { kind: 'generated' },
  clock = systemTimeline,
  faults = [],
}: SimulatorOptions): Promise<Simulator> {
  const prices = createPrices({ seed, ...(source.kind === 'generated' ? source.prices : {}) })
  const tapes = new Map<string, Tape>()
  for (const venue of ['binance', 'coinbase', 'bybit'] as const)
    for (const kind of ['spot', 'perp'] as const)
      for (const symbol of symbols) {
        const instrument = toInstrument(venue, kind, symbol)
        const tape =
          source.kind === 'bars'
            ? replayTape(instrument, source.bars[symbol] ?? [])
            : createTape(instrument, seed, prices)
        tapes.set(`${venue} ${kind} ${symbol}`, tape)
      }
  const byCode = (venue: SimulatedVenue, kind: SimulatedKind): ReadonlyMap<string, Tape> =>
    new Map(
      symbols.flatMap((symbol) => {
        const tape = tapes.get(`${venue} ${kind} ${symbol}`)
        return tape === undefined ? [] : [[tape.instrument.code, tape] as const]
      }),
    )
  const skewed = (of: Faults) => (): number => clock.now() + (of.find(['clock_skew'], clock.now())?.byMs ?? 0)
  const toDeps = (venue: SimulatedVenue, kind: SimulatedKind) => {
    const own = new Faults(venue, faults)
    return { timeline: clock, faults: own, tapes: byCode(venue, kind), nowMs: skewed(own) }
  }

  const binanceFaults = new Faults('binance', faults)
  const coinbaseFaults = new Faults('coinbase', faults)
  const bybitFaults = new Faults('bybit', faults)
  const deribitFaults = new Faults('deribit', faults)
  const spot = binanceVenue(toDeps('binance', 'spot'), 'spot')
  const perp = binanceVenue(toDeps('binance', 'perp'), 'perp')
  const coinbase = coinbaseVenue(toDeps('coinbase', 'spot'))
  const bybit = bybitVenue({
    timeline: clock,
    faults: bybitFaults,
    nowMs: skewed(bybitFaults),
    tapes: { spot: byCode('bybit', 'spot'), perp: byCode('bybit', 'perp') },
    seed,
  })
  const perpDeps = toDeps('coinbase', 'perp')
  const bucket = new Bucket(clock.monotonic)
  const deribit = deribitVenue({
    seed,
    prices,
    faults: deribitFaults,
    nowMs: skewed(deribitFaults),
    monotonic: clock.monotonic,
    ourNow: clock.now,
  })
  const listeners = {
    binanceSpot: await listen(spot, { timeline: clock, faults: binanceFaults }),
    binancePerp: await listen(perp, { timeline: clock, faults: binanceFaults }),
    coinbaseSpot: await listen(coinbase, { timeline: clock, faults: coinbaseFaults }),
    coinbasePerp: await listen(
      { answer: ({ path, query }) => bucket.take() ?? perpAnswer(perpDeps, path, query) },
      { timeline: clock, faults: coinbaseFaults },
    ),
    bybit: await listen(bybit, { timeline: clock, faults: bybitFaults }),
    deribit: await listen(deribit, { timeline: clock, faults: deribitFaults }),
  }
  const venues: readonly (readonly [SimulatedVenueRules, Listener, Faults])[] = [
    [spot, listeners.binanceSpot, binanceFaults],
    [perp, listeners.binancePerp, binanceFaults],
    [coinbase, listeners.coinbaseSpot, coinbaseFaults],
    [bybit, listeners.bybit, bybitFaults],
  ]
  let stopped = false
  const strike = (): void => {
    if (stopped) return
    for (const [rules, listener, own] of venues) {
      rules.strike()
      if (own.find(['down', 'refused'], clock.now()) !== undefined) listener.reset()
    }
    cancel = clock.after(500, strike)
  }
  let cancel = clock.after(500, strike)

  const allFaults = [
    ['binance', binanceFaults],
    ['coinbase', coinbaseFaults],
    ['bybit', bybitFaults],
  ] as const
  const all = Object.values(listeners)
  const toHosts = (hostOf: (venue: SimulatedVenue) => string): SimulatedHosts => {
    const at = (venue: SimulatedVenue, listener: Listener) => ({
      rest: `http://${hostOf(venue)}:${listener.port()}`,
      stream: `ws://${hostOf(venue)}:${listener.port()}`,
    })
    return {
      binance: {
        spot: at('binance', listeners.binanceSpot),
        perp: at('binance', listeners.binancePerp),
      },
      coinbase: {
        spot: at('coinbase', listeners.coinbaseSpot),
        perp: at('coinbase', listeners.coinbasePerp),
      },
      bybit: { spot: at('bybit', listeners.bybit), perp: at('bybit', listeners.bybit) },
    }
  }
  return {
    hosts: toHosts(() => loopback),
    namedHosts: toHosts((venue) => `${venue}.${domain}`),
    resolve: async (hostname) => {
      const own = allFaults.find(([venue]) => hostname === `${venue}.${domain}`)?.[1]
      if (own === undefined || own.has('dns', clock.now()))
        throw Object.assign(new Error(`Nobody is called ${hostname}`), { code: 'ENOTFOUND' })
      return [{ address: loopback }]
    },
    deribit: `http://${loopback}:${listeners.deribit.port()}`,
    code: (venue, kind, symbol) => toInstrument(venue, kind, symbol).code,
    closedBars: (venue, symbol, fromMs, toMs, kind = 'spot') => {
      const tape = tapes.get(`${venue} ${kind} ${symbol}`)
      return tape === undefined ? [] : closedBars(tape, new Faults(venue, faults), fromMs, toMs)
    },
    trueState: (symbol, atMs) => prices.state(symbol.replace(/-perp$/, ''), Math.floor(atMs / minuteMs)),
    faults,
    waiting: () => all.reduce((sum, listener) => sum + listener.waiting(), 0),
    openSockets: () => all.reduce((sum, listener) => sum + listener.openSockets(), 0),
    close: async () => {
      stopped = true
      cancel()
      for (const [rules] of venues) rules.stop()
      await Promise.all(all.map((listener) => listener.close()))
    },
  }
}

function closedBars(tape: Tape, faults: Faults, fromMs: number, toMs: number): readonly SimulatedBar[] {
  const { decimals, lotDecimals, venue } = tape.instrument
  const bars: SimulatedBar[] = []
  let close: number | undefined =
    venue === 'coinbase' ? tape.lastTrade(fromMs).price / 10 ** decimals : undefined
  for (let openMs = fromMs; openMs < toMs; openMs += minuteMs) {
    const bar = minuteBar(tape, faults, openMs)
    if (bar !== undefined) {
      const [open, high, low, last] = [bar.open, bar.high, bar.low, bar.close].map((ticks) =>
        Number((ticks / 10 ** decimals).toFixed(decimals)),
      )
      if (open === undefined || high === undefined || low === undefined || last === undefined) continue
      const volume = Number((bar.volume / 10 ** lotDecimals).toFixed(lotDecimals))
      bars.push({ openMs, open, high, low, close: last, volume, filled: false })
      close = last
    } else if (venue === 'coinbase' && close !== undefined)
      bars.push({ openMs, open: close, high: close, low: close, close, volume: 0, filled: true })
  }
  return bars
}
