import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { type InvalidationChannel, listenForInvalidations } from './invalidations.ts'
import { holdNodeLock, type NodeLock, type NodeLockMode } from './node-lock.ts'

let database: TestDatabase
const ends: (() => Promise<void>)[] = []

beforeAll(async () => {
  database = await testDatabase()
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})
afterAll(() => database.drop())

type Node = {
  readonly channel: InvalidationChannel
  readonly lock: NodeLock | undefined
  readonly told: string[]
  readonly leave: () => Promise<void>
}

async function join(mode: NodeLockMode, { patienceMs = 0, told = [] as string[] } = {}): Promise<Node> {
  const channel = await listenForInvalidations(database.url)
  const lock = await holdNodeLock(channel, {
    mode,
    patienceMs,
    onWait: () => told.push('waits'),
    onRefused: () => told.push('refused'),
    onHeldAgain: () => told.push('held again'),
  })
  const leave = async (): Promise<void> => {
    lock?.stop()
    await channel.stop()
  }
  ends.push(leave)
  return { channel, lock, told, leave }
}

/** Ends the node's session, as when the server restarts or the connection is cut. */
async function cut({ channel }: Node): Promise<void> {
  const [row] = await channel.ask('SELECT pg_backend_pid() AS pid')
  await database.db.pool.query('SELECT pg_terminate_backend($1)', [row?.['pid']])
}

it.each<[mode: NodeLockMode, other: NodeLockMode, isLetIn: boolean]>([
  ['alone', 'alone', false],
  ['alone', 'shared', false],
  ['shared', 'alone', false],
  ['shared', 'shared', true],
])('beside a node that runs %s one that runs %s is let in: %s', async (mode, other, isLetIn) => {
  const first = await join(mode)
  const second = await join(other)
  expect(first.lock?.isHeld()).toBe(true)
  expect(second.lock !== undefined).toBe(isLetIn)
})

it('a node waits for the one that it replaces, says so once, and is let in when that has ended', async () => {
  const old = await join('alone')
  const told: string[] = []
  const waiting = join('alone', { patienceMs: 60_000, told })
  await expect.poll(() => told).toEqual(['waits'])
  await old.leave()
  expect((await waiting).lock?.isHeld()).toBe(true)
  expect(told).toEqual(['waits'])
})

it('after a lost connection the lock is taken again', async () => {
  const node = await join('alone')
  await cut(node)
  await expect.poll(() => node.lock?.isHeld()).toBe(false)
  await expect.poll(() => node.lock?.isHeld()).toBe(true)
  expect(node.told).toEqual([])
  expect((await join('alone')).lock).toBeUndefined()
})

it('when another node was faster it says so, is not in order, and is again once the other has left', async () => {
  const node = await join('alone')
  // Waits at the server itself, so that it gets the lock in the moment in which that is free.
  const other = await database.db.pool.connect()
  const got = other.query('SELECT pg_advisory_lock(7305662)')
  await cut(node)
  await got
  await expect.poll(() => node.told).toEqual(['refused'])
  expect(node.lock?.isHeld()).toBe(false)
  await other.query('SELECT pg_advisory_unlock(7305662)')
  other.release()
  await expect.poll(() => node.told).toEqual(['refused', 'held again'])
  expect(node.lock?.isHeld()).toBe(true)
})

it('a session that the node lost sight of, and that lives on at the server, does not keep it out', async () => {
  const [silent, fresh] = [
    await listenForInvalidations(database.url),
    await listenForInvalidations(database.url),
  ]
  ends.push(silent.stop, fresh.stop)
  let current = silent
  const channel = { ...silent, ask: (...asked: Parameters<typeof silent.ask>) => current.ask(...asked) }
  const told: string[] = []
  const lock = await holdNodeLock(channel, {
    mode: 'alone',
    patienceMs: 0,
    onWait: () => told.push('waits'),
    onRefused: () => told.push('refused'),
    onHeldAgain: () => told.push('held again'),
  })
  current = fresh
  silent.tell('*')
  expect(lock?.isHeld()).toBe(false)
  await expect.poll(() => lock?.isHeld()).toBe(true)
  // Nodes of other databases hold theirs on the same server.
  const { rows } = await database.db.pool.query(
    `SELECT FROM pg_locks WHERE objid = 7305662 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  expect(rows).toHaveLength(1)
  expect(told).toEqual([])
  lock?.stop()
})
