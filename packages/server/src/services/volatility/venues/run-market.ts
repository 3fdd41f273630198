import { EgressError, type EgressPolicy } from '@gatehouse/kernel/egress'
import { judgeBar } from '../domain/judge-bar.ts'
import { Attempts } from './attempts.ts'
import { compareBuilt } from './compare-built.ts'
import type { FeedDeps } from './feed-deps.ts'
import { fetchPage, toQuietBar } from './fetch-page.ts'
import type { Frame } from './frame.ts'
import type { ClosedBar, FeedSink, FeedStatus, Product } from './market-feed.ts'
import type { Market, MarketHosts } from './market.ts'
import { minuteOf } from './minute.ts'
import { type Link, openLink } from './open-link.ts'
import { closeGraceMs, ProductLine } from './product-line.ts'
import { type Door, VenueError } from './rest-door.ts'
import type { VenueClock } from './venue-clock.ts'
import { wait } from './wait.ts'

export type MarketPlace = {
  readonly market: Market
  readonly hosts: MarketHosts
  readonly policy: EgressPolicy
  readonly door: Door
  readonly clock: VenueClock
}

export type MarketSink = Pick<FeedSink, 'bar' | 'covered'> & {
  readonly status: (status: Omit<FeedStatus, 'sinceMs'>) => void
}

const tickMs = 1_000
const overlapMs = 30_000
const goodAfterMs = 60_000
const measureEveryMs = 600_000
/** The greatest age of the venue's time when it decides whether bars are closed. */
const measureBeforeMs = 5_000
const offsetWarnMs = 2_000
const tradesGraceMs = 1_000
const tradesWaitMs = 10_000
const compareEveryMs = 3_600_000
const builtKept = 60

/** Feeds the products of one market until aborted (specification 8.2 and 8.3). */
export async function runMarket(
  deps: FeedDeps,
  place: MarketPlace,
  products: readonly Product[],
  sink: MarketSink,
  signal: AbortSignal,
): Promise<void> {
  const nextOf = new Map(
    await Promise.all(
      products.map(async (product) => [product, (await deps.lastStoredMs(product)) + 60_000] as const),
    ),
  )
  const lines = products.map((product) => new ProductLine(product, nextOf.get(product) ?? 0))
  await new MarketRun(deps, place, lines, sink, signal).run()
}

class MarketRun {
  readonly #deps: FeedDeps
  readonly #place: MarketPlace
  readonly #lines: ReadonlyMap<string, ProductLine>
  readonly #sink: MarketSink
  readonly #signal: AbortSignal
  readonly #attempts: Attempts
  readonly #links = new Set<Link>()
  /** Why there is no connection. */
  #fault: string | undefined
  #wasLive = false
  #isMeasuring = false
  #measureAtMs = Number.NEGATIVE_INFINITY
  #compareAtMs: number

  constructor(
    deps: FeedDeps,
    place: MarketPlace,
    lines: readonly ProductLine[],
    sink: MarketSink,
    signal: AbortSignal,
  ) {
    this.#deps = deps
    this.#place = place
    this.#lines = new Map(lines.map((line) => [line.product.code, line]))
    this.#sink = sink
    this.#signal = signal
    this.#attempts = new Attempts(deps.timeline, deps.random)
    this.#compareAtMs = deps.timeline.monotonic() + compareEveryMs
  }

  async run(): Promise<void> {
    const ticking = this.#keepTicking()
    if (this.#place.market.stream !== undefined) await this.#keepLinked()
    await ticking
    for (const link of this.#links) link.end('stopped')
  }

  async #keepTicking(): Promise<void> {
    while (!this.#signal.aborted) {
      this.#tick()
      await wait(this.#deps.timeline, tickMs, this.#signal)
    }
  }

  async #keepLinked(): Promise<void> {
    let old: Link | undefined
    while (!this.#signal.aborted) {
      await this.#attempts.begin(this.#signal)
      if (this.#signal.aborted) break
      const link = await this.#open()
      if (link === undefined) {
        await this.#attempts.pause(this.#signal)
        continue
      }
      if (old !== undefined) this.#retire(old)
      await link.needsSuccessor
      if (this.#deps.timeline.monotonic() - link.openedAtMs >= goodAfterMs) this.#attempts.forget()
      old = link.ended === undefined ? link : undefined
      if (old !== undefined) continue
      this.#links.delete(link)
      this.#fault = link.ended
      this.#judgeStatus()
      await this.#attempts.pause(this.#signal)
    }
  }

  async #open(): Promise<Link | undefined> {
    const { market, hosts, policy } = this.#place
    if (market.stream === undefined) return undefined
    try {
      const link = await openLink(this.#deps, {
        stream: market.stream,
        origin: hosts.stream,
        codes: [...this.#lines.keys()],
        policy,
        signal: this.#signal,
        onFrame: (frame) => this.#hear(frame),
      })
      this.#fault = undefined
      // With another connection still open, nothing was missed.
      if (this.#links.size === 0)
        for (const line of this.#lines.values()) {
          line.builder.restart()
          line.isUnwatched = true
        }
      this.#links.add(link)
      const stop = (): void => link.end('stopped')
      this.#signal.addEventListener('abort', stop)
      void link.needsSuccessor.then(() => this.#signal.removeEventListener('abort', stop))
      this.#tick()
      return link
    } catch (error) {
      if (this.#signal.aborted) return undefined
      this.#fault = error instanceof EgressError ? (error.reason ?? error.code) : 'no answer in time'
      this.#judgeStatus()
      return undefined
    }
  }

  #retire(link: Link): void {
    this.#deps.timeline.after(overlapMs, () => {
      link.end('replaced')
      this.#links.delete(link)
    })
  }

  #tick(): void {
    const { timeline } = this.#deps
    const nowMs = timeline.monotonic()
    const { stream } = this.#place.market
    for (const link of this.#links) {
      link.watch(nowMs, stream?.silenceMs ?? Number.POSITIVE_INFINITY)
      if (link.ended !== undefined) this.#links.delete(link)
    }
    if (this.#place.clock.measuredAgoMs >= measureEveryMs) this.#start(() => this.#measure())
    const venueMs = this.#place.clock.now()
    if (venueMs !== undefined)
      for (const line of this.#lines.values()) {
        if (line.isDue(venueMs, nowMs)) this.#start(() => this.#fill(line))
        this.#findTrades(line, nowMs)
      }
    if (nowMs >= this.#compareAtMs) {
      this.#compareAtMs = nowMs + compareEveryMs
      for (const line of this.#lines.values())
        this.#start(() => compareBuilt({ ...this.#place, note: this.#deps.note, signal: this.#signal }, line))
    }
    this.#judgeStatus()
  }

  /** Failures of the venue are reported by the lines; failures of our own are logged, and end nothing. */
  #start(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (this.#signal.aborted || error instanceof VenueError) return
      throw error
    })
  }

  async #measure(): Promise<void> {
    const { timeline } = this.#deps
    if (this.#isMeasuring || timeline.monotonic() < this.#measureAtMs) return
    this.#isMeasuring = true
    // Set whatever the result is, so that the venue is not asked for its time in every tick.
    this.#measureAtMs = timeline.monotonic() + measureBeforeMs
    try {
      await this.#askTime()
    } finally {
      this.#isMeasuring = false
    }
  }

  async #askTime(): Promise<void> {
    const { door, clock, market } = this.#place
    clock.measure(await door.get(market.rest.timePath, 1, market.rest.readTime, this.#signal))
    const { offsetMs } = clock
    if (Math.abs(offsetMs) > offsetWarnMs)
      this.#deps.note({ kind: 'clock_offset', venue: market.venue, offsetMs })
  }

  /** Requests missing minutes up to now, page by page. */
  async #fill(line: ProductLine): Promise<void> {
    const { timeline } = this.#deps
    const { clock } = this.#place
    line.isFilling = true
    try {
      if (clock.measuredAgoMs > measureBeforeMs) await this.#askTime()
      for (;;) {
        const { nextMs } = line.sequence
        const toMs = minuteOf(clock.now() ?? nextMs)
        if (nextMs >= toMs) break
        const page = await fetchPage(
          { ...this.#place, note: this.#deps.note, signal: this.#signal },
          {
            product: line.product,
            timeframe: '1m',
            fromMs: nextMs,
            toMs,
            closeBefore: line.sequence.closeBefore,
          },
        )
        if (this.#signal.aborted) return
        this.#hand(line, line.sequence.cover(page))
        if (page.coveredToMs > nextMs) this.#sink.covered?.(line.product, nextMs, page.coveredToMs)
        if (line.sequence.nextMs === nextMs) {
          line.askAgain(timeline.monotonic())
          return
        }
      }
      line.isUnwatched = false
      line.progressed()
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      const nowMs = timeline.monotonic()
      const waitMs = error.untilMs === undefined ? 0 : error.untilMs - timeline.now()
      line.failed(nowMs, error.message, nowMs + waitMs)
      if (line.isGivenUp(nowMs)) this.#hand(line, line.sequence.skipHole())
    } finally {
      line.isFilling = false
      this.#judgeStatus()
    }
  }

  #hear(frame: Frame): void {
    const { clock, market } = this.#place
    if (frame.kind === 'refused') {
      this.#deps.note({ kind: 'frame_refused', venue: market.venue, reason: frame.reason })
      return
    }
    if (frame.kind === 'bar') {
      clock.hear(frame.venueMs)
      const line = this.#lines.get(frame.code)
      if (line !== undefined && frame.isClosed) this.#take(line, frame)
      return
    }
    if (frame.kind === 'pulse' && frame.venueMs !== undefined) clock.hear(frame.venueMs)
    if (frame.kind !== 'trade' && frame.kind !== 'pulse') return
    const line = frame.code === undefined ? undefined : this.#lines.get(frame.code)
    if (line === undefined) return
    const nowMs = this.#deps.timeline.monotonic()
    if (frame.kind === 'pulse') line.builder.pulse(frame.venueMs ?? 0, frame.lastTradeId, nowMs)
    else if (frame.isFirst) line.builder.first(frame)
    else line.builder.trade(frame, nowMs)
    this.#takeBuilt(line)
  }

  #take(line: ProductLine, frame: Frame & { readonly kind: 'bar' }): void {
    const { kind: _kind, code: _code, isClosed: _isClosed, venueMs, ...bar } = frame
    const { venue } = this.#place.market
    this.#offer(
      line,
      { ...bar, venue, symbol: line.product.symbol, origin: 'stream', filled: false },
      venueMs,
    )
  }

  #takeBuilt(line: ProductLine): void {
    const { sequence, builder, product } = line
    const { venue } = this.#place.market
    const venueMs = this.#place.clock.now()
    if (venueMs === undefined) return
    builder.skipTo(sequence.nextMs)
    const base = { venue, symbol: product.symbol, origin: 'built' } as const
    for (const { openMs, prices } of builder.take()) {
      const { nextMs, closeBefore } = sequence
      if (prices !== undefined) {
        const bar: ClosedBar = { ...base, openMs, ...prices, filled: false }
        line.built = [...line.built.slice(1 - builtKept), bar]
        this.#offer(line, bar, venueMs)
      } else if (openMs === nextMs && closeBefore !== undefined)
        this.#offer(line, toQuietBar(base, openMs, closeBefore), venueMs)
    }
  }

  #offer(line: ProductLine, bar: ClosedBar, venueMs: number): void {
    const fault = judgeBar('1m', bar, venueMs)
    if (fault !== undefined) {
      this.#deps.note({ kind: 'bar_refused', venue: bar.venue, reason: fault })
      return
    }
    const { released, late } = line.sequence.offer(bar)
    if (late !== undefined) this.#deps.note({ kind: 'late_bar', ...late })
    this.#hand(line, released)
  }

  #hand(line: ProductLine, bars: readonly ClosedBar[]): void {
    if (bars.length > 0) line.progressed()
    for (const bar of bars) this.#sink.bar(bar)
  }

  /** Requests missing trades; if that fails too, their minutes are taken from the venue's candles. */
  #findTrades(line: ProductLine, nowMs: number): void {
    const missing = line.builder.missing()
    if (missing === undefined || nowMs - missing.sinceMs < tradesGraceMs) return
    if (nowMs - missing.sinceMs >= tradesWaitMs) {
      line.builder.leaveHole(nowMs)
      this.#takeBuilt(line)
    } else if (!line.isAskingTrades) this.#start(() => this.#askTrades(line, missing.beforeId))
  }

  async #askTrades(line: ProductLine, beforeId: number): Promise<void> {
    const { market, door } = this.#place
    const { trades } = market.rest
    if (trades === undefined) return
    line.isAskingTrades = true
    try {
      const { code } = line.product
      const missing = line.builder.missing()
      if (missing === undefined) return
      const limit = Math.min(trades.pageMax, Math.max(1, beforeId - missing.afterId - 1))
      const page = await door.get(trades.path(code, beforeId, limit), 1, trades.read, this.#signal)
      line.builder.fill(page, this.#deps.timeline.monotonic())
      this.#takeBuilt(line)
    } finally {
      line.isAskingTrades = false
    }
  }

  #judgeStatus(): void {
    if (this.#signal.aborted) return
    const ban = this.#place.door.ban()
    if (ban !== undefined) {
      this.#sink.status({ state: 'down', reason: ban.reason, untilMs: ban.untilMs })
      return
    }
    const isLinked = this.#place.market.stream === undefined || this.#links.size > 0
    if (!isLinked) {
      this.#wasLive = false
      const state = this.#fault === undefined ? 'connecting' : 'down'
      this.#sink.status({ state, reason: this.#fault ?? null, untilMs: null })
      return
    }
    const venueMs = this.#place.clock.now()
    const lines = [...this.#lines.values()]
    const behind = lines.find(
      (line) => venueMs === undefined || line.behindMs(venueMs) >= (this.#wasLive ? 2 * closeGraceMs : 0),
    )
    if (behind === undefined) this.#wasLive = true
    const state = behind === undefined ? 'live' : this.#wasLive ? 'degraded' : 'backfilling'
    this.#sink.status({ state, reason: behind?.fault ?? null, untilMs: null })
  }
}
