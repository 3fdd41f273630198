import type { Regime } from './regime-code.ts'

/** An event as it is published; members that only transitions have are absent in others. */
export type ToldEvent = {
  readonly id: string
  readonly type: string
  readonly tsMs: number
  readonly symbol: string
  readonly venue: string | undefined
  readonly timeframe: string | undefined
  readonly from: Regime | undefined
  readonly to: Regime | undefined
  readonly z: number | undefined
  readonly rv: number | undefined
  readonly baseline: number | undefined
  readonly close: number | undefined
  readonly preset: string | undefined
}

/** For example `BTCUSDT 1m: normal → high`. */
export function toTitle({ type, symbol, timeframe, from, to }: ToldEvent): string {
  const name = symbol.toUpperCase()
  if (from !== undefined && to !== undefined) return `${name} ${timeframe ?? ''}: ${from} → ${to}`
  if (type === 'regime.stale') return `${name}: no data`
  return type === 'regime.recovered' ? `${name}: data again` : `${name}: test`
}

/** For example `z 4.93 · realised 0.61 · baseline 0.29 · close 17512.33`; unknown values are left out. */
export function toFacts({ z, rv, baseline, close }: ToldEvent): string {
  return [
    z === undefined ? [] : `z ${z.toFixed(2)}`,
    rv === undefined ? [] : `realised ${rv.toFixed(2)}`,
    baseline === undefined ? [] : `baseline ${baseline.toFixed(2)}`,
    close === undefined ? [] : `close ${close}`,
  ]
    .flat()
    .join(' · ')
}

/** Parses an event's flat object (specification 10). */
export function toToldEvent(body: Readonly<Record<string, unknown>>): ToldEvent {
  const text = (name: string): string | undefined => {
    const value = body[name]
    return typeof value === 'string' ? value : undefined
  }
  const number = (name: string): number | undefined => {
    const value = body[name]
    return typeof value === 'number' ? value : undefined
  }
  return {
    id: text('id') ?? '',
    type: text('type') ?? '',
    tsMs: number('ts_ms') ?? 0,
    symbol: text('symbol') ?? '',
    venue: text('venue'),
    timeframe: text('timeframe'),
    from: toRegime(body['from']),
    to: toRegime(body['to']),
    z: number('z_vol'),
    rv: number('realized_vol'),
    baseline: number('baseline_vol'),
    close: number('close'),
    preset: text('preset'),
  }
}

function toRegime(value: unknown): Regime | undefined {
  return value === 'low' || value === 'normal' || value === 'high' ? value : undefined
}
