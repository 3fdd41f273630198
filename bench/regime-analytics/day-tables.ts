import type { Database } from '@gatehouse/kernel/db'
import type { ComputingDeps } from '../../packages/server/src/services/volatility/deps.ts'
import { dayMs } from '../../packages/server/src/services/volatility/domain/day-table.ts'
import { makeTablesOf } from '../../packages/server/src/services/volatility/usecases/make-day-tables.ts'
import { MarketBook } from '../../packages/server/src/services/volatility/usecases/market-book.ts'
import { alone, type Measured } from '../figure.ts'

const goalSeconds = 20
/** Whose bars are stored. */
const venue = 'binance'

/** What a midnight costs: a table of each timeframe of every symbol, from the bars that are stored. */
export async function measureDayTables(db: Database, deps: ComputingDeps, nowMs: number): Promise<Measured> {
  const book = new MarketBook({ db })
  const markets = await book.load(venue)
  const midnightMs = Math.floor(nowMs / dayMs) * dayMs
  // Threads start with the first of them.
  const [first] = markets
  if (first !== undefined) await makeTablesOf(deps, first, midnightMs - dayMs)
  const startedMs = performance.now()
  for (const market of markets) await makeTablesOf(deps, market, midnightMs)
  const seconds = (performance.now() - startedMs) / 1_000
  const { rows } = await db.pool.query<{ tables: number }>(
    'SELECT count(*)::int AS tables FROM volatility.day_table WHERE day_ms = $1',
    [midnightMs],
  )
  const made = rows[0]?.tables ?? 0
  return alone(
    {
      name: 'regime-analytics-day-tables',
      unit: `s for the ${made} tables of a midnight, ${markets.length} symbols on 6 timeframes`,
      goal: '< 20 s',
    },
    seconds,
    seconds < goalSeconds && made === 6 * markets.length,
  )
}
