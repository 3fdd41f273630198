import { setImmediate } from 'node:timers/promises'
import { asWriter, type Database, type WriterTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { bucketOf } from '../domain/combine-bars.ts'
import { toConfidence, type ToldTable } from '../domain/confidence.ts'
import { midnightOf } from '../domain/day-table.ts'
import type { BarFault } from '../domain/judge-bar.ts'
import type { Step } from '../domain/market.ts'
import type { MinuteBar, TimeRange } from '../domain/minute-gate.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { dayKey, findDayTables, type OfDay } from '../store/day-table-store.ts'
import {
  findMinutes,
  insertAbsences,
  insertBars,
  insertCheckpoints,
  insertEvents,
  insertLateBars,
  insertTransitions,
  type LateBar,
  lockEpochs,
  minuteKey,
  type NewEvent,
  type NewTransition,
  noteNewestBar,
  saveMachines,
  saveSeries,
  SeriesChanged,
  takeNumbers,
  tellOfBars,
} from '../store/ingest-store.ts'
import type { BookedMarket, MarketBook } from './market-book.ts'
import { toTransitionEvent } from './regime-events.ts'

/** New minutes of one market. */
export type Offer = {
  readonly booked: BookedMarket
  readonly bars: readonly MinuteBar[]
  /** The range that the venue answered for: a minute missing from the bars does not exist. */
  readonly covered?: TimeRange
}

export type IngestDeps = {
  readonly db: Database
  readonly book: MarketBook
  /** Unix time in milliseconds on this node's clock. */
  readonly now: () => number
  /** Monotonic milliseconds, by which waiting times are measured. */
  readonly monotonic: () => number
  /** Unix time in milliseconds on a venue's clock. */
  readonly venueNow: (venue: Venue) => number
  /** Whether it is the symbol's primary market; changes of others are not published. */
  readonly isPrimary: (venue: Venue, symbol: string) => boolean
  /** Further writes in the same transaction: for organisations' presets and webhooks. */
  readonly alongside: readonly ((tx: WriterTx, ingested: Ingested) => Promise<void>)[]
  /** Makes the day tables of a midnight that a market has reached; without it, bars do not wait for tables. */
  readonly makeTables?: (booked: BookedMarket, midnightMs: number) => Promise<void>
  /** Called after each commit. */
  readonly onCommit: (ingested: Ingested) => void
}

export type Ingested = {
  readonly steps: readonly { readonly booked: BookedMarket; readonly step: Step }[]
  readonly transitions: readonly NewTransition[]
  readonly events: readonly NewEvent[]
  /** Day tables for the newest bars, and for those that completed changes, by `dayKey`. */
  readonly tables: ReadonlyMap<string, ToldTable>
  readonly atMs: number
}

export type IngestOutcome = {
  /** Accepted closed bars of all timeframes. */
  readonly accepted: number
  readonly refused: Readonly<Partial<Record<BarFault, number>>>
  readonly late: number
}

/** Another node owns the feed now; nothing was written. */
export class FormerOwner extends Error {
  constructor(venues: readonly string[]) {
    super(`Another node owns the feed of ${venues.join(', ')}`)
  }
}

/** The event loop has its turn after so many markets: the end of a day closes six bars of each. */
const marketsPerTurn = 10

const patience = { suspectMs: volatilityPolicy.closeGraceMs, holeMs: volatilityPolicy.gapWaitMs }

/**
 * Processes closed minutes of any number of markets: bars, series, machines, transitions and events are committed
 * together, after a check of each venue's epoch. If that fails, nothing is written, and the state in memory is read
 * again.
 */
export function ingestMinutes(
  deps: IngestDeps,
  offers: readonly Offer[],
  epochs: ReadonlyMap<Venue, number>,
): Promise<IngestOutcome> {
  return withNewestSeries(deps, offers, (newest) => takeMinutes(deps, newest, epochs))
}

async function takeMinutes(
  deps: IngestDeps,
  offers: readonly Offer[],
  epochs: ReadonlyMap<Venue, number>,
): Promise<IngestOutcome> {
  const atMs = deps.now()
  const refused: Partial<Record<BarFault, number>> = {}
  const behind: { readonly booked: BookedMarket; readonly bar: MinuteBar }[] = []
  const steps: Ingested['steps'][number][] = []
  for (const { booked, bars, covered } of offers) {
    if (steps.length > 0 && steps.length % marketsPerTurn === 0) await setImmediate()
    const { gate } = booked.market
    const venueNowMs = deps.venueNow(booked.venue)
    for (const bar of bars) {
      const offered = gate.offer(bar, venueNowMs)
      if (offered.kind === 'behind') behind.push({ booked, bar })
      if (offered.kind === 'refused') refused[offered.because] = (refused[offered.because] ?? 0) + 1
    }
    if (covered !== undefined) gate.cover(covered)
    steps.push({ booked, step: booked.market.drain(deps.monotonic(), patience, limitOf(deps, booked)) })
  }
  const late = await commitSteps(deps, steps, behind, epochs, atMs)
  const accepted = steps.reduce((sum, { step }) => sum + step.bars.length, 0)
  const held = await passMidnight(deps, offers)
  if (held.length === 0) return { accepted, refused, late }
  const rest = await ingestMinutes(deps, held, epochs)
  return { accepted: accepted + rest.accepted, refused, late }
}

/**
 * The time before which minutes may be processed: those of a day wait for the day tables of its midnight, so that a
 * bar's first reply never changes later (specification 7.8). The history of a newly carried market does not wait.
 */
function limitOf(
  { makeTables }: Pick<IngestDeps, 'makeTables'>,
  { tables, carriedSinceMs }: BookedMarket,
): number {
  if (makeTables === undefined) return Number.POSITIVE_INFINITY
  const historyEndMs = Math.floor(carriedSinceMs / intervalMs['1m']) * intervalMs['1m']
  return Math.max(historyEndMs, tables.throughMs + intervalMs['1d'])
}

/** Markets whose next minute waits for the tables of its day, once these are made. */
async function passMidnight(deps: IngestDeps, offers: readonly Offer[]): Promise<readonly Offer[]> {
  const { makeTables } = deps
  if (makeTables === undefined) return []
  const held: Offer[] = []
  for (const { booked } of offers) {
    const nextMs = booked.market.gate.heldAt(limitOf(deps, booked))
    if (nextMs === undefined) continue
    const midnightMs = bucketOf('1d', nextMs)
    await makeTables(booked, midnightMs)
    booked.tables.throughMs = midnightMs
    held.push({ booked, bars: [] })
  }
  return held
}

/** Takes the venue's own bars of a longer timeframe: history from before the first minute. */
export function ingestOwnBars(
  deps: IngestDeps,
  booked: BookedMarket,
  timeframe: Timeframe,
  bars: readonly MinuteBar[],
  epochs: ReadonlyMap<Venue, number>,
): Promise<IngestOutcome> {
  return withNewestSeries(deps, [{ booked }], async (newest) => {
    const steps = newest.map((one) => ({
      booked: one.booked,
      step: one.booked.market.takeOwn(timeframe, bars),
    }))
    await commitSteps(deps, steps, [], epochs, deps.now())
    return { accepted: steps.reduce((sum, { step }) => sum + step.bars.length, 0), refused: {}, late: 0 }
  })
}

/** Retries on the stored state if a series was changed by something other than its feed: an applied calibration. */
async function withNewestSeries<One extends { readonly booked: BookedMarket }>(
  { book }: Pick<IngestDeps, 'book'>,
  offers: readonly One[],
  take: (offers: readonly One[]) => Promise<IngestOutcome>,
): Promise<IngestOutcome> {
  try {
    return await take(offers)
  } catch (error) {
    if (!(error instanceof SeriesChanged)) throw error
    await book.refresh()
    return take(
      offers.map((offer) => ({
        ...offer,
        booked: book.find(offer.booked.venue, offer.booked.symbol) ?? offer.booked,
      })),
    )
  }
}

type Steps = Ingested['steps']

async function commitSteps(
  deps: IngestDeps,
  all: Steps,
  behind: readonly { readonly booked: BookedMarket; readonly bar: MinuteBar }[],
  epochs: ReadonlyMap<Venue, number>,
  atMs: number,
): Promise<number> {
  const steps = all.filter(({ step }) => step.touched.size > 0)
  if (steps.length === 0 && behind.length === 0) return 0
  try {
    const written = await asWriter(deps, async (tx) => {
      await assertOwner(tx, [...steps, ...behind], epochs)
      const late = await writeLate(tx, behind, atMs)
      const ingested = await write(deps, tx, steps, atMs)
      for (const work of deps.alongside) await work(tx, ingested)
      return { late, ingested }
    })
    for (const { booked, step } of steps)
      for (const timeframe of step.touched)
        for (const machine of booked.market.tracker(timeframe).machines) booked.saved.add(machine)
    if (steps.length > 0) deps.onCommit(written.ingested)
    return written.late
  } catch (error) {
    deps.book.distrust(steps.map(({ booked }) => booked))
    throw error
  }
}

async function assertOwner(
  tx: WriterTx,
  of: readonly { readonly booked: BookedMarket }[],
  epochs: ReadonlyMap<Venue, number>,
): Promise<void> {
  const held = await lockEpochs(tx, epochs)
  const lost = [...new Set(of.map(({ booked }) => booked.venue))].filter((venue) => !held.has(venue))
  if (lost.length > 0) throw new FormerOwner(lost)
}

/** Repeats of stored bars are ignored; other bars behind the cursor are stored as late, without effect. */
async function writeLate(
  tx: WriterTx,
  behind: readonly { readonly booked: BookedMarket; readonly bar: MinuteBar }[],
  atMs: number,
): Promise<number> {
  if (behind.length === 0) return 0
  const stored = await findMinutes(
    tx,
    behind.map(({ booked: { marketId }, bar: { openMs } }) => ({ marketId, openMs })),
  )
  const late = behind.flatMap(({ booked: { marketId }, bar }): readonly LateBar[] => {
    const known = stored.get(minuteKey(marketId, bar.openMs))
    if (known === undefined) return [{ ...bar, marketId, reason: 'behind_cursor' }]
    const isSame = (['open', 'high', 'low', 'close', 'volume'] as const).every(
      (name) => known[name] === bar[name],
    )
    return isSame ? [] : [{ ...bar, marketId, reason: 'changed' }]
  })
  await insertLateBars(tx, late, atMs)
  return late.length
}

async function write(
  deps: Pick<IngestDeps, 'isPrimary'>,
  tx: WriterTx,
  steps: Steps,
  atMs: number,
): Promise<Ingested> {
  const ofMarket = <T>(pick: (step: Step) => readonly T[]) =>
    steps.flatMap(({ booked: { marketId }, step }) => pick(step).map((one) => ({ ...one, marketId })))
  await insertBars(
    tx,
    ofMarket(({ bars }) => bars),
  )
  await insertAbsences(
    tx,
    ofMarket(({ absences }) => absences),
    atMs,
  )
  const touched = steps.flatMap(({ booked, step }) =>
    [...step.touched].map((timeframe) => ({
      booked,
      seriesId: booked.series[timeframe].seriesId,
      edition: booked.series[timeframe].edition,
      tracker: booked.market.tracker(timeframe),
    })),
  )
  if (touched.length > 0)
    await saveSeries(
      tx,
      touched.map(({ seriesId, edition, tracker }) => ({ seriesId, edition, state: tracker.state() })),
      atMs,
    )
  await saveMachines(
    tx,
    touched.flatMap(({ booked, seriesId, tracker }) =>
      tracker.machines.flatMap((machine) => (booked.saved.has(machine) ? [] : [{ ...machine, seriesId }])),
    ),
  )
  await insertCheckpoints(
    tx,
    steps.flatMap(({ booked, step }) =>
      step.checkpoints.map(({ timeframe, openMs, state }) => {
        const { seriesId, version: seriesVersion } = booked.series[timeframe]
        return { seriesId, seriesVersion, openMs, state }
      }),
    ),
  )
  // Read after writing the series' rows: a table made concurrently waits for them, and does not apply to these bars.
  const tables = await findDayTables(tx, tablesWanted(steps))
  const told = await writeTransitions(deps, tx, steps, tables, atMs)
  const venues = [...new Set(steps.map(({ booked }) => booked.venue))]
  for (const venue of venues) {
    const ends = steps.flatMap(({ booked, step }) =>
      booked.venue === venue ? step.bars.map(({ openMs, timeframe }) => openMs + intervalMs[timeframe]) : [],
    )
    if (ends.length > 0)
      await noteNewestBar(
        tx,
        venue,
        ends.reduce((a, b) => Math.max(a, b)),
      )
  }
  await tellOfBars(tx, venues)
  return { steps, ...told, tables, atMs }
}

function tablesWanted(steps: Steps): readonly OfDay[] {
  const wanted = steps.flatMap(({ booked, step }) => {
    const ends = [
      ...step.moves.flatMap(({ timeframe, reading, transitions }) =>
        transitions.length === 0 ? [] : [{ timeframe, openMs: reading.openMs }],
      ),
      ...[...step.touched].flatMap((timeframe) => {
        const { reading } = booked.market.tracker(timeframe)
        return reading === null ? [] : [{ timeframe, openMs: reading.openMs }]
      }),
    ]
    return ends.map(({ timeframe, openMs }) => ({
      seriesId: booked.series[timeframe].seriesId,
      dayMs: midnightOf(openMs + intervalMs[timeframe]),
    }))
  })
  return [...new Map(wanted.map((one) => [dayKey(one), one])).values()]
}

async function writeTransitions(
  { isPrimary }: Pick<IngestDeps, 'isPrimary'>,
  tx: WriterTx,
  steps: Steps,
  tables: Ingested['tables'],
  atMs: number,
): Promise<Pick<Ingested, 'transitions' | 'events'>> {
  const found = steps.flatMap(({ booked, step }) =>
    step.moves.flatMap(({ timeframe, transitions, garmanKlass }) =>
      transitions.map((transition) => ({ booked, timeframe, transition, garmanKlass })),
    ),
  )
  if (found.length === 0) return { transitions: [], events: [] }
  const inOrder = found.toSorted((a, b) => a.transition.tsMs - b.transition.tsMs)
  const first = await takeNumbers(tx, inOrder.length)
  const rows = inOrder.map(({ transition, booked, timeframe, ...of }, index) => {
    const { seriesId, version: seriesVersion } = booked.series[timeframe]
    const late = atMs - transition.tsMs > volatilityPolicy.staleAfterMs
    return {
      ...of,
      booked,
      timeframe,
      row: { ...transition, seq: first + index, seriesId, seriesVersion, late },
    }
  })
  const transitions = rows.map(({ row }) => row)
  await insertTransitions(tx, transitions)
  const events = rows.flatMap(({ booked, timeframe, garmanKlass, row }): readonly NewEvent[] => {
    const { venue, symbol, carriedSinceMs } = booked
    const isTold =
      row.tsMs > carriedSinceMs &&
      isPrimary(venue, symbol) &&
      atMs - row.tsMs <= volatilityPolicy.publishLateMaxMs
    if (!isTold) return []
    const id = `evt_${newId(atMs)}`
    const { seriesId, tsMs: endMs, to: regime } = row
    // In a reset, it is that of a bar before the gap.
    const z = row.reason === 'reset' ? null : row.z
    const table = tables.get(dayKey({ seriesId, dayMs: midnightOf(endMs) }))
    const { confidence } = toConfidence({ endMs, regime, z, garmanKlass }, table)
    const told = { id, symbol, venue, timeframe, transition: row, sentMs: atMs, confidence }
    const body = toTransitionEvent(told)
    return [{ seq: row.seq, id, orgId: null, type: 'regime.transition', body }]
  })
  await insertEvents(tx, events, atMs)
  return { transitions, events }
}
