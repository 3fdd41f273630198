import { asGate, asWriter, type LockSession, openDatabase, openLockSession } from '@gatehouse/kernel/db'
import { systemClock } from '@gatehouse/kernel/clock'
import { createLogger } from '@gatehouse/kernel/log'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Loop } from '../../../service/start-loop.ts'
import { claimFeed, findSilentOwner, renewFeed } from '../store/feed-store.ts'
import { venues } from '../domain/venue.ts'
import { lockEpochs } from '../store/ingest-store.ts'
import { type FeedName, ownFeeds } from './own-feeds.ts'

const feedsGroup = 7_305_664

let database: TestDatabase
const stops: (() => Promise<void>)[] = []
beforeEach(async () => {
  database = await testDatabase()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await database.drop()
})

type Node = { readonly feeding: Map<FeedName, number>; readonly loop: Loop }

/** A node on connections of its own, which notes what it feeds under which epoch. */
function startNode(name: string): Node {
  const db = openDatabase({ url: database.url })
  const feeding = new Map<FeedName, number>()
  const loop = ownFeeds({
    db,
    clock: systemClock,
    log: createLogger('silent'),
    node: name,
    isSimulated: false,
    run: async (venue, epoch, stop) => {
      feeding.set(venue, epoch)
      await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()))
      feeding.delete(venue)
    },
  })
  stops.push(async () => {
    await loop.stop()
    await db.end()
  })
  return { feeding, loop }
}

/** A node that owns every feed, and then does nothing more. */
async function claimAll(): Promise<LockSession> {
  const session = await openLockSession(database.db)
  for (const venue of venues) {
    expect(await session.tryLock(feedsGroup, venues.indexOf(venue))).toBe(true)
    const owner = {
      node: 'first',
      isSimulated: false,
      sessionPid: session.pid,
      sessionStarted: session.startedAt,
    }
    expect(await asWriter(database, (tx) => claimFeed(tx, venue, owner, systemClock.now()))).toBe(1)
  }
  return session
}

/** Whichever of them was free first. */
const allUnder = (epoch: number) => Object.fromEntries(venues.map((venue) => [venue, epoch]))

const mayWrite = (epoch: number) =>
  asWriter(database, (tx) => lockEpochs(tx, new Map(venues.map((venue) => [venue, epoch]))))

it('feed-moves-to-another-node-within-ten-seconds: of a node that was killed', async () => {
  const session = await claimAll()
  expect(await mayWrite(1)).toEqual(new Set(venues))
  const { feeding } = startNode('second')
  session.end()
  await expect.poll(() => Object.fromEntries(feeding)).toEqual(allUnder(2))
  expect(await mayWrite(1)).toEqual(new Set())
  expect(await mayWrite(2)).toEqual(new Set(venues))
})

it('feed-moves-to-another-node-within-ten-seconds: of a node that stands still, and holds its locks', async () => {
  const session = await claimAll()
  stops.push(async () => session.end())
  const { feeding } = startNode('second')
  await expect.poll(() => Object.fromEntries(feeding)).toEqual(allUnder(2))
  expect(await mayWrite(1)).toEqual(new Set())
  for (const venue of venues) expect(await asWriter(database, (tx) => renewFeed(tx, venue, 1))).toBe(false)
})

it('an owner that lives is left alone, and one that stops lets go at once', async () => {
  const first = startNode('first')
  await expect.poll(() => first.feeding.size).toBe(venues.length)
  const second = startNode('second')
  for (const venue of venues)
    expect(await asGate(database, (tx) => findSilentOwner(tx, venue, 5_000))).toBeUndefined()
  expect(second.feeding.size).toBe(0)
  await first.loop.stop()
  expect(first.feeding.size).toBe(0)
  await expect.poll(() => second.feeding.size).toBe(venues.length)
})

it('an owner that was overtaken stops by itself', async () => {
  const first = startNode('first')
  await expect.poll(() => first.feeding.get('binance')).toBe(1)
  await database.db.pool.query(`UPDATE volatility.feed SET epoch = epoch + 1 WHERE venue = 'binance'`)
  await expect.poll(() => first.feeding.get('binance')).not.toBe(1)
})
