import { join } from 'node:path'
import { type Database, openDatabase } from '@gatehouse/kernel/db'
import { findRunningDatabase } from '../../packages/server/src/local/find-running-database.ts'
import { tellEvents } from '../../packages/server/test/fixtures/regime-events.ts'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { startServerProcess } from '../server-process.ts'
import { median, type Pair, quantile } from '../statistics.ts'
import { type Listeners, startListeners } from './listeners.ts'

const sockets = 5_000
const processes = 2
const connectionsPerKey = 500
const slowSockets = 20
const roundsMeasured = 7
const floodRounds = 12
/** What those that do not read are sent in a round, until they are cut. */
const flood = { events: 60, padding: 15_000 } as const
const goalMs = 50
const peerName = 'bare ws broadcast of the same bytes'

/** P14: one change of regime, from before its commit to the moment at which each of 5,000 clients has it. */
export const regimeStream: Benchmark = async ({ profilePath, note }) => {
  const server = await startServerProcess(new URL('serve-stream.ts', import.meta.url))
  const { folder = '', keys = '' } = server.headers
  const url = await findRunningDatabase(join(folder, 'data'))
  if (url === undefined) throw new Error('The database of the server was not found')
  const db = openDatabase({ url, connectionsMax: 1 })
  const all = keys.split(',')
  const open: Listeners[] = []
  try {
    const ours = (from: number, count: number, own: readonly string[], query: string) =>
      startListeners({
        url: `ws://127.0.0.1:${server.port}/v1/stream?${query}`,
        keys: own,
        sockets: count,
        from,
      })
    note(`regime-stream: ${slowSockets} clients that will not read, and ${sockets / 10} that do`)
    const slow = await ours(200, slowSockets, all.slice(-1), 'symbols=ethusdt')
    open.push(slow)
    const few = await ours(2, sockets / 10, all, 'symbols=btcusdt')
    const tenth = await measureOurs(db, [few], roundsMeasured)
    await few.stop()
    const idleBytes = await server.residentBytes()
    note(`regime-stream: opening ${sockets} clients in ${processes} processes`)
    const each = sockets / processes
    const many: Listeners[] = []
    for (let at = 0; at < processes; at += 1) {
      const own = all.slice((at * each) / connectionsPerKey, ((at + 1) * each) / connectionsPerKey)
      many.push(await ours(2 + 20 * at, each, own, 'symbols=btcusdt'))
    }
    open.push(...many)
    const perSocket = ((await server.residentBytes()) - idleBytes) / sockets
    const [frame] = await tellOne(db, many)
    const bare = await startServerProcess(new URL('serve-broadcast.ts', import.meta.url), {
      BENCH_FRAME: JSON.stringify(frame),
    })
    const peers: Listeners[] = []
    for (let at = 0; at < processes; at += 1)
      peers.push(
        await startListeners({
          url: `ws://127.0.0.1:${bare.port}/`,
          keys: [],
          sockets: each,
          from: 102 + 20 * at,
        }),
      )
    if (profilePath !== undefined) await server.startProfile()
    const pairs: Pair[] = []
    while (pairs.length < roundsMeasured) {
      const [own] = await measureOurs(db, many, 1)
      const beganMs = Number(await bare.settle())
      pairs.push({ ours: own ?? 0, peer: quantile(await heardAfter(beganMs, peers), 0.99) })
    }
    if (profilePath !== undefined) await server.writeProfile(profilePath)
    await Promise.all(peers.map((one) => one.stop()))
    await bare.stop()
    note(`regime-stream: ${slowSockets} clients stop reading what they are sent`)
    await slow.ask({ kind: 'stall' })
    const beside: number[] = []
    for (let round = 0; round < floodRounds; round += 1) {
      await tellEvents(
        db.pool,
        Array.from({ length: flood.events }, () => ({ symbol: 'ethusdt', padding: flood.padding })),
      )
      beside.push(...(await measureOurs(db, many, 1)))
    }
    // Resolves only when every one of them was cut.
    await slow.ask({ kind: 'end' })
    const took = median(pairs.map((pair) => pair.ours))
    const about = (suffix: string, unit: string, goal = '< 50 ms') => ({
      name: `regime-stream${suffix}`,
      unit,
      goal,
    })
    const p99 = 'ms, p99 from before the commit to the client'
    const { figure: memory } = alone(about('-memory', 'bytes per idle socket', '–'), perSocket, true)
    return [
      alone(about('-0.1x', `${p99}, ${sockets / 10} sockets`), median(tenth), median(tenth) < goalMs),
      compare(
        { ...about('', `${p99}, ${sockets} sockets`), peerName },
        pairs,
        { ours: took, peer: median(pairs.map((pair) => pair.peer)) },
        () => took < goalMs,
      ),
      alone(
        about('-slow', `${p99}, while ${slowSockets} others stall and are cut`),
        median(beside),
        median(beside) < goalMs,
      ),
      { figure: { ...memory, met: null } } satisfies Measured,
    ]
  } finally {
    await Promise.all(open.map((one) => one.stop()))
    await db.end()
    await server.stop()
  }
}

/** The p99 of each round. */
async function measureOurs(
  db: Database,
  listeners: readonly Listeners[],
  rounds: number,
): Promise<readonly number[]> {
  const p99s: number[] = []
  while (p99s.length < rounds) p99s.push(quantile((await tellOne(db, listeners))[1], 0.99))
  return p99s
}

/** Commits a change; gives what was told, and how long after that began each client had it. */
async function tellOne(
  db: Database,
  listeners: readonly Listeners[],
): Promise<readonly [frame: unknown, tookMs: readonly number[]]> {
  const beganMs = Number(process.hrtime.bigint()) / 1e6
  const [seq] = await tellEvents(db.pool, [{ symbol: 'btcusdt' }])
  const tookMs = await heardAfter(beganMs, listeners)
  const { rows } = await db.pool.query<{ body: unknown }>(
    'SELECT body FROM volatility.event WHERE seq = $1',
    [seq],
  )
  return [rows[0]?.body, tookMs]
}

async function heardAfter(beganMs: number, listeners: readonly Listeners[]): Promise<readonly number[]> {
  const reports = await Promise.all(listeners.map((one) => one.ask({ kind: 'collect' })))
  return reports.flatMap((report) =>
    report.kind === 'heard' ? report.atMs.map((atMs) => atMs - beganMs) : [],
  )
}
