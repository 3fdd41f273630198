import { asGate, type Database } from '@gatehouse/kernel/db'
import type { Clock } from '@gatehouse/kernel/clock'
import type { ToldTable } from '../domain/confidence.ts'
import { midnightOf } from '../domain/day-table.ts'
import { builtInSymbols, type CarriedSymbol } from '../domain/symbols.ts'
import { type Machine, type Reading, SeriesTracker } from '../domain/series-tracker.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { type Venue, venues } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { dayKey, findDayTables } from '../store/day-table-store.ts'
import { listFeeds } from '../store/feed-store.ts'
import { type LoadedSeries, loadSeries } from '../store/load-markets.ts'
import { listMarkets, type StoredMarket } from '../store/market-store.ts'
import { listComputed, listNewestTransitions, type StoredTransition } from '../store/snapshot-store.ts'
import type { Ingested } from './ingest-minute.ts'

/** A machine, and the newest bar with its driving value. */
export type BoardMachine = Machine & {
  /** z is the machine's driving value, and baseline the value that this is measured against. */
  readonly reading: Reading | null
  readonly barsUntilReady: number
}

/** The current data of one series. Volatilities are annualised fractions. */
export type SeriesSnapshot = {
  readonly seriesId: number
  /** Increased when the series is recomputed. */
  readonly version: number
  readonly venue: Venue
  readonly symbol: string
  readonly timeframe: Timeframe
  /** Values after the newest bar; null before there is one. */
  readonly reading: Reading | null
  readonly estimates: Readonly<
    Record<'parkinson' | 'garmanKlass' | 'rogersSatchell' | 'yangZhang' | 'ewma', number | null>
  >
  readonly barsUntilReady: number
  readonly machines: readonly BoardMachine[]
  /** The newest change of each machine, by preset, method and version. */
  readonly newest: ReadonlyMap<string, StoredTransition>
  /** The table of the day in which the newest bar ends. */
  readonly table: ToldTable | undefined
  /** When the newest bar was processed. */
  readonly computedAtMs: number | null
}

type BoardDeps = {
  readonly db: Database
  readonly clock: Clock
  /** Default: the built-in ones. */
  readonly symbols?: readonly CarriedSymbol[]
}

/** How long this node may serve its data while the database is unavailable (specification 14). */
const contact = { staleAfterMs: 5_000, refusedAfterMs: 60_000 }

export type Standing = 'fresh' | 'stale' | 'unknown'

/**
 * This node's in-memory view of every series: updated directly by its own commits, and by notifications and polling
 * for those of other nodes. Replies need no query.
 */
export class Board {
  readonly #deps: BoardDeps
  /** The carried symbols by name; retired ones are kept separately. */
  readonly #carried: ReadonlyMap<string, CarriedSymbol>
  #retired: ReadonlyMap<string, CarriedSymbol> = new Map()
  readonly #series = new Map<string, SeriesSnapshot>()
  readonly #stamps = new Map<number, string>()
  #markets: readonly StoredMarket[] = []
  #isSimulated = false
  #contactMs = Number.NEGATIVE_INFINITY

  constructor(deps: BoardDeps) {
    this.#deps = deps
    const { symbols = builtInSymbols } = deps
    this.#carried = new Map(symbols.map((carried) => [carried.symbol, carried]))
  }

  /** The carried symbols, in order. */
  get symbols(): readonly CarriedSymbol[] {
    return [...this.#carried.values()]
  }

  /** Symbols that were carried once: they get no new bars, but their history can be read. */
  get retired(): readonly CarriedSymbol[] {
    return [...this.#retired.values()]
  }

  /** Finds a symbol that is or was carried. */
  findCarried(symbol: string): CarriedSymbol | undefined {
    return this.#carried.get(symbol) ?? this.#retired.get(symbol)
  }

  /** Whether any feed is simulated. */
  get isSimulated(): boolean {
    return this.#isSimulated
  }

  find(venue: Venue, symbol: string, timeframe: Timeframe): SeriesSnapshot | undefined {
    return this.#series.get(keyOf(venue, symbol, timeframe))
  }

  all(): Iterable<SeriesSnapshot> {
    return this.#series.values()
  }

  findMarket(venue: Venue, symbol: string): StoredMarket | undefined {
    return this.#markets.find((market) => market.venue === venue && market.symbol === symbol)
  }

  /** Whether a market's newest closed minute ended too long ago; applies to all its timeframes (8.4). */
  isStale(venue: Venue, symbol: string): boolean {
    const reading = this.find(venue, symbol, '1m')?.reading
    if (reading == null) return false
    return this.#deps.clock.now() - (reading.openMs + intervalMs['1m']) > volatilityPolicy.staleAfterMs
  }

  /** By venue: seconds since the end of the newest closed minute of its longest-silent market. */
  listStaleness(): ReadonlyMap<Venue, number> {
    const nowMs = this.#deps.clock.now()
    const seconds = new Map<Venue, number>()
    for (const { venue, symbol, timeframe, reading } of this.all()) {
      if (timeframe !== '1m' || reading === null || !this.#carried.has(symbol)) continue
      const silent = Math.max(0, nowMs - (reading.openMs + intervalMs['1m'])) / 1_000
      seconds.set(venue, Math.max(silent, seconds.get(venue) ?? 0))
    }
    return seconds
  }

  /** Whether this node's data is recent enough to be served. */
  standing(): Standing {
    const silentMs = this.#deps.clock.monotonic() - this.#contactMs
    if (silentMs <= contact.staleAfterMs) return 'fresh'
    return silentMs <= contact.refusedAfterMs ? 'stale' : 'unknown'
  }

  /** Takes over what this node has just committed. */
  apply({ steps, transitions, tables, atMs }: Ingested): void {
    for (const { booked, step } of steps)
      for (const timeframe of step.touched) {
        const { seriesId, version } = booked.series[timeframe]
        const newest = new Map(this.find(booked.venue, booked.symbol, timeframe)?.newest)
        for (const one of transitions) if (one.seriesId === seriesId) newest.set(machineKey(one), one)
        const { venue, symbol, market } = booked
        const of = { venue, symbol, timeframe, seriesId, version }
        this.#put(of, market.tracker(timeframe), { newest, tables, computedAtMs: atMs })
      }
  }

  /** Reads what other nodes have changed. */
  async refresh(): Promise<void> {
    const { clock } = this.#deps
    await asGate(this.#deps, async (tx) => {
      this.#markets = await listMarkets(tx)
      this.#retired = retiredOf(this.#markets.filter(({ symbol }) => !this.#carried.has(symbol)))
      this.#isSimulated = (await listFeeds(tx)).some(({ isSimulated }) => isSimulated)
      for (const venue of venues) {
        const stamps = await listComputed(tx, venue)
        const changed = [...stamps].flatMap(([id, stamp]) => (this.#stamps.get(id) === stamp ? [] : [id]))
        if (changed.length === 0) continue
        const loaded = await loadSeries(tx, { seriesIds: changed })
        const newest = Map.groupBy(await listNewestTransitions(tx, changed), ({ seriesId }) => seriesId)
        const days = loaded.flatMap(({ seriesId, timeframe, state }) => {
          const dayMs = dayOf(timeframe, state?.reading ?? null)
          return dayMs === null ? [] : [{ seriesId, dayMs }]
        })
        const tables = await findDayTables(tx, days)
        for (const series of loaded) this.#take(series, newest, tables)
        for (const id of changed) this.#stamps.set(id, stamps.get(id) ?? '')
      }
    })
    this.#contactMs = clock.monotonic()
  }

  #take(
    { venue, symbol, timeframe, seriesId, version, state, computedAtMs }: LoadedSeries,
    newest: Newest,
    tables: Tables,
  ): void {
    if (state === null) return
    const known = this.find(venue, symbol, timeframe)?.reading
    // Data committed by this node is never replaced by older data from the database.
    if (known != null && state.reading !== null && known.openMs > state.reading.openMs) return
    const own = new Map((newest.get(seriesId) ?? []).map((one) => [machineKey(one), one]))
    const of = { venue, symbol, timeframe, seriesId, version }
    this.#put(of, SeriesTracker.from(timeframe, state), { newest: own, tables, computedAtMs })
  }

  #put(
    of: Pick<SeriesSnapshot, 'venue' | 'symbol' | 'timeframe' | 'seriesId' | 'version'>,
    tracker: SeriesTracker,
    {
      newest,
      tables,
      computedAtMs,
    }: Pick<SeriesSnapshot, 'newest' | 'computedAtMs'> & { readonly tables: Tables },
  ): void {
    const { parkinson, garmanKlass, rogersSatchell, yangZhang, ewma } = tracker.estimators
    const { reading, barsUntilReady } = tracker
    const machines = tracker.machines.map((machine) => ({
      ...machine,
      reading: tracker.readingOf(machine),
      barsUntilReady: tracker.barsUntilReadyOf(machine),
    }))
    const dayMs = dayOf(of.timeframe, reading)
    const table = dayMs === null ? undefined : tables.get(dayKey({ seriesId: of.seriesId, dayMs }))
    const estimates = { parkinson, garmanKlass, rogersSatchell, yangZhang, ewma }
    this.#series.set(keyOf(of.venue, of.symbol, of.timeframe), {
      ...of,
      reading,
      estimates,
      barsUntilReady,
      machines,
      newest,
      table,
      computedAtMs,
    })
  }
}

type Tables = ReadonlyMap<string, ToldTable>

function retiredOf(markets: readonly StoredMarket[]): ReadonlyMap<string, CarriedSymbol> {
  const bySymbol = Map.groupBy(
    markets.filter(({ status }) => status === 'retired'),
    ({ symbol }) => symbol,
  )
  return new Map(
    [...bySymbol].flatMap(([symbol, own]) => {
      const primary = own.find(({ isPrimary }) => isPrimary) ?? own[0]
      if (primary === undefined) return []
      const products = Object.fromEntries(own.map(({ venue, product }) => [venue, product]))
      const { kind, venue } = primary
      return [[symbol, { symbol, kind, venues: products, primary: toVenue(venue) }]]
    }),
  )
}

function toVenue(name: string): Venue {
  const found = venues.find((venue) => venue === name)
  if (found === undefined) throw new Error(`${name} is no venue`)
  return found
}

/** The midnight whose table applies to the newest bar. */
function dayOf(timeframe: Timeframe, reading: Reading | null): number | null {
  return reading === null ? null : midnightOf(reading.openMs + intervalMs[timeframe])
}

type Newest = ReadonlyMap<number, readonly StoredTransition[]>

type Named = { readonly preset: string; readonly method: string }

/** The key of a machine's newest change. */
export function machineKey({
  preset,
  method,
  ...rest
}: Named & ({ readonly presetVersion: number } | { readonly version: number })): string {
  return `${preset}/${method}/${'version' in rest ? rest.version : rest.presetVersion}`
}

function keyOf(venue: Venue, symbol: string, timeframe: Timeframe): string {
  return `${venue}/${symbol}/${timeframe}`
}
