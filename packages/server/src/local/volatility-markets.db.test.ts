import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commands } from '../../../cli/src/commands/index.ts'
import { run } from '../../../cli/src/run.ts'
import { drawBars } from '../services/volatility/fixtures/drawn-bars.ts'
import { testMarkets, type TestMarkets, toMinutes } from '../services/volatility/testing/test-markets.ts'
import { makeInstance } from './fixtures/make-instance.ts'

const bars = toMinutes(drawBars('1m', 600, 3))
const endMs = (bars.at(-1)?.openMs ?? 0) + 60_000

let markets: TestMarkets
let folder: string
beforeAll(async () => {
  markets = await testMarkets(['btcusdt', 'ethusdt'], endMs)
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-markets-'))
  await makeInstance(join(folder, 'data'))
  await markets.take('btcusdt', bars)
  const tenth = bars[10]
  if (tenth !== undefined) await markets.take('btcusdt', [{ ...tenth, close: tenth.low }])
})
afterAll(async () => {
  await markets.database.drop()
  await rm(folder, { recursive: true })
})

async function gatehouse(...argv: readonly string[]) {
  const written = { out: '', note: '', progress: '' }
  const code = await run({ commands, version: '1.2.3' }, ['volatility', ...argv], {
    env: {
      DATABASE_URL: markets.database.url.reveal(),
      GATEHOUSE_DATA: join(folder, 'data'),
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
    },
    folder,
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
    progress: (text) => void (written.progress += text),
    interruption: () => new AbortController().signal,
    input: Readable.from([]),
  })
  return { code, ...written }
}

it('a symbol is rebuilt from the command line with the bar that came late, on record, and replayed', async () => {
  const rebuilt = await gatehouse('rebuild', '--symbol', 'BTCUSDT', '--json')
  expect(JSON.parse(rebuilt.out)).toMatchObject([
    {
      venue: 'binance',
      symbol: 'btcusdt',
      folded: 1,
      left: 0,
      series: [{ timeframe: '1m', version: 2, bars: 600 }, {}, {}, {}, {}],
    },
  ])
  expect(rebuilt).toMatchObject({ code: 0, note: '' })
  expect(rebuilt.progress).toMatch(/\d+\/\d+ bars, \d+\/s, 0 s left/)
  const { rows } = await markets.database.db.pool.query<{ payload: string }>(
    `SELECT payload FROM gatehouse.audit_entry WHERE event_type = 'volatility.rebuild'`,
  )
  expect(rows.map(({ payload }) => (JSON.parse(payload) as { resource_id: string }).resource_id)).toEqual([
    'binance/btcusdt',
  ])
  const replayed = await gatehouse('replay', '--symbol', 'btcusdt')
  expect(replayed.out).toMatch(/^binance btcusdt 1m: 600 bars, \d+ changes, agrees$/m)
  expect(replayed.code).toBe(0)
})

it('what is stored otherwise than the bars give it makes a replay fail; a name that is not carried is told', async () => {
  await markets.database.db.pool.query(
    `UPDATE volatility.series SET state = overlay(state PLACING '\\xab'::bytea FROM 198) WHERE timeframe = '1m'`,
  )
  const replayed = await gatehouse('replay', '--symbol', 'btcusdt')
  expect(replayed.out).toMatch(/^binance btcusdt 1m: 600 bars, \d+ changes, differs: windows$/m)
  expect(replayed.code).toBe(1)
  expect(await gatehouse('rebuild', '--symbol', 'dogeusdt')).toMatchObject({
    code: 1,
    note: 'gatehouse volatility rebuild: There is no symbol dogeusdt; there are btcusdt, ethusdt\n',
  })
  expect(await gatehouse('replay', '--symbol', 'btcusdt', '--venue', 'bybit')).toMatchObject({
    code: 1,
    note: 'gatehouse volatility replay: btcusdt is not carried of bybit; it is of binance\n',
  })
})
