import { asGate } from '@gatehouse/kernel/db'
import { type InputOf, prepareReply, type PreparedReply, type ReplyOf } from '@gatehouse/kernel/endpoint'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { z } from 'zod'
import { openCursor } from '../../../service/paging.ts'
import { type getHistory, type getRegime, type listRegimes, regimeReply } from '../contract/regime.ts'
import type { VolatilityDeps } from '../deps.ts'
import { toConfidence } from '../domain/confidence.ts'
import type { ToldChange } from '../domain/own-machine.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { problems } from '../problems.ts'
import { listTransitions } from '../store/snapshot-store.ts'
import type { Board, SeriesSnapshot } from './board.ts'
import type { WithPreset } from './choose-preset.ts'
import {
  assertFollowed,
  type ChosenPreset,
  choosePreset,
  chooseVenue,
  findSymbol,
  isFollowed,
  keyOfPreset,
} from './choose-series.ts'
import { listOwnChanges } from './own-standing.ts'
import { type Standing, standingOf } from './read-classified.ts'

type RegimeReply = z.input<typeof regimeReply>
type Asked<Query extends { readonly preset: string; readonly method: string }> = WithPreset<Query>
type ReadDeps = Pick<VolatilityDeps, 'board' | 'db' | 'histories'>

/** The state of a symbol; computed once per bar, and shared by all who may see it. */
export function readRegime(
  deps: ReadDeps,
  name: string,
  { timeframe, preset: named, venue: asked }: Asked<InputOf<typeof getRegime>['query']>,
): PreparedReply<RegimeReply> | Promise<PreparedReply<RegimeReply>> {
  const symbol = findSymbol(deps, name)
  const venue = chooseVenue(deps, symbol, asked)
  const preset = choosePreset(deps, { venue, symbol: symbol.symbol, timeframe }, named)
  return prepared(deps, { symbol: symbol.symbol, venue, timeframe, preset })
}

/**
 * The states of several symbols, or of all. Of all, symbols that their venue does not list, and those for which the
 * method is not calibrated, are omitted.
 */
export async function readRegimes(
  deps: ReadDeps,
  { symbols, timeframe, preset, venue: asked }: Asked<InputOf<typeof listRegimes>['query']>,
): Promise<{ readonly regimes: RegimeReply[] }> {
  const { board } = deps
  assertFollowed({ board }, preset)
  const chosen = symbols?.map((one) => findSymbol(deps, one))
  const carried = (chosen ?? board.symbols).flatMap((symbol) => {
    const venue = asked ?? symbol.primary
    const isListed =
      symbol.venues[venue] !== undefined && board.findMarket(venue, symbol.symbol)?.status !== 'not_listed'
    if (chosen === undefined && !isListed) return []
    return [{ symbol: symbol.symbol, venue: chooseVenue({ board }, symbol, asked), timeframe }]
  })
  const followed = carried.filter((one) => chosen !== undefined || isFollowed({ board }, one, preset))
  assertKnown(board)
  const regimes: RegimeReply[] = []
  // Sequential: concurrent reads would evict each other from the cache.
  for (const one of followed) {
    const of = { ...one, preset: choosePreset({ board }, one, preset) }
    const standing = standingOf(deps, board.find(one.venue, one.symbol, timeframe), of.preset)
    regimes.push(toReply(board, of, standing instanceof Promise ? await standing : standing))
  }
  return { regimes }
}

type Of = {
  readonly symbol: string
  readonly venue: Venue
  readonly timeframe: Timeframe
  readonly preset: ChosenPreset
}

const written = new WeakMap<SeriesSnapshot, Map<string, PreparedReply<RegimeReply>>>()

function prepared(deps: ReadDeps, of: Of): PreparedReply<RegimeReply> | Promise<PreparedReply<RegimeReply>> {
  const { board } = deps
  assertKnown(board)
  const snapshot = board.find(of.venue, of.symbol, of.timeframe)
  const write = (standing: Standing) => prepareReply(regimeReply, toReply(board, of, standing))
  if (snapshot === undefined) return write({ snapshot })
  const replies = written.get(snapshot) ?? new Map<string, PreparedReply<RegimeReply>>()
  written.set(snapshot, replies)
  const key = `${keyOfPreset(of.preset)}/${isStale(board, of)}/${board.isSimulated}`
  const known = replies.get(key)
  if (known !== undefined) return known
  const keep = (standing: Standing): PreparedReply<RegimeReply> => {
    const reply = write(standing)
    replies.set(key, reply)
    return reply
  }
  const standing = standingOf(deps, snapshot, of.preset)
  return standing instanceof Promise ? standing.then(keep) : keep(standing)
}

/** After a minute without the database, the data is too old to be served. */
function assertKnown(board: Board): void {
  if (board.standing() === 'unknown')
    throw problems.UNAVAILABLE({ detail: 'What is known is too old to be told', retryAfterSeconds: 5 })
}

function isStale(board: Board, { venue, symbol }: Pick<Of, 'venue' | 'symbol'>): boolean {
  return board.standing() !== 'fresh' || board.isStale(venue, symbol)
}

function toReply(
  board: Board,
  { symbol, venue, timeframe, preset }: Of,
  { snapshot, machine, newest }: Standing,
): RegimeReply {
  const stale = isStale(board, { venue, symbol })
  const reading = machine?.reading ?? snapshot?.reading ?? null
  const barsUntilReady = machine?.barsUntilReady ?? snapshot?.barsUntilReady ?? barsToBegin
  const isWarm = barsUntilReady === 0
  const endMs = reading === null ? null : reading.openMs + intervalMs[timeframe]
  const enteredMs = machine?.enteredMs ?? null
  const status = stale ? 'stale' : isWarm ? 'ok' : 'warming_up'
  const regime = isWarm ? (machine?.state.regime ?? null) : null
  const garmanKlass = snapshot?.estimates.garmanKlass ?? null
  const told = { endMs: endMs ?? 0, regime, z: reading?.z ?? null, garmanKlass }
  const { confidence, probabilities, sample, tableMs, reason } = toConfidence(told, snapshot?.table)
  return {
    symbol,
    timeframe,
    regime,
    z_vol: reading?.z ?? null,
    realized_vol: reading?.rv ?? null,
    baseline_vol: reading?.baseline ?? null,
    close: reading?.close ?? null,
    last_update_ms: endMs,
    seconds_in_state: isWarm && endMs !== null && enteredMs !== null ? (endMs - enteredMs) / 1_000 : null,
    last_transition: newest === undefined ? null : toTransitionReply(newest),
    warmup: !isWarm,
    parkinson_vol: snapshot?.estimates.parkinson ?? null,
    garman_klass_vol: garmanKlass,
    rogers_satchell_vol: snapshot?.estimates.rogersSatchell ?? null,
    yang_zhang_vol: snapshot?.estimates.yangZhang ?? null,
    ewma_vol: snapshot?.estimates.ewma ?? null,
    computed_at_ms: snapshot?.computedAtMs ?? null,
    confidence,
    probabilities,
    confidence_sample: sample,
    confidence_table_ms: tableMs,
    confidence_reason: reason,
    status,
    stale,
    bars_until_ready: barsUntilReady,
    venue,
    feed: board.isSimulated ? 'simulated' : 'live',
    preset: preset.preset,
    preset_version: preset.version,
    method: preset.method,
    calibration: {
      fitted: preset.calibration?.isFitted ?? false,
      data_from_ms: preset.calibration?.dataFromMs ?? null,
      data_to_ms: preset.calibration?.dataToMs ?? null,
    },
  }
}

/** Bars needed by a series without any. */
const barsToBegin = 270

type TransitionReply = NonNullable<RegimeReply['last_transition']>

function toTransitionReply(one: ToldChange): TransitionReply {
  const { seq, from, to, tsMs, z, rv, baseline, close, presetVersion, reason, late } = one
  return {
    ts_ms: tsMs,
    from,
    to,
    from_regime: from,
    to_regime: to,
    z_vol: z,
    realized_vol: rv,
    baseline_vol: baseline,
    close,
    seq,
    preset_version: presetVersion,
    reason,
    late,
  }
}

type Page = {
  /** From this time on; undefined: no limit. */
  readonly startMs: number | undefined
  readonly toMs: number | undefined
  readonly limit: number
}

/** Regime changes, ascending. */
export async function readHistory(
  deps: ReadDeps & Pick<VolatilityDeps, 'cursors'>,
  name: string,
  query: Asked<InputOf<typeof getHistory>['query']>,
): Promise<ReplyOf<typeof getHistory>> {
  const { timeframe, limit, from_ms: fromMs, to_ms: toMs, cursor } = query
  const { symbol, ...carried } = findSymbol(deps, name)
  const venue = chooseVenue(deps, { symbol, ...carried }, query.venue)
  const preset = choosePreset(deps, { venue, symbol, timeframe }, query.preset)
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'from_ms', message: 'must not be after to_ms' }] })
  const list = `history ${venue} ${symbol} ${timeframe} ${keyOfPreset(preset)}`
  const position = openCursor(deps, list, instanceOrgId, cursor)
  const afterMs = position === undefined ? undefined : Number(position)
  const startMs = afterMs === undefined ? fromMs : afterMs + 1
  const snapshot = deps.board.find(venue, symbol, timeframe)
  const page = { startMs, toMs, limit: limit + 1 }
  const { found, anchorMs } =
    snapshot === undefined
      ? { found: [], anchorMs: null }
      : preset.own === undefined
        ? { found: await listBuiltInChanges(deps, snapshot, preset, page), anchorMs: null }
        : await listOwnChanges(deps, snapshot, preset.own, page)
  const hasMore = startMs !== undefined && found.length > limit
  const shown = startMs === undefined ? found.slice(-limit) : found.slice(0, limit)
  const last = shown.at(-1)
  return {
    symbol,
    timeframe,
    source: 'archive',
    count: shown.length,
    transitions: shown.map(toTransitionReply),
    preset: preset.preset,
    method: preset.method,
    venue,
    anchor_ms: anchorMs,
    next_cursor:
      hasMore && last !== undefined ? deps.cursors.seal(list, instanceOrgId, String(last.tsMs)) : null,
  }
}

async function listBuiltInChanges(
  deps: ReadDeps,
  { seriesId }: SeriesSnapshot,
  { preset, method }: ChosenPreset,
  { startMs, toMs, limit }: Page,
): Promise<readonly ToldChange[]> {
  return asGate(deps, (tx) =>
    listTransitions(tx, {
      seriesId,
      preset,
      method,
      fromMs: startMs ?? null,
      toMs: toMs ?? null,
      limit,
      end: startMs === undefined ? 'newest' : 'oldest',
    }),
  )
}
