import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Database, openDatabase } from '@gatehouse/kernel/db'
import { findRunningDatabase } from '../../packages/server/src/local/find-running-database.ts'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { median, type Pair } from '../statistics.ts'
import { pathOf, sizes } from './sizes.ts'
import { parquetWasm } from './write-parquet.ts'

const roundsMeasured = 5
/** Of the largest size, which shows how the cost grows: each takes as long as all of the others. */
const roundsOfLargest = 2
const lookEveryMs = 50
const mebibyte = 1_048_576
const goals = { csv: 200_000, parquet: 100_000, memoryMiB: 32 } as const
/** What stands beside: the same bars as the database itself writes them, without what the series said of them. */
const copied = 'open_at, open, high, low, close, volume'

/** Exports through the whole pipeline to a reading socket: rows a second, and the memory that one takes over an idle server. */
export const regimeExport: Benchmark = async ({ profilePath, note }) => {
  note(`regime-export: storing ${sizes.map(({ bars }) => bars.toLocaleString('en')).join(', ')} minutes`)
  const server = await startServerProcess(new URL('serve-exports.ts', import.meta.url))
  const { folder = '', ...headers } = server.headers
  const url = await findRunningDatabase(join(folder, 'data'))
  const db = url === undefined ? undefined : openDatabase({ url, connectionsMax: 1 })
  try {
    const ours = { ...server, headers }
    for (const format of ['csv', 'parquet'] as const)
      await download(ours, pathOf(sizes[0].symbol, format, Date.now()))
    const measured: Measured[] = []
    if (profilePath !== undefined) await server.startProfile()
    for (const size of sizes) {
      measured.push(...(await measure(ours, size, 'csv', await copyOf(db, size.symbol, note))))
      // Ten times as many do not fit into its memory.
      const peer = size.bars > 1_000_000 ? undefined : await parquetWasm(size.bars, note)
      measured.push(...(await measure(ours, size, 'parquet', peer)))
    }
    if (profilePath !== undefined) await server.writeProfile(profilePath)
    return measured
  } finally {
    await db?.end()
    await server.stop()
  }
}

async function measure(
  server: ServerProcess,
  { symbol, bars, suffix }: (typeof sizes)[number],
  format: 'csv' | 'parquet',
  peer: (() => number | Promise<number>) | undefined,
): Promise<readonly Measured[]> {
  const idleBytes = await server.residentBytes()
  let mostBytes = idleBytes
  const pairs: Pair[] = []
  const rounds = suffix === '-10x' ? roundsOfLargest : roundsMeasured
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now()
    const done = new AbortController()
    const looking = (async () => {
      while (!done.signal.aborted) {
        mostBytes = Math.max(mostBytes, await server.residentBytes())
        await wait(lookEveryMs)
      }
    })()
    await download(server, pathOf(symbol, format, Date.now()))
    const seconds = (performance.now() - startedMs) / 1_000
    done.abort()
    await looking
    pairs.push({ ours: bars / seconds, peer: peer === undefined ? Number.NaN : bars / (await peer()) })
  }
  const rate = median(pairs.map((pair) => pair.ours))
  const name = `regime-export-${format}${suffix}`
  const about = {
    name,
    unit: `rows/s of ${bars.toLocaleString('en')}`,
    goal: `≥ ${goals[format].toLocaleString('en')}`,
  }
  const isFast = rate >= goals[format]
  const memoryMiB = (mostBytes - idleBytes) / mebibyte
  return [
    peer === undefined
      ? alone(about, rate, isFast)
      : compare(
          {
            ...about,
            peerName:
              format === 'csv' ? 'COPY to CSV, straight from the database' : 'parquet-wasm, from memory',
          },
          pairs,
          { ours: rate, peer: median(pairs.map((pair) => pair.peer)) },
          () => isFast,
        ),
    alone(
      { name: `${name}-memory`, unit: 'MiB over idle, at most', goal: `≤ ${goals.memoryMiB}` },
      memoryMiB,
      memoryMiB <= goals.memoryMiB,
    ),
  ]
}

/** Reads it to its end, and keeps none of it; throws where it is cut. */
async function download({ port, headers }: ServerProcess, path: string): Promise<void> {
  const request = get({ host: '127.0.0.1', port, path, headers })
  // Safe: what the library gives its listeners of `response`.
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`An export was answered with ${response.statusCode}`)
  response.resume()
  await once(response, 'close')
  if (!response.complete) throw new Error('An export was cut')
}

/** Seconds that the database takes to write the same bars to a client that drops them; undefined where it may not. */
async function copyOf(
  db: Database | undefined,
  symbol: string,
  note: (text: string) => void,
): Promise<(() => Promise<number>) | undefined> {
  const statement = `COPY (SELECT ${copied} FROM volatility.bar JOIN volatility.market USING (market_id)
    WHERE symbol = '${symbol}' AND span = 1 ORDER BY open_at) TO STDOUT WITH (FORMAT csv, HEADER)`
  const copy = async (): Promise<number> => {
    const startedMs = performance.now()
    await db?.pool.query(statement)
    return (performance.now() - startedMs) / 1_000
  }
  try {
    await copy()
    return db === undefined ? undefined : copy
  } catch (error) {
    note(`COPY is skipped: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
