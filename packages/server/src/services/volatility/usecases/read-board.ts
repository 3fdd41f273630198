import type { BoardReply } from '../contract/board.ts'
import type { VolatilityDeps } from '../deps.ts'
import { timeframes } from '../domain/timeframe.ts'
import type { AskedPreset } from './choose-preset.ts'
import { readRegimes } from './read-regime.ts'

type Row = BoardReply['symbols'][number]
type Cell = NonNullable<Row['cells']['1m']>

const noCells: Row['cells'] = { '1m': null, '5m': null, '15m': null, '1h': null, '4h': null, '1d': null }

/** All symbols on all timeframes, with the same values as their own replies. */
export async function readBoard(
  deps: Pick<VolatilityDeps, 'board' | 'db' | 'histories'>,
  preset: AskedPreset,
): Promise<BoardReply> {
  const rows = new Map<string, Row>()
  for (const timeframe of timeframes) {
    const { regimes } = await readRegimes(deps, { timeframe, preset })
    for (const one of regimes) {
      const { symbol, venue, close, last_update_ms, stale } = one
      const row = rows.get(symbol) ?? { symbol, venue, close, last_update_ms, stale, cells: noCells }
      const cell: Cell = {
        regime: one.regime,
        z_vol: one.z_vol,
        realized_vol: one.realized_vol,
        seconds_in_state: one.seconds_in_state,
        confidence: one.confidence,
        confidence_sample: one.confidence_sample,
        confidence_reason: one.confidence_reason,
        bars_until_ready: one.bars_until_ready,
      }
      rows.set(symbol, { ...row, cells: { ...row.cells, [timeframe]: cell } })
    }
  }
  return {
    preset: preset.preset,
    method: preset.method,
    feed: deps.board.isSimulated ? 'simulated' : 'live',
    timeframes: [...timeframes],
    symbols: [...rows.values()],
  }
}
