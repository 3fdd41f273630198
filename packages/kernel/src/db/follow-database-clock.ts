import type { Clock } from '../clock/index.ts'
import type { Database } from './database.ts'

export type FollowedClock = { readonly clock: Clock; readonly stop: () => void }

const readEveryMs = 1_000
/**
 * Smaller differences are ignored: readings have a resolution of a microsecond, and nothing waits for less than this.
 */
const toleranceMs = 2

/**
 * A clock that follows the database's clock: it is read regularly, and a monotonic clock fills the time in between. So
 * all nodes and the database agree on what is due, and a step of this machine's own clock changes nothing. While the
 * database is unreachable, the last reading is extrapolated.
 */
export async function followDatabaseClock(
  db: Pick<Database, 'pool'>,
  { monotonic }: Pick<Clock, 'monotonic'>,
): Promise<FollowedClock> {
  // Not the given `monotonic`: a test may set that forward, and would set the time of day with it.
  const elapsedMs = (): number => performance.now()
  let offsetMs = (await read(db, elapsedMs)).offsetMs
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const adjust = async (): Promise<void> => {
    try {
      const next = await read(db, elapsedMs)
      // A difference within the uncertainty of the round trip is no reason to change the offset.
      if (Math.abs(next.offsetMs - offsetMs) > next.uncertaintyMs + toleranceMs) offsetMs = next.offsetMs
    } catch {
      // The database is unreachable; whoever queries it reports that.
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
