import { asGate } from '@gatehouse/kernel/db'
import { type InputOf, prepareReply, type PreparedReply, type ReplyOf } from '@gatehouse/kernel/endpoint'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { z } from 'zod'
import { openCursor } from '../../../service/paging.ts'
import { type getHistory, type getRegime, type listRegimes, regimeReply } from '../contract/regime.ts'
import type { VolatilityDeps } from '../deps.ts'
import { toConfidence } from '../domain/confidence.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { problems } from '../problems.ts'
import { listTransitions, type StoredTransition } from '../store/snapshot-store.ts'
import { type Board, machineKey, type SeriesSnapshot } from './board.ts'
import {
  assertFollowed,
  type ChosenPreset,
  choosePreset,
  chooseVenue,
  findSymbol,
  isFollowed,
} from './choose-series.ts'

type RegimeReply = z.input<typeof regimeReply>
type Query = InputOf<typeof getRegime>['query']
type ReadDeps = Pick<VolatilityDeps, 'board' | 'cursors' | 'db'>

/** How a symbol stands; made once for each bar, and given to all who ask. */
export function readRegime(
  { board }: Pick<VolatilityDeps, 'board'>,
  name: string,
  { timeframe, preset: presetName, method, venue: asked }: Query,
): PreparedReply<RegimeReply> {
  const symbol = findSymbol({ board }, name)
  const venue = chooseVenue({ board }, symbol, asked)
  const series = { venue, symbol: symbol.symbol, timeframe }
  const preset = choosePreset({ board }, series, presetName, method)
  return prepared(board, { symbol: symbol.symbol, venue, timeframe, preset })
}

/**
 * How several symbols stand, or all of them. Of all, those are left out that their venue does not list, and those that the
 * method is not calibrated for.
 */
export function readRegimes(
  { board }: Pick<VolatilityDeps, 'board'>,
  { symbols, timeframe, preset, method, venue: asked }: InputOf<typeof listRegimes>['query'],
): ReplyOf<typeof listRegimes> {
  assertFollowed({ board }, preset, method)
  const chosen = symbols?.map((name) => findSymbol({ board }, name))
  const carried = (chosen ?? board.symbols).flatMap((symbol) => {
    const venue = asked ?? symbol.primary
    const isListed =
      symbol.venues[venue] !== undefined && board.findMarket(venue, symbol.symbol)?.status !== 'not_listed'
    if (chosen === undefined && !isListed) return []
    return [{ symbol: symbol.symbol, venue: chooseVenue({ board }, symbol, asked), timeframe }]
  })
  const followed = carried.filter(
    (one) => chosen !== undefined || isFollowed({ board }, one, { preset, method }),
  )
  assertKnown(board)
  return {
    regimes: followed.map((one) =>
      toReply(board, { ...one, preset: choosePreset({ board }, one, preset, method) }),
    ),
  }
}

type Of = {
  readonly symbol: string
  readonly venue: Venue
  readonly timeframe: Timeframe
  readonly preset: ChosenPreset
}

const written = new WeakMap<SeriesSnapshot, Map<string, PreparedReply<RegimeReply>>>()

function prepared(board: Board, of: Of): PreparedReply<RegimeReply> {
  assertKnown(board)
  const snapshot = board.find(of.venue, of.symbol, of.timeframe)
  if (snapshot === undefined) return prepareReply(regimeReply, toReply(board, of))
  const replies = written.get(snapshot) ?? new Map<string, PreparedReply<RegimeReply>>()
  written.set(snapshot, replies)
  const key = `${machineKey(of.preset)}/${isStale(board, of)}/${board.isSimulated}`
  const reply = replies.get(key) ?? prepareReply(regimeReply, toReply(board, of))
  replies.set(key, reply)
  return reply
}

/** Without the database for a minute, what is known is too old to be told. */
function assertKnown(board: Board): void {
  if (board.standing() === 'unknown')
    throw problems.UNAVAILABLE({ detail: 'The database cannot be reached', retryAfterSeconds: 5 })
}

function isStale(board: Board, { venue, symbol }: Pick<Of, 'venue' | 'symbol'>): boolean {
  return board.standing() !== 'fresh' || board.isStale(venue, symbol)
}

function toReply(board: Board, { symbol, venue, timeframe, preset }: Of): RegimeReply {
  const snapshot = board.find(venue, symbol, timeframe)
  const stale = isStale(board, { venue, symbol })
  const machine = snapshot?.machines.find((one) => machineKey(one) === machineKey(preset))
  const reading = machine?.reading ?? snapshot?.reading ?? null
  const newest = snapshot?.newest.get(machineKey(preset))
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

/** Of a series without a bar. */
const barsToBegin = 270

type TransitionReply = NonNullable<RegimeReply['last_transition']>

function toTransitionReply(one: StoredTransition): TransitionReply {
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

/** The changes of a regime, ascending. */
export async function readHistory(
  deps: ReadDeps,
  name: string,
  query: InputOf<typeof getHistory>['query'],
): Promise<ReplyOf<typeof getHistory>> {
  const { timeframe, preset: presetName, method, limit, from_ms: fromMs, to_ms: toMs, cursor } = query
  const { symbol, ...carried } = findSymbol(deps, name)
  const venue = chooseVenue(deps, { symbol, ...carried }, query.venue)
  const { preset } = choosePreset(deps, { venue, symbol, timeframe }, presetName, method)
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'from_ms', message: 'must not be after to_ms' }] })
  const list = `history ${venue} ${symbol} ${timeframe} ${preset} ${method}`
  const position = openCursor(deps, list, instanceOrgId, cursor)
  const afterMs = position === undefined ? undefined : Number(position)
  const startMs = afterMs === undefined ? fromMs : afterMs + 1
  const seriesId = deps.board.find(venue, symbol, timeframe)?.seriesId
  const found =
    seriesId === undefined
      ? []
      : await asGate(deps, (tx) =>
          listTransitions(tx, {
            seriesId,
            preset,
            method,
            fromMs: startMs ?? null,
            toMs: toMs ?? null,
            limit: limit + 1,
            end: startMs === undefined ? 'newest' : 'oldest',
          }),
        )
  const hasMore = startMs !== undefined && found.length > limit
  const shown = startMs === undefined ? found.slice(-limit) : found.slice(0, limit)
  const last = shown.at(-1)
  return {
    symbol,
    timeframe,
    source: 'archive',
    count: shown.length,
    transitions: shown.map(toTransitionReply),
    preset,
    method,
    venue,
    next_cursor:
      hasMore && last !== undefined ? deps.cursors.seal(list, instanceOrgId, String(last.tsMs)) : null,
  }
}
