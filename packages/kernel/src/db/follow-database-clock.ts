import type { Clock } from '../clock/index.ts'
import type { Database } from './database.ts'

export type FollowedClock = { readonly clock: Clock; readonly stop: () => void }

const readEveryMs = 1_000
/** Readings come in whole microseconds, and timers are finer than what anybody waits for. */
const toleranceMs = 2

/**
 * The database's clock, read again and again and carried on in between by a scale that no one sets: so that all nodes
 * and the database agree on what is due, and a step of this machine's own clock changes nothing. While the database is
 * away the last reading is carried on.
 */
export async function followDatabaseClock(
  db: Pick<Database, 'pool'>,
  { monotonic }: Pick<Clock, 'monotonic'>,
): Promise<FollowedClock> {
  // Not the given scale, which a test may set forward, and the time of day with it.
  const elapsedMs = (): number => performance.now()
  let offsetMs = (await read(db, elapsedMs)).offsetMs
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const adjust = async (): Promise<void> => {
    try {
      const next = await read(db, elapsedMs)
      // What the way there and back leaves uncertain is no reason to move.
      if (Math.abs(next.offsetMs - offsetMs) > next.uncertaintyMs + toleranceMs) offsetMs = next.offsetMs
    } catch {
      // The database is away: whoever needs it says so.
    }
    plan()
  }
  const plan = (): void => {
    if (stopped) return
    timer = setTimeout(() => void adjust(), readEveryMs)
    timer.unref()
  }
  plan()

  return {
    clock: { now: () => Math.round(elapsedMs() + offsetMs), monotonic },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

async function read(
  { pool }: Pick<Database, 'pool'>,
  elapsedMs: () => number,
): Promise<{ readonly offsetMs: number; readonly uncertaintyMs: number }> {
  const client = await pool.connect()
  try {
    const askedMs = elapsedMs()
    const { rows } = await client.query<{ now_ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms',
    )
    const uncertaintyMs = (elapsedMs() - askedMs) / 2
    return { offsetMs: (rows[0]?.now_ms ?? 0) - askedMs - uncertaintyMs, uncertaintyMs }
  } finally {
    client.release()
  }
}
