import { barsUpTo } from '../../packages/server/src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../../packages/server/src/services/volatility/testing/filled-markets.ts'
import { startWholeServer } from '../whole-server.ts'
import { sizes } from './sizes.ts'

const seed = 11
const [folder = ''] = process.argv.slice(2)

/** Stores three series of minutes in the database of a folder, in a process that is over before anything is measured. */
const server = await startWholeServer(folder, 'volatility')
const nowMs = Date.now()
const markets = await openFilledMarkets(server.db, nowMs)
for (const { symbol, bars } of sizes)
  await markets.fill('binance', symbol, '1m', barsUpTo(drawBars('1m', bars, seed), '1m', nowMs))
await markets.stop()
await server.stop()
