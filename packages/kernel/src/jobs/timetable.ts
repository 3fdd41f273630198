import { parseCronItems } from 'graphile-worker'
import { asWriter, type Database } from '../db/index.ts'
import type { RecurringJob } from './define-job.ts'
import { enqueueDue, findNow, mendJobTimes } from './store/timetable-store.ts'

export type Timetable = { readonly stop: () => Promise<void> }

const minuteMs = 60_000
/** How much is made up for after the database was away, or this node was too busy to look. */
const madeUpMs = 60 * minuteMs
const againMs = 5_000

/** Queues recurring jobs when they are due by the database's clock, once per due time, however many nodes there are. */
export async function startTimetable(
  deps: { readonly db: Database },
  recurring: readonly Pick<RecurringJob, 'name' | 'cron'>[],
  onError: (message: string, meta: Readonly<Record<string, unknown>>) => void,
): Promise<Timetable> {
  const items = parseCronItems(recurring.map(({ name, cron }) => ({ task: name, match: cron })))
  const listDue = (atMs: number): readonly string[] => {
    const at = new Date(atMs)
    const digest = {
      min: at.getUTCMinutes(),
      hour: at.getUTCHours(),
      date: at.getUTCDate(),
      month: at.getUTCMonth() + 1,
      dow: at.getUTCDay(),
    }
    return items.filter(({ match }) => match(digest)).map(({ task }) => task)
  }
  let lastMs: number | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let looking: Promise<void> = Promise.resolve()

  /** Returns the time until the next look, in milliseconds. */
  const look = async (): Promise<number> =>
    asWriter(deps, async (tx) => {
      await mendJobTimes(tx)
      const nowMs = await findNow(tx)
      for (const atMs of listMinutes(lastMs, nowMs)) {
        const due = listDue(atMs)
        if (due.length > 0) await enqueueDue(tx, due, atMs)
      }
      lastMs = nowMs
      return minuteMs - (nowMs % minuteMs)
    })
  const plan = (delayMs: number): void => {
    if (isStopped) return
    timer = setTimeout(() => {
      looking = look().then(plan, (error: unknown) => {
        onError('Recurring jobs could not be queued', { error: String(error) })
        plan(againMs)
      })
    }, delayMs)
  }
  plan(await look())
  return {
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await looking
    },
  }
}

/**
 * The minutes that began since the last look; only the current one at the first look and after the clock has stepped
 * back.
 */
export function listMinutes(lastMs: number | undefined, nowMs: number): readonly number[] {
  const present = Math.floor(nowMs / minuteMs) * minuteMs
  if (lastMs === undefined || lastMs > nowMs) return [present]
  const fromMs = Math.max(Math.floor(lastMs / minuteMs) * minuteMs, present - madeUpMs) + minuteMs
  const count = Math.max(0, (present - fromMs) / minuteMs + 1)
  return Array.from({ length: count }, (_, at) => fromMs + at * minuteMs)
}
