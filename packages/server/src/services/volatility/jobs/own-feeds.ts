import {
  advisoryLocks,
  asGate,
  asWriter,
  type Database,
  endLockSession,
  type LockSession,
  openLockSession,
} from '@gatehouse/kernel/db'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { type Loop, startLoop } from '../../../service/start-loop.ts'
import { type Venue, venues } from '../domain/venue.ts'
import { claimFeed, findSilentOwner, renewFeed } from '../store/feed-store.ts'

/** A feed that only one node runs at a time: each venue, and each derivatives feed. */
export type FeedName = Venue | 'funding' | 'dvol'

/** The order must never change, because a feed's lock number is its position. */
const feedNames: readonly FeedName[] = [...venues, 'funding', 'dvol']

export type OwnFeedsDeps = {
  /** The feeds that this node takes part in; all venues by default. */
  readonly names?: readonly FeedName[]
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  /** The name of this node, shown as the owner of its feeds. */
  readonly node: string
  readonly isSimulated: boolean
  /** Runs the feed under an epoch until aborted. */
  readonly run: (name: FeedName, epoch: number, stop: AbortSignal) => Promise<void>
}

const everyMs = 2_000
/** An owner that has not renewed for longer than this stops its feed by itself. */
const renewalMsMax = 4_000
/**
 * An owner that has not renewed for longer than this counts as dead; longer than the time after which it stops by
 * itself.
 */
const silentAfterMs = 5_000

type Owned = {
  readonly epoch: number
  readonly stop: AbortController
  readonly ended: Promise<void>
  renewedMs: number
}

/**
 * Ensures that each venue is fed by exactly one node (specification 8.5). The holder of the venue's lock increases
 * its epoch, which is required for writing bars, and renews every two seconds. Other nodes try to take the lock at
 * the same interval, and terminate the database session of an owner that stopped renewing.
 */
export function ownFeeds({ names = venues, ...deps }: OwnFeedsDeps): Loop {
  const owned = new Map<FeedName, Owned>()
  let session: LockSession | undefined

  const drop = async (venue: FeedName, one: Owned): Promise<void> => {
    one.stop.abort()
    owned.delete(venue)
    await one.ended
    await session?.unlock(advisoryLocks.feeds, feedNames.indexOf(venue)).catch(() => undefined)
  }
  const dropAll = (): Promise<unknown> => Promise.all([...owned].map(([venue, one]) => drop(venue, one)))

  const renew = async (venue: FeedName, one: Owned): Promise<void> => {
    const isStill = await within(
      renewalMsMax,
      asWriter(deps, (tx) => renewFeed(tx, venue, one.epoch)),
    )
    if (isStill === true) one.renewedMs = deps.clock.monotonic()
    else if (isStill === false || deps.clock.monotonic() - one.renewedMs > renewalMsMax)
      await drop(venue, one)
  }

  const tryToOwn = async (venue: FeedName, held: LockSession): Promise<void> => {
    const key = feedNames.indexOf(venue)
    if (!(await held.tryLock(advisoryLocks.feeds, key))) {
      const silent = await asGate(deps, (tx) => findSilentOwner(tx, venue, silentAfterMs))
      if (silent === undefined) return
      await endLockSession(deps.db, silent)
      if (!(await held.tryLock(advisoryLocks.feeds, key))) return
    }
    const { node, isSimulated, clock } = deps
    const owner = { node, isSimulated, sessionPid: held.pid, sessionStarted: held.startedAt }
    const epoch = await asWriter(deps, (tx) => claimFeed(tx, venue, owner, clock.now()))
    const stop = new AbortController()
    const running = deps.run(venue, epoch, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted)
        deps.log.error(`The feed of ${venue} ended, and begins anew`, toErrorFields(error))
    })
    const one: Owned = { epoch, stop, ended: running, renewedMs: clock.monotonic() }
    owned.set(venue, one)
    // A feed that ends by itself is started again in the next round, by this node or another.
    void running.then(() => (owned.get(venue) === one ? drop(venue, one) : undefined))
  }

  const round = async (): Promise<void> => {
    // Checked first, because other nodes may have taken over while this one was suspended.
    for (const [venue, one] of owned)
      if (deps.clock.monotonic() - one.renewedMs > everyMs + renewalMsMax) await drop(venue, one)
    if (session !== undefined && !(await session.isAlive(renewalMsMax))) {
      await dropAll()
      session.end()
      session = undefined
    }
    await Promise.all([...owned].map(([venue, one]) => renew(venue, one)))
    if (names.every((name) => owned.has(name))) return
    session ??= await openLockSession(deps.db)
    for (const name of names) if (!owned.has(name)) await tryToOwn(name, session)
  }

  const loop = startLoop('volatility feeds', everyMs, deps.log, round)
  return {
    stop: async () => {
      await loop.stop()
      await dropAll()
      session?.end()
    },
  }
}

/** The result of the work; undefined if it took longer, or failed. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), ms)
  try {
    return await Promise.race([work.catch(() => undefined), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
