import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemTimeline } from '@gatehouse/kernel/clock'
import { proxyDatabase, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { it } from 'vitest'
import { venues } from '../domain/venue.ts'
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts'

const program = fileURLToPath(new URL('../fixtures/feed-node.ts', import.meta.url))
const minuteMs = 60_000
const patience = { timeout: 120_000, interval: 200 }
/** How long before the end of a minute of theirs the venues begin: about what two nodes need to be there. */
const beforeEndMs = 25_000
/** So near to its end, a minute ends while nobody, or somebody who is silent, owns the feed. */
const lateMs = minuteMs - 4_000

/** A node that reaches its database by this URL. */
async function startNode(url: string, simulator: Simulator): Promise<ChildProcess> {
  const words = [program, url, JSON.stringify(simulator.hosts), simulator.deribit]
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout ?? child, 'data')
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'close')
}

type Stored = { readonly venue: string; readonly minute: number; readonly close: number }

function look({ db }: TestDatabase) {
  return {
    /** Of each venue, under which epoch it is fed by the process. */
    owners: async (): Promise<readonly string[]> => {
      const { rows } = await db.pool.query<{ owner: string }>(
        `SELECT venue || ' ' || epoch || ' ' || split_part(node, '/', 2) || ' ' || status AS owner
           FROM volatility.feed ORDER BY venue`,
      )
      return rows.map(({ owner }) => owner)
    },
    minutes: async (): Promise<readonly Stored[]> => {
      const { rows } = await db.pool.query<Stored>(
        `SELECT m.venue, (extract(epoch FROM b.open_at) / 60)::int AS minute, b.close
           FROM volatility.bar b JOIN volatility.market m USING (market_id)
          WHERE b.span = 1 ORDER BY m.venue, b.open_at`,
      )
      return rows
    },
    seqs: async (): Promise<readonly number[]> => {
      const { rows } = await db.pool.query<{ seq: number }>(
        'SELECT seq::int AS seq FROM volatility.event ORDER BY seq',
      )
      return rows.map(({ seq }) => seq)
    },
  }
}

it.concurrent.for<readonly [how: string, fault: 'SIGKILL' | 'SIGSTOP' | 'partition']>([
  ['a process that is killed', 'SIGKILL'],
  ['a process that is frozen', 'SIGSTOP'],
  ['a process that is cut off from its database and the other node, and hears the venues still', 'partition'],
])(
  'feed-moves-to-another-node-within-ten-seconds: with nothing lost and nothing twice, of %s',
  { timeout: 300_000 },
  async ([_how, fault], { expect }) => {
    const database = await testDatabase()
    const link = await proxyDatabase(database.url.reveal())
    const aheadMs = minuteMs - beforeEndMs - (Date.now() % minuteMs)
    /** The venues' time. */
    const now = (): number => Date.now() + aheadMs
    const simulator = await startSimulator({
      symbols: ['btcusdt'],
      seed: 3,
      clock: { ...systemTimeline, now },
    })
    const { owners, minutes, seqs } = look(database)
    const nodes: ChildProcess[] = []
    try {
      const first = await startNode(link.url, simulator)
      nodes.push(first)
      const allOf = (epoch: number, { pid }: ChildProcess) =>
        venues.toSorted().map((venue) => `${venue} ${epoch} ${pid} live`)
      await expect.poll(owners, patience).toEqual(allOf(1, first))
      const streams = simulator.openSockets()
      const second = await startNode(database.url.reveal(), simulator)
      nodes.push(second)
      await expect.poll(() => now() % minuteMs, patience).toBeGreaterThan(lateMs)
      const lastMinute = Math.floor(now() / minuteMs)
      if (fault === 'partition') link.silence()
      else first.kill(fault)
      await expect.poll(owners, patience).toEqual(allOf(2, second))
      const reached = async () => {
        const stored = await minutes()
        return venues.map((venue) => stored.findLast((one) => one.venue === venue)?.minute ?? 0)
      }
      await expect.poll(async () => (await reached()).every((at) => at >= lastMinute), patience).toBe(true)
      if (fault === 'partition') {
        // It has stopped listening to the venues by itself, and once it is back it is a node like any other.
        await expect.poll(simulator.openSockets, patience).toBe(streams)
        await link.restore()
        await end(second)
        await expect.poll(owners, patience).toEqual(allOf(3, first))
      }
      const stored = await minutes()
      for (const venue of venues) {
        const own = stored.filter((one) => one.venue === venue)
        const [from, to] = [own[0]?.minute ?? 0, own.at(-1)?.minute ?? 0]
        const closed = simulator.closedBars(venue, 'btcusdt', from * minuteMs, (to + 1) * minuteMs)
        expect(own.map(({ minute, close }) => [minute, close])).toEqual(
          closed.map(({ openMs, close }) => [openMs / minuteMs, close]),
        )
        expect(own.map(({ minute }) => minute)).toEqual(
          Array.from({ length: to - from + 1 }, (_, at) => from + at),
        )
      }
      const told = await seqs()
      expect(told).toEqual(told.map((_, at) => (told[0] ?? 0) + at))
    } finally {
      await Promise.all(nodes.map(end))
      await link.stop()
      await simulator.close()
      await database.drop()
    }
  },
)
