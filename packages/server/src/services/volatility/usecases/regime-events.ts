import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import type { NewTransition } from '../store/ingest-store.ts'

export type ToldTransition = {
  readonly id: string
  readonly symbol: string
  readonly venue: Venue
  readonly timeframe: Timeframe
  readonly transition: NewTransition
  readonly sentMs: number
  readonly confidence: number | null
}

/** A change in the form of every channel: one flat object (specification 10). */
export function toTransitionEvent({
  id,
  symbol,
  venue,
  timeframe,
  transition,
  sentMs,
  confidence,
}: ToldTransition) {
  const { seq, tsMs, from, to, z, rv, baseline, close, preset, presetVersion, method, reason, late } =
    transition
  return {
    id,
    type: 'regime.transition',
    seq,
    ts_ms: tsMs,
    sent_ms: sentMs,
    symbol,
    timeframe,
    venue,
    from,
    to,
    from_regime: from,
    to_regime: to,
    z_vol: z,
    realized_vol: rv,
    baseline_vol: baseline,
    close,
    preset,
    preset_version: presetVersion,
    method,
    reason,
    late,
    delayed_seconds: late ? (sentMs - tsMs) / 1_000 : 0,
    confidence,
  }
}

export type ToldStaleness = {
  readonly id: string
  readonly seq: number
  readonly type: 'regime.stale' | 'regime.recovered'
  readonly symbol: string
  readonly venue: Venue
  readonly lastUpdateMs: number
  readonly atMs: number
}

/** A symbol that became stale, or recovered. */
export function toStalenessEvent({ id, seq, type, symbol, venue, lastUpdateMs, atMs }: ToldStaleness) {
  return { id, type, seq, ts_ms: atMs, sent_ms: atMs, symbol, venue, last_update_ms: lastUpdateMs }
}
