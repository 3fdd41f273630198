import { setTimeout as wait } from 'node:timers/promises'
import type { InvalidationChannel } from './invalidations.ts'
import { advisoryLocks } from './advisory-locks.ts'

/** `alone`: no other node may run on the database; `shared`: others may that hold it so, and none that is alone. */
export type NodeLockMode = 'alone' | 'shared'

export type NodeLock = {
  /** False after a lost connection, until it is held again. */
  readonly isHeld: () => boolean
  readonly stop: () => void
}

export type NodeLockOptions = {
  readonly mode: NodeLockMode
  /** How long another node may keep it at the start: one that is being replaced, say, and ends its last requests. */
  readonly patienceMs: number
  /** Another node has it, and is waited for. */
  readonly onWait: () => void
  /** After a lost connection another node had it before this one took it again. */
  readonly onRefused: () => void
  readonly onHeldAgain: () => void
}

type Session = { readonly pid: number; readonly startedAt: string }

const againMs = 250
/** The server needs a moment to end a session, and to let go of what that held. */
const failuresBeforeRefusal = 4

const takeStatements = {
  alone: `SELECT pg_try_advisory_lock(${advisoryLocks.node}) AS held`,
  shared: `SELECT pg_try_advisory_lock_shared(${advisoryLocks.node}) AS held`,
} as const

/**
 * Takes the lock that says how many nodes may run on this database, in the session of `channel`, and takes it again
 * whenever that has a new one. Undefined when another node kept it for all of `patienceMs`.
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
    // What this node lost sight of may live on at the server for minutes, and keep the lock from its successor.
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

/** Process ids are used again, so that the moment of the start says whether it is still the same session. */
async function endSession(channel: InvalidationChannel, { pid, startedAt }: Session): Promise<void> {
  await channel.ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2`,
    [pid, startedAt],
  )
}
