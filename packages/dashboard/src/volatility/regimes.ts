import type { Gatehouse } from '@gatehouse/sdk'

type Calls = Gatehouse['volatility']
export type Board = Awaited<ReturnType<Calls['getBoard']>>
export type BoardRow = Board['symbols'][number]
export type BoardCell = NonNullable<BoardRow['cells']['1m']>
export type Series = Awaited<ReturnType<Calls['getSeries']>>
export type RegimeNow = Awaited<ReturnType<Calls['getRegime']>>
export type Impact = Awaited<ReturnType<Calls['getImpact']>>
export type Preset = Awaited<ReturnType<Calls['presets']['list']>>['presets'][number]
export type Preview = Awaited<ReturnType<Calls['members']['presets']['preview']>>
export type Quality = Awaited<ReturnType<Calls['getQuality']>>

export const regimes = ['low', 'normal', 'high'] as const
export type Regime = (typeof regimes)[number]

export const timeframes = ['1m', '5m', '15m', '1h', '4h', '1d'] as const
export type Timeframe = (typeof timeframes)[number]

/** Parses the timeframe in an address. */
export function readTimeframe(said: string | undefined, otherwise: Timeframe = '1h'): Timeframe {
  return timeframes.find((known) => known === said) ?? otherwise
}

export function toShownSymbol(symbol: string): string {
  return symbol.toUpperCase()
}

/** Polling interval for current values. */
export const nowEveryMs = 10_000
