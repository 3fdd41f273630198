import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barsUpTo } from '../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../src/services/volatility/testing/filled-markets.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const patienceMs = 300_000
const series = '--timeframe 15m --preset aggressive'
const query = 'timeframe=15m&preset=aggressive'

let server: ComposedServer
let folder: string
let key: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-volatility-'))
  server = await composeServer()
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken), 'volatility')
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const [at, symbol] of ['btcusdt', 'ethusdt'].entries())
    for (const timeframe of ['1m', '15m'] as const)
      await markets.fill(
        'binance',
        symbol,
        timeframe,
        barsUpTo(drawBars(timeframe, 900, 5 + at), timeframe, nowMs),
      )
  await markets.stop()
  for (const timeframe of ['1m', '15m'])
    await eventually('the server has seen the bars', async () => {
      // Safe: a regime, of which this is asked.
      const { regime } = (await ask(`/v1/regime/ethusdt?timeframe=${timeframe}`)) as { regime: string | null }
      return regime ?? undefined
    })
}, patienceMs)
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const ask = (path: string, body?: object) =>
  server.client.ask<object>(path, { credential: key, ...(body === undefined ? {} : { body }) })

async function run(words: string) {
  const child = spawn(process.execPath, [main, 'volatility', ...words.split(' ')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], GATEHOUSE_URL: server.origin, GATEHOUSE_API_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [said, noted] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (noted += chunk))
  await once(child, 'close')
  return { code: child.exitCode, said, noted }
}

describe('volatility-commands-say-what-the-server-says', () => {
  it.each<[words: string, path: string, body?: object]>([
    [`regime --symbols btcusdt,ethusdt ${series}`, `/v1/regimes?symbols=btcusdt,ethusdt&${query}`],
    [`history --symbol btcusdt --limit 20 ${series}`, `/v1/regime/btcusdt/history?limit=20&${query}`],
    [`impact --symbol btcusdt --to high ${series}`, `/v1/regime/btcusdt/impact?to=high&${query}`],
    [`consensus --symbol btcusdt ${series}`, `/v1/consensus/btcusdt?${query}`],
    [
      `lead-lag --leader btcusdt --follower ethusdt ${series}`,
      `/v1/lead-lag?leader=btcusdt&follower=ethusdt&to=high&${query}`,
    ],
    [
      `backtest --symbol btcusdt --rule avoid_high --fee-bps 5 ${series}`,
      '/v1/backtest',
      { symbol: 'btcusdt', rule: 'avoid_high', fee_bps: 5, timeframe: '15m', preset: 'aggressive' },
    ],
    [`quality --symbol btcusdt ${series}`, `/v1/regime/btcusdt/quality?${query}`],
    ['presets', '/v1/presets'],
  ])(
    'gatehouse volatility %s',
    async (words, path, body) => {
      const { code, said, noted } = await run(`${words} --json`)
      expect({ code, noted }).toEqual({ code: 0, noted: '' })
      // What was shown live is measured by the night, whenever that has its turn.
      const withoutLive = (reply: unknown): object => ({ ...Object(reply), live: null }) as object
      expect(withoutLive(JSON.parse(said))).toEqual(withoutLive(await ask(path, body)))
      const text = await run(words)
      expect(text.code).toBe(0)
      expect(text.said).toMatch(/\S/)
      expect(text.said).not.toMatch(/undefined|NaN|\[object/)
    },
    patienceMs,
  )

  it(
    'a preset is saved, replaced and deleted, and a threshold that cannot be is refused by its rule',
    async () => {
      expect(await run('presets --save night-shift --high-enter 3.25')).toMatchObject({
        code: 0,
        said: expect.stringMatching(/^night-shift \(version 1\): high_enter 3\.25/) as string,
      })
      expect(await ask('/v1/presets/night-shift')).toMatchObject({ version: 1, high_enter: 3.25 })
      expect(await run('presets --save night-shift --low-enter 4')).toMatchObject({
        code: 1,
        noted: expect.stringContaining('low_enter is below low_exit') as string,
      })
      expect(await run('presets --delete night-shift')).toMatchObject({ code: 0 })
      expect((await server.client.send('/v1/presets/night-shift', { credential: key })).status).toBe(404)
    },
    patienceMs,
  )

  it(
    'an unknown symbol is refused with the nearest, and the venues are listed with how they are',
    async () => {
      expect(await run('history --symbol btcusd')).toMatchObject({
        code: 1,
        said: '',
        noted: expect.stringContaining('btcusdt') as string,
      })
      const { code, said } = await run('feeds --json')
      expect({ code, status: JSON.parse(said) as object }).toMatchObject({
        code: 0,
        status: { venues: { binance: { status: 'live' } } },
      })
    },
    patienceMs,
  )
})
