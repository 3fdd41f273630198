import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { systemClock } from '@gatehouse/kernel/clock'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInPresets } from '../src/services/volatility/domain/built-in-presets.ts'
import { regimesByCode } from '../src/services/volatility/domain/regime-code.ts'
import { replayMachine, replaySeries } from '../src/services/volatility/domain/replay.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { marketsOn, toMinutes } from '../src/services/volatility/testing/test-markets.ts'
import { Board } from '../src/services/volatility/usecases/board.ts'
import { exportSeries } from '../src/services/volatility/usecases/export-series.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const minuteMs = 60_000
const bars = 9_000
const names = 'open_ms,ts_ms,open,high,low,close,volume,realized_vol,baseline_vol,z_vol,regime,confidence'

let server: ComposedServer
let key: string
let expected: readonly Readonly<Record<string, number | string | null>>[]

beforeAll(async () => {
  server = await composeServer()
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken), 'volatility')
  const first = Math.floor(Date.now() / minuteMs) * minuteMs - bars * minuteMs
  const drawn = drawBars('1m', bars, 11)
  const openMs = drawn.openMs.map((_, bar) => first + bar * minuteMs)
  const columns = { ...drawn, openMs }
  const markets = await marketsOn(server, ['btcusdt'], Date.now())
  await markets.take('btcusdt', toMinutes(columns))
  const series = replaySeries('1m', columns)
  const { regimes } = replayMachine({ timeframe: '1m', ...columns, ...series }, builtInPresets.balanced)
  const warm = series.z.findIndex((z) => !Number.isNaN(z))
  const orNull = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value
  expected = Array.from(openMs, (opened, bar) => ({
    open_ms: opened,
    ts_ms: opened + minuteMs,
    open: drawn.opens[bar] ?? 0,
    high: drawn.highs[bar] ?? 0,
    low: drawn.lows[bar] ?? 0,
    close: drawn.closes[bar] ?? 0,
    volume: drawn.volumes[bar] ?? 0,
    realized_vol: orNull(series.rv[bar]),
    baseline_vol: orNull(series.baseline[bar]),
    z_vol: orNull(series.z[bar]),
    regime: bar < warm ? null : (regimesByCode[regimes[bar] === 0 ? 0 : regimes[bar] === 1 ? 1 : 2] ?? null),
    confidence: null,
  }))
})
afterAll(() => server.stop())

/** An export as a reader in this process has it. */
async function openExport(running: Set<string>, most?: number) {
  const board = new Board({ db: server.db, clock: systemClock })
  await board.refresh()
  const reader = {
    kind: 'member',
    orgId: randomUUID(),
    userId: 'ann',
    sessionId: 'session',
    role: 'owner',
    ip: '192.0.2.1',
  } as const
  const asked = { timeframe: '1m', preset: 'balanced', method: 'published', format: 'csv' } as const
  const deps = { db: server.db, clock: systemClock, board }
  return exportSeries(deps, running, reader, 'btcusdt', asked, undefined, most)
}

async function download(query: string): Promise<Response> {
  const response = await fetch(`${server.origin}/v1/regime/btcusdt/export${query}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  expect(response.status).toBe(200)
  return response
}

/** The bytes as they came, which `fetch` would have unpacked. */
async function rawDownload(format: string, accepted: string | undefined) {
  const to = expected.at(-1)?.['ts_ms']
  const asking = request(`${server.origin}/v1/regime/btcusdt/export?format=${format}&to_ms=${to}`, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(accepted === undefined ? {} : { 'accept-encoding': accepted }),
    },
  }).end()
  // Safe: what the library gives its listeners of `response`.
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(200)
  return {
    coding: response.headers['content-encoding'],
    vary: response.headers.vary,
    bytes: await buffer(response),
  }
}

describe('export-equals-series-bit-for-bit-in-bounded-memory', () => {
  it('CSV: each bar with what a reader was told after it, in shortest decimals that read back the same', async () => {
    const response = await download('')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toMatch(/filename="btcusdt-1m-balanced-.*\.csv"/)
    expect(response.headers.get('x-gatehouse-series-version')).toBe('1')
    const [head, ...lines] = (await response.text()).trimEnd().split('\n')
    expect(head).toBe(names)
    const read = lines.map((line) =>
      Object.fromEntries(
        line
          .split(',')
          .map((cell, index) => [
            names.split(',')[index],
            cell === '' ? null : index === 10 ? cell : Number(cell),
          ]),
      ),
    )
    expect(read).toEqual(expected)
  })

  it('NDJSON: the columns that were asked for in their order, of the range that was asked for', async () => {
    const [from, to] = [expected[5_000]?.['open_ms'], expected[5_100]?.['open_ms']]
    const response = await download(`?format=ndjson&columns=regime,close,ts_ms&from_ms=${from}&to_ms=${to}`)
    const lines = (await response.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
      expected.slice(5_000, 5_100).map(({ ts_ms, close, regime }) => ({ ts_ms, close, regime })),
    )
    expect(lines[0]).toMatch(/^\{"ts_ms":/)
  })

  it('parquet-reads-back-in-another-library: with types, row groups and what it is of', async () => {
    const file = await (await download('?format=parquet')).arrayBuffer()
    const metadata = await parquetMetadataAsync(file)
    expect(metadata.row_groups.map(({ num_rows: rows }) => Number(rows))).toEqual([8_192, bars - 8_192])
    expect(
      Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key: name, value }) => [name, value])),
    ).toEqual({
      symbol: 'btcusdt',
      timeframe: '1m',
      preset: 'balanced',
      method: 'published',
      series_version: '1',
    })
    const rows = await parquetReadObjects({ file })
    expect(
      rows.map((row) => ({
        ...row,
        open_ms: Number(row['open_ms']),
        ts_ms: Number(row['ts_ms']),
      })),
    ).toEqual(expected)
  })

  it.each([
    ['csv', 'gzip', gunzipSync],
    ['ndjson', 'gzip', gunzipSync],
    ['csv', 'br', brotliDecompressSync],
    ['ndjson', 'br', brotliDecompressSync],
  ] as const)(
    'exports-are-compressed-where-the-client-accepts-it: %s as %s',
    async (format, coding, unpack) => {
      const [plain, packed, none] = [
        await rawDownload(format, 'identity'),
        await rawDownload(format, coding),
        await rawDownload(format, undefined),
      ]
      expect([plain.coding, packed.coding, none.coding]).toEqual([undefined, coding, undefined])
      expect(packed.vary).toBe('accept-encoding')
      expect(unpack(packed.bytes).equals(plain.bytes)).toBe(true)
      expect(none.bytes.equals(plain.bytes)).toBe(true)
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2)
    },
  )

  it('exports-are-compressed-where-the-client-accepts-it: Parquet is not, whose columns are already', async () => {
    const { coding, bytes } = await rawDownload('parquet', 'br, gzip')
    expect(coding).toBe(undefined)
    expect(bytes.subarray(0, 4).toString()).toBe('PAR1')
  })

  it('one at a time for an organisation, and whoever leaves makes room', async () => {
    const leaving = new AbortController()
    const first = await fetch(`${server.origin}/v1/regime/btcusdt/export?format=ndjson`, {
      headers: { authorization: `Bearer ${key}` },
      signal: leaving.signal,
    })
    const second = await server.client.send('/v1/regime/btcusdt/export', { credential: key })
    // The first may be on its way already: what is sure is that it makes room.
    expect([200, 429]).toContain(second.status)
    expect(first.status).toBe(200)
    leaving.abort()
    await expect
      .poll(async () => (await server.client.send('/v1/regime/btcusdt/export', { credential: key })).status)
      .toBe(200)
  })

  it(
    'an-export-that-nobody-reads-is-cut-after-a-minute: and makes room for another',
    { timeout: 180_000 },
    async () => {
      const running = new Set<string>()
      // What a reader does that stops: it takes the first page, and no other.
      const { body } = await openExport(running)
      if (!(body instanceof Readable)) throw new Error('An export is a stream')
      body.once('data', () => body.pause())
      expect(running.size).toBe(1)
      await expect(once(body, 'end')).rejects.toThrow('Nobody reads this export any more')
      expect({ isDestroyed: body.destroyed, running: running.size }).toEqual({
        isDestroyed: true,
        running: 0,
      })
    },
  )

  it('an-export-of-too-many-bars-says-what-fits, and nothing of it is begun', async () => {
    const running = new Set<string>()
    await expect(openExport(running, bars - 1)).rejects.toMatchObject({
      code: 'range_too_large',
      status: 422,
      fields: [{ field: 'from_ms', message: `the newest ${bars - 1} bars fit` }],
    })
    expect(running.size).toBe(0)
    const { body } = await openExport(running, bars)
    if (!(body instanceof Readable)) throw new Error('An export is a stream')
    expect((await buffer(body)).toString().trim().split('\n')).toHaveLength(1 + bars)
  })

  it.each([
    ['format=xlsx', 'format'],
    ['columns=close,price', 'columns'],
    ['from_ms=1733041680', 'from_ms'],
    ['from_ms=1733041680000&to_ms=1733041679999', 'from_ms'],
  ])('%s is refused by name', async (query, field) => {
    const { status, text } = await server.client.send(`/v1/regime/btcusdt/export?${query}`, {
      credential: key,
    })
    expect({ status, text }).toMatchObject({ status: 422, text: expect.stringContaining(field) })
  })

  it('needs a key', async () => {
    expect((await server.client.send('/v1/regime/btcusdt/export')).status).toBe(401)
  })
})
