import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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
import { tellEvents } from './fixtures/regime-events.ts'

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

type Env = Readonly<Record<string, string>>

function begin(words: string, env: Env = { GATEHOUSE_URL: server.origin, GATEHOUSE_API_KEY: key }) {
  const child = spawn(process.execPath, [main, ...words.split(' ')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const told = { said: '', noted: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (told.said += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (told.noted += chunk))
  return { child, told, closed: once(child, 'close') }
}

async function runAny(words: string, env?: Env) {
  const { child, told, closed } = begin(words, env)
  await closed
  return { code: child.exitCode, ...told }
}

const run = (words: string) => runAny(`volatility ${words}`)
/** On the server's own machine. */
const runThere = (words: string, more: Env = {}) => runAny(words, { ...server.env, ...more })

async function readLines(words: string): Promise<readonly string[]> {
  const { code, said, noted } = await runThere(words)
  expect({ code, noted }).toEqual({ code: 0, noted: '' })
  return said.trim().split('\n')
}

describe('volatility-commands-say-what-the-server-says', () => {
  it.each<[words: string, path: string, body?: object]>([
    [`regime --symbols btcusdt,ethusdt ${series}`, `/v1/regimes?symbols=btcusdt,ethusdt&${query}`],
    [`history --symbol btcusdt --limit 2 ${series}`, `/v1/regime/btcusdt/history?limit=2&${query}`],
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

  it(
    'what is exported is what the server exports, in a file that was not there',
    async () => {
      const words = 'export --symbol btcusdt --timeframe 15m --columns ts_ms,close,regime --out bars.csv'
      expect(await run(words)).toMatchObject({ code: 0, noted: '' })
      const path = '/v1/regime/btcusdt/export?timeframe=15m&columns=ts_ms,close,regime'
      const { text } = await server.client.send(path, { credential: key })
      expect(text.split('\n').length).toBeGreaterThan(900)
      expect(await readFile(join(folder, 'bars.csv'), 'utf8')).toBe(text)
      expect(await run(words)).toMatchObject({
        code: 1,
        noted: expect.stringContaining('bars.csv') as string,
      })
      expect(await run(`${words} --format xml`)).toMatchObject({
        code: 2,
        noted: expect.stringContaining('--format must be csv, ndjson, parquet') as string,
      })
    },
    patienceMs,
  )

  it(
    'changes are told as they happen, of the symbols that were named, until the command is interrupted',
    async () => {
      const { child, told, closed } = begin('volatility watch --symbols ethusdt')
      const listLines = () => told.said.split('\n').filter((line) => line !== '')
      // When it listens nobody says: until then changes go by unseen.
      await expect
        .poll(
          async () => {
            await tellEvents(server.db.pool, [{ symbol: 'btcusdt' }, { symbol: 'ethusdt', to: 'low' }])
            return listLines().length
          },
          { timeout: 60_000, interval: 500 },
        )
        .toBeGreaterThan(1)
      child.kill('SIGINT')
      await closed
      expect({ code: child.exitCode, noted: told.noted }).toEqual({ code: 130, noted: '' })
      const events = listLines().map((line) => JSON.parse(line) as { seq: number; symbol: string })
      for (const event of events)
        expect(event).toMatchObject({ type: 'regime.transition', symbol: 'ethusdt', to: 'low' })
      const seqs = events.map(({ seq }) => seq)
      // Each other number was of the symbol that nobody asked for.
      expect(seqs).toEqual(seqs.map((_, at) => (seqs[0] ?? 0) + 2 * at))
    },
    patienceMs,
  )

  it(
    'what is stored of a symbol is gone through once more, says where it differs, and is computed anew',
    async () => {
      const words = 'volatility replay --symbol ethusdt --venue binance'
      const before = await readLines(words)
      expect(before).toContainEqual(expect.stringMatching(/^binance ethusdt 15m: 900 bars.*, agrees$/))
      expect(before).toHaveLength(2)
      await server.db.pool.query(
        `UPDATE volatility.transition t SET z = t.z + 1
           FROM volatility.series s JOIN volatility.market m USING (market_id)
          WHERE s.series_id = t.series_id AND m.symbol = 'ethusdt' AND s.timeframe = '1m'`,
      )
      const differs = await runThere(`${words} --json`)
      expect(differs).toMatchObject({ code: 1, noted: '' })
      const [market] = JSON.parse(differs.said) as [{ series: { timeframe: string; differences: [] }[] }]
      expect(
        market.series.filter(({ differences }) => differences.length > 0).map((one) => one.timeframe),
      ).toEqual(['1m'])
      const rebuilt = await readLines('volatility rebuild --symbol ethusdt --venue binance')
      expect(rebuilt[0]).toBe('binance ethusdt: 0 late minutes folded in')
      expect(rebuilt).toContainEqual(expect.stringMatching(/^ {2}1m: 900 bars, \d+ changes, version 2$/))
      expect(await readLines(words)).toContainEqual(expect.stringMatching(/ethusdt 1m: 900 bars.*, agrees$/))
      expect(await runThere('volatility rebuild --symbol nousdt')).toMatchObject({
        code: 1,
        noted: expect.stringContaining('nousdt') as string,
      })
    },
    patienceMs,
  )

  it(
    'a file of symbols is held against what the venues list, and its fault is named',
    async () => {
      const file = join(folder, 'symbols.json')
      const check = async (symbols: readonly object[]) => {
        await writeFile(file, JSON.stringify({ symbols }))
        return runThere('volatility symbols check --file symbols.json', { GATEHOUSE_FEEDS: 'simulated' })
      }
      const pepe = { symbol: 'pepeusdt', kind: 'spot', venues: { binance: 'PEPEUSDT' } }
      expect(await check([pepe])).toEqual({
        code: 0,
        said: 'pepeusdt binance PEPEUSDT: listed\n',
        noted: '',
      })
      expect(await check([{ ...pepe, symbol: 'btcusdt' }])).toMatchObject({
        code: 1,
        said: '',
        noted: expect.stringMatching(/symbols\.json.*\/symbols\/0\/symbol.*btcusdt/s) as string,
      })
    },
    patienceMs,
  )

  it(
    'the doctor says of each thing how it is, and ends with 3 where it warns',
    async () => {
      const { code, said } = await runThere('doctor --json', { GATEHOUSE_STREAM_QUERY_KEY: 'on' })
      const findings = JSON.parse(said) as { about: string; state: string }[]
      expect(code).toBe(3)
      expect(findings).toContainEqual(expect.objectContaining({ about: 'keys in URLs', state: 'warning' }))
      expect(findings).toContainEqual(expect.objectContaining({ about: 'clock', state: 'ok' }))
      const text = await runThere('doctor', { GATEHOUSE_STREAM_QUERY_KEY: 'on' })
      expect(text.code).toBe(3)
      expect(text.said.trim().split('\n')).toHaveLength(findings.length)
      expect(await runThere('doctor', { DATABASE_URL: 'postgres://127.0.0.1:1/none' })).toMatchObject({
        code: 1,
        said: '',
      })
    },
    patienceMs,
  )
})
