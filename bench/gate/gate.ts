import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { installPeers, peerUrl } from '../install-peers.ts'
import { load, type LoadShape } from '../load.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { median, type Pair, quantile } from '../statistics.ts'
import { answerPath, storedAnswerPath } from './answer.ts'

const connections = 32
const warmUp: LoadShape = { connections, seconds: 3 }
const flatOut: LoadShape = { connections, seconds: 1.5 }
/** Well below what either side can do, so that a latency is the server's work and not its queue. */
const paced: LoadShape = { connections, seconds: 2, perSecond: 2_000 }
const pairs = { bare: 7, paced: 5, others: 5 }
const goals = { ratio: 0.6, sameBytesRatio: 0.8, p99AddedMs: 1 }

type Round = { readonly perSecond: number; readonly cpuMsPerThousand: number; readonly p99Ms: number }
type Turn = { readonly ours: Round; readonly peer: Round }

const others = [
  { name: 'express + express-rate-limit + hash look-up', needs: 'express', file: 'express.mjs' },
  { name: "better-auth's API keys in memory", needs: '@better-auth/api-key', file: 'better-auth.mjs' },
]

/** P1: what the whole pipeline costs a request, beside a server that does nothing but answer. */
export const gate: Benchmark = async ({ profilePath, note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const servers: ServerProcess[] = []
  const start = async (file: URL, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
    const server = await startServerProcess(file, env)
    servers.push(server)
    await run(server, warmUp)
    return server
  }
  try {
    note('gate: starting Gatehouse with its own PostgreSQL, and a bare Fastify')
    const ours = await start(new URL('./serve-gatehouse.ts', import.meta.url), {
      GATEHOUSE_DATA: join(folder, 'data'),
    })
    const bare = await start(new URL('./serve-fastify.ts', import.meta.url))
    const measured = [
      ...againstBare(await inTurn(ours, bare, flatOut, pairs.bare)),
      addedLatency(await inTurn(ours, bare, paced, pairs.paced)),
    ]
    const dressed = await start(new URL('./serve-fastify-headers.ts', import.meta.url))
    measured.push(sameBytes(await inTurn(ours, dressed, flatOut, pairs.bare)), await storedRate(ours))
    await installPeers(note)
    for (const { name, needs, file } of others) {
      if (!existsSync(peerUrl(`node_modules/${needs}`))) {
        note(`gate: ${name} is skipped: it is not installed`)
        continue
      }
      const other = await start(peerUrl(file))
      measured.push(beside(name, await inTurn(ours, other, flatOut, pairs.others)))
    }
    if (profilePath !== undefined) {
      await ours.startProfile()
      await run(ours, { connections, seconds: 5 })
      await ours.writeProfile(profilePath)
      note(`gate: where the time goes is in ${profilePath}`)
    }
    return measured
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await rm(folder, { recursive: true, force: true })
  }
}

async function inTurn(
  ours: ServerProcess,
  peer: ServerProcess,
  shape: LoadShape,
  count: number,
): Promise<readonly Turn[]> {
  const turns: Turn[] = []
  while (turns.length < count) turns.push({ ours: await run(ours, shape), peer: await run(peer, shape) })
  return turns
}

const sent = new WeakMap<ServerProcess, number>()

async function run(server: ServerProcess, shape: LoadShape, path = answerPath): Promise<Round> {
  const before = await server.cpuMs()
  const { port, headers } = server
  const { requests, seconds, latenciesMs } = await load({ port, path, headers }, shape)
  // Before the other side has its turn: what is still to be written would take the CPU from it, and costs us.
  const rows = await server.settle()
  const used = (await server.cpuMs()) - before
  const all = (sent.get(server) ?? 0) + requests
  sent.set(server, all)
  if (rows !== undefined && rows !== all)
    throw new Error(`${all} calls were answered, but ${rows} are in api_call: the figures do not count`)
  return {
    perSecond: requests / seconds,
    cpuMsPerThousand: (used / requests) * 1_000,
    p99Ms: quantile(latenciesMs, 0.99),
  }
}

function pick(
  turns: readonly Turn[],
  field: keyof Round,
): { readonly pairs: Pair[]; readonly medians: Pair } {
  const of = turns.map(({ ours, peer }) => ({ ours: ours[field], peer: peer[field] }))
  return {
    pairs: of,
    medians: { ours: median(of.map((pair) => pair.ours)), peer: median(of.map((pair) => pair.peer)) },
  }
}

function againstBare(turns: readonly Turn[]): readonly Measured[] {
  const rate = pick(turns, 'perSecond')
  const cpu = pick(turns, 'cpuMsPerThousand')
  const peerName = 'bare Fastify'
  return [
    compare(
      { name: 'gate', unit: 'requests/s', goal: '≥ 0.60 of the peer', peerName },
      rate.pairs,
      rate.medians,
      (ratio) => ratio >= goals.ratio,
    ),
    compare(
      { name: 'gate-cpu', unit: 'CPU ms per 1,000 requests', goal: '–', peerName },
      cpu.pairs,
      cpu.medians,
      null,
    ),
  ]
}

function sameBytes(turns: readonly Turn[]): Measured {
  const rate = pick(turns, 'perSecond')
  const peerName = 'bare Fastify with the same reply headers'
  return compare(
    { name: 'gate-bytes', unit: 'requests/s', goal: '≥ 0.80 of the peer', peerName },
    rate.pairs,
    rate.medians,
    (ratio) => ratio >= goals.sameBytesRatio,
  )
}

/** What is left when the handler waits for the database, as most do. */
async function storedRate(ours: ServerProcess): Promise<Measured> {
  const rates: number[] = []
  while (rates.length < pairs.others) rates.push((await run(ours, flatOut, storedAnswerPath)).perSecond)
  const about = { name: 'gate-db', unit: 'requests/s whose handler reads a row', goal: '–' }
  const { figure } = alone(about, median(rates), true)
  return { figure: { ...figure, met: null } }
}

function addedLatency(turns: readonly Turn[]): Measured {
  const addedMs = median(turns.map(({ ours, peer }) => ours.p99Ms - peer.p99Ms))
  const about = { name: 'gate-p99-added', unit: 'ms at 2,000 requests/s', goal: '< 1 ms over bare Fastify' }
  return alone(about, addedMs, addedMs < goals.p99AddedMs)
}

function beside(peerName: string, turns: readonly Turn[]): Measured {
  const rate = pick(turns, 'perSecond')
  return compare({ name: 'gate', unit: 'requests/s', goal: '–', peerName }, rate.pairs, rate.medians, null)
}
