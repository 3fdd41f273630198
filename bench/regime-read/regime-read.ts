import { type Benchmark, compare, type Measured } from '../figure.ts'
import { load, type LoadShape } from '../load.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { median, type Pair } from '../statistics.ts'
import { sizes } from './sizes.ts'

const connections = 32
const warmUp: LoadShape = { connections, seconds: 3 }
const flatOut: LoadShape = { connections, seconds: 1.5 }
const pairsMeasured = 7
const goal = 0.6

/** P1 for this service: a regime with a key, through the whole pipeline, from bytes that were made when its bar closed. */
export const regimeRead: Benchmark = async ({ profilePath, note }) => {
  note('regime-read: starting Gatehouse with its own PostgreSQL')
  const ours = await startServerProcess(new URL('serve-regimes.ts', import.meta.url))
  try {
    const measured: Measured[] = []
    for (const size of sizes) measured.push(...(await measure(ours, size)))
    if (profilePath !== undefined) {
      await ours.startProfile()
      await load({ port: ours.port, path: sizes[0].path, headers: ours.headers }, { ...flatOut, seconds: 5 })
      await ours.writeProfile(profilePath)
    }
    return measured
  } finally {
    await ours.stop()
  }
}

async function measure(
  ours: ServerProcess,
  { path, suffix }: (typeof sizes)[number],
): Promise<readonly Measured[]> {
  const response = await fetch(`http://127.0.0.1:${ours.port}${path}`, { headers: ours.headers })
  const [body, tag] = [await response.text(), response.headers.get('etag') ?? '']
  if (response.status !== 200 || tag === '') throw new Error(`A regime was answered with ${response.status}`)
  const bare = await startServerProcess(new URL('serve-bytes.ts', import.meta.url), {
    BENCH_BODY: body,
    BENCH_TAG: tag,
    BENCH_PATH: path,
  })
  try {
    const beside = async (name: string, unit: string, status: 200 | 304): Promise<Measured> => {
      const headers = status === 304 ? { 'if-none-match': tag } : {}
      const rate = async (server: ServerProcess, shape: LoadShape): Promise<number> => {
        const target = { port: server.port, path, headers: { ...server.headers, ...headers }, status }
        const { requests, seconds } = await load(target, shape)
        // Before the other side has its turn: what is still to be written would take the CPU from it.
        await server.settle()
        return requests / seconds
      }
      for (const server of [ours, bare]) await rate(server, warmUp)
      const pairs: Pair[] = []
      while (pairs.length < pairsMeasured)
        pairs.push({ ours: await rate(ours, flatOut), peer: await rate(bare, flatOut) })
      return compare(
        { name: `${name}${suffix}`, unit, goal: '≥ 0.60 of the peer', peerName: 'bare Fastify' },
        pairs,
        { ours: median(pairs.map((pair) => pair.ours)), peer: median(pairs.map((pair) => pair.peer)) },
        (ratio) => ratio >= goal,
      )
    }
    return [
      await beside('regime-read', `requests/s, ${body.length} bytes`, 200),
      await beside('regime-read-304', 'requests/s that have it already', 304),
    ]
  } finally {
    await bare.stop()
  }
}
