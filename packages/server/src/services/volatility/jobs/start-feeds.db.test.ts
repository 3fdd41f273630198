import { systemClock } from '@gatehouse/kernel/clock'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { createLogger } from '@gatehouse/kernel/log'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { AddedSymbols } from '../../../service/service-deps.ts'
import type { Loop } from '../../../service/start-loop.ts'
import { createComputePool } from '../compute/compute-pool.ts'
import { builtInSymbols } from '../domain/symbols.ts'
import { startSimulator, type Simulator } from '../simulator/start-simulator.ts'
import { Board } from '../usecases/board.ts'
import { findSymbol } from '../usecases/choose-series.ts'
import { readSymbols } from '../usecases/read-catalog.ts'
import { createHistoryCache } from '../usecases/history-cache.ts'
import { startFeeds } from './start-feeds.ts'

const file = 'symbols.json'
const btc = builtInSymbols.filter(({ symbol }) => symbol === 'btcusdt')
const pepe: AddedSymbols['symbols'][number] = {
  symbol: 'pepeusdt',
  kind: 'spot',
  venues: { binance: 'PEPEUSDT', bybit: 'PEPEUSDT' },
  primary: 'binance',
}
const perp: AddedSymbols['symbols'][number] = {
  symbol: 'btcusdt-perp',
  kind: 'perp',
  venues: { binance: 'BTCUSDT', coinbase: 'BTC-PERP-INTX', bybit: 'BTCUSDT' },
  primary: 'bybit',
}

const compute = createComputePool(60_000, 1)
const egress = createEgress({ allow: noAllowance })
let database: TestDatabase
let simulator: Simulator
let loop: Loop | undefined
beforeAll(async () => {
  database = await testDatabase()
  simulator = await startSimulator({ symbols: ['btcusdt', 'pepeusdt'], seed: 3 })
})
afterEach(async () => {
  await loop?.stop()
  loop = undefined
  simulator.faults.length = 0
})
afterAll(async () => {
  egress.close()
  await compute.stop()
  await simulator.close()
  await database.drop()
})

async function start(symbols: AddedSymbols['symbols']): Promise<Board> {
  const board = new Board({ db: database.db, clock: systemClock, symbols: [...btc, ...symbols] })
  const { hosts, deribit } = simulator
  loop = await startFeeds({
    db: database.db,
    board,
    clock: systemClock,
    log: createLogger('silent'),
    chance: Math.random,
    compute,
    egress,
    histories: createHistoryCache(1_000_000),
    news: { subscribe: () => () => undefined },
    derivativeFeeds: [],
    added: { file, symbols },
    feeds: { kind: 'simulated', hosts, deribit },
  })
  return board
}

const statuses = async (): Promise<Readonly<Record<string, string>>> => {
  const { rows } = await database.db.pool.query<{ market: string; status: string }>(
    `SELECT venue || ' ' || symbol AS market, status FROM volatility.market`,
  )
  return Object.fromEntries(rows.map(({ market, status }) => [market, status]))
}

it('operator-symbols-are-checked-before-their-feed-starts: a product that a venue does not list stops the start, before anything of it is there', async () => {
  const wrong = [perp, { ...pepe, venues: { binance: 'PEPEUSD' } }]
  await expect(start(wrong)).rejects.toThrow(
    'GATEHOUSE_SYMBOLS: symbols.json /symbols/1/venues/binance "PEPEUSD": ' +
      'is not listed by binance; the nearest are PEPEUSDT, BTCUSDT',
  )
  await expect(
    start([{ ...perp, venues: { coinbase: 'ETH-PERP-INTX' }, primary: 'coinbase' }]),
  ).rejects.toThrow(
    'GATEHOUSE_SYMBOLS: symbols.json /symbols/0/venues/coinbase "ETH-PERP-INTX": is not listed by coinbase',
  )
  expect(await statuses()).toEqual({})
})

it('operator-symbols-are-checked-before-their-feed-starts: what is listed is fed like any other, and what is taken out of the file stays readable', async () => {
  const board = await start([pepe, perp])
  await expect.poll(statuses, { timeout: 60_000 }).toMatchObject({
    'binance pepeusdt': 'listed',
    'bybit pepeusdt': 'listed',
    'binance btcusdt-perp': 'listed',
    'bybit btcusdt-perp': 'listed',
    'binance btcusdt': 'listed',
  })
  await expect
    .poll(
      async () => {
        await board.refresh()
        return [
          board.find('binance', 'pepeusdt', '1m')?.barsUntilReady,
          board.find('bybit', 'btcusdt-perp', '1h')?.barsUntilReady,
        ]
      },
      { timeout: 60_000 },
    )
    .toEqual([0, 0])
  const spot = board.find('bybit', 'btcusdt', '1h')?.reading?.close
  expect(board.find('bybit', 'btcusdt-perp', '1h')?.reading?.close).not.toBe(spot)
  await loop?.stop()

  const without = await start([perp])
  await without.refresh()
  expect((await statuses())['binance pepeusdt']).toBe('retired')
  expect(without.symbols.map(({ symbol }) => symbol)).toEqual(['btcusdt', 'btcusdt-perp'])
  expect(findSymbol({ board: without }, 'pepeusdt')).toEqual(pepe)
  expect(without.find('binance', 'pepeusdt', '1m')?.reading).not.toBeNull()
  const catalog = await readSymbols({ db: database.db, board: without })
  if (!('symbols' in catalog)) throw new Error('The catalog is made for each reply')
  const { symbols, details } = catalog
  expect(symbols).not.toContain('pepeusdt')
  expect(details.find(({ symbol }) => symbol === 'pepeusdt')).toMatchObject({
    status: 'retired',
    kind: 'spot',
  })
  await loop?.stop()

  await start([pepe, perp])
  await expect.poll(statuses, { timeout: 60_000 }).toMatchObject({ 'binance pepeusdt': 'listed' })
})

it('a venue that cannot be reached holds no start up: its products stay unverified', async () => {
  simulator.faults.push({ kind: 'refused', venue: 'bybit', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })
  await database.db.pool.query(`UPDATE volatility.market SET status = 'unverified'`)
  await start([pepe])
  await expect.poll(statuses, { timeout: 60_000 }).toMatchObject({ 'binance pepeusdt': 'listed' })
  expect((await statuses())['bybit pepeusdt']).toBe('unverified')
})
