import type { Clock } from '@gatehouse/kernel/clock'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import { storedBucketsMs } from '../domain/response-buckets.ts'
import { joinBuckets, toResponseBucket } from '../domain/response-figures.ts'
import { uptimePolicy } from '../policy.ts'
import type { MonitorKey } from '../store/claim-store.ts'
import {
  insertResponseDays,
  listMeasuredHours,
  listMissingDays,
  lockResponseDays,
} from '../store/response-store.ts'

type Deps = { readonly db: Database; readonly clock: Pick<Clock, 'now'> }

const dayMs = 86_400_000
const { daysMax, settledSeconds, daysPerRunMax } = uptimePolicy.responseTimes
/** Days computed in one transaction: so few that the event loop has its turn in between. */
const atOnce = 4

/** Computes the response times of each monitor on the days that are over, and are not stored yet; newest first. */
export async function makeResponseDays(deps: Deps, signal?: AbortSignal): Promise<void> {
  const toMs = Math.floor((deps.clock.now() - settledSeconds * 1_000) / dayMs) * dayMs
  const span = { fromMs: toMs - daysMax * dayMs, toMs }
  const missing = await asWriter(deps, (tx) => listMissingDays(tx, span, daysPerRunMax))
  for (const [startMs, keys] of Map.groupBy(missing, (day) => day.dayMs))
    for (let at = 0; at < keys.length; at += atOnce) {
      if (signal?.aborted === true) return
      await makeResponseDay(deps, keys.slice(at, at + atOnce), startMs)
    }
}

/** Computes and stores one day of these monitors. */
export async function makeResponseDay(
  deps: Pick<Deps, 'db'>,
  keys: readonly MonitorKey[],
  startMs: number,
): Promise<void> {
  await asWriter(deps, async (tx) => {
    await lockResponseDays(tx, keys)
    const hours = await listMeasuredHours(tx, keys, { fromMs: startMs, toMs: startMs + dayMs })
    await insertResponseDays(
      tx,
      startMs,
      keys.map(({ orgId, monitorId }) => ({
        orgId,
        monitorId,
        buckets: Object.fromEntries(
          storedBucketsMs.map((ms) => [
            ms / 1_000,
            joinBuckets(hours.get(monitorId) ?? [], ms).map(toResponseBucket),
          ]),
        ),
      })),
    )
  })
}
