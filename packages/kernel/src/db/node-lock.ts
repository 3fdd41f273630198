import { setTimeout as wait } from 'node:timers/promises'
import type { InvalidationChannel } from './invalidations.ts'
import { advisoryLocks } from './advisory-locks.ts'

/**
 * `alone`: no other node may run on the database. `shared`: other nodes may run if they hold the lock as `shared` too.
 */
export type NodeLockMode = 'alone' | 'shared'

export type NodeLock = {
  /** Whether the lock is held: false after a lost connection until it has been taken again. */
  readonly isHeld: () => boolean
  readonly stop: () => void
}

export type NodeLockOptions = {
  readonly mode: NodeLockMode
  /**
   * How long to wait at the start while another node holds the lock, such as one that is being replaced and finishes
   * its last requests.
   */
  readonly patienceMs: number
  /** Called when another node holds the lock, and this one begins to wait. */
  readonly onWait: () => void
  /** Called when, after a lost connection, another node had taken the lock before this one could take it again. */
  readonly onRefused: () => void
  readonly onHeldAgain: () => void
}

type Session = { readonly pid: number; readonly startedAt: string }

const againMs = 250
/**
 * The number of failed attempts that count as a refusal: the server needs a moment to end a session and release its
 * locks.
 */
const failuresBeforeRefusal = 4

const takeStatements = {
  alone: `SELECT pg_try_advisory_lock(${advisoryLocks.node}) AS held`,
  shared: `SELECT pg_try_advisory_lock_shared(${advisoryLocks.node}) AS held`,
} as const

/**
 * Takes the lock that says how many nodes may run on this database, in the session of `channel`, and takes it again
 * whenever the channel has a new session. Returns undefined when another node held it for all of `patienceMs`.
 */
export async function holdNodeLock(
  channel: InvalidationChannel,
  options: NodeLockOptions,
): Promise<NodeLock | undefined> {
  const { mode, patienceMs, onWait, onRefused, onHeldAgain } = options
  let holder: Session | undefined
  let isLost = true
  let failures = 0

  const take = async (session: Session | undefined): Promise<boolean> => {
    if (session === undefined) return false
    const [answer] = await channel.ask(takeStatements[mode])
    if (answer?.['held'] !== true) return false
    holder = session
    isLost = false
    return true
  }
  const takeAgain = async (): Promise<void> => {
    const session = await readSession(channel)
    if (session === undefined) return
    // A session that this node has lost may stay open on the server for minutes, and keep the lock from its successor.
    if (holder !== undefined && holder.pid !== session.pid) await endSession(channel, holder)
    if (await take(session)) {
      if (failures >= failuresBeforeRefusal) onHeldAgain()
      failures = 0
    } else {
      failures += 1
      if (failures === failuresBeforeRefusal) onRefused()
    }
  }

  const deadlineMs = performance.now() + patienceMs
  for (let isFirst = true; !(await take(await readSession(channel))); isFirst = false) {
    if (performance.now() >= deadlineMs) return undefined
    if (isFirst) onWait()
    await wait(againMs)
  }
  const unsubscribe = channel.subscribe((subject) => {
    if (subject === '*') isLost = true
  })
  let isBusy = false
  const timer = setInterval(() => {
    if (!isLost || isBusy) return
    isBusy = true
    takeAgain()
      // The connection was lost once more: the next turn tries again.
      .catch(() => undefined)
      .finally(() => {
        isBusy = false
      })
  }, againMs)
  timer.unref()
  return {
    isHeld: () => !isLost,
    stop: () => {
      clearInterval(timer)
      unsubscribe()
    },
  }
}

async function readSession(channel: InvalidationChannel): Promise<Session | undefined> {
  const [row] = await channel.ask(
    `SELECT pid, backend_start::text AS started_at FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  )
  return row && { pid: Number(row['pid']), startedAt: String(row['started_at']) }
}

/** Process ids are reused, so the start time shows whether it is still the same session. */
async function endSession(channel: InvalidationChannel, { pid, startedAt }: Session): Promise<void> {
  await channel.ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2`,
    [pid, startedAt],
  )
}
