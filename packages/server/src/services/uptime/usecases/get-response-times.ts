import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { FieldFault } from '@gatehouse/kernel/problem'
import { toTime } from '../../../service/shapes.ts'
import type { ResponseTimesQuery, ResponseTimesReply } from '../contract/response-times.ts'
import type { UptimeDeps } from '../deps.ts'
import { storedBucketsMs, toBucketMs } from '../domain/response-buckets.ts'
import { type ResponseBucket, toResponseBucket } from '../domain/response-figures.ts'
import { uptimePolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { listMeasured, listResponseDays, type Span } from '../store/response-store.ts'

const dayMs = 86_400_000
const { bucketsMax, daysMax, daysDefault } = uptimePolicy.responseTimes

/**
 * Computed from the stored results, which are kept for the longest span that can be asked for: exact for any span. Days
 * that are over are computed once, if the buckets are long.
 */
export async function getResponseTimes(
  deps: Pick<UptimeDeps, 'db' | 'clock'>,
  principal: Principal,
  monitorId: string,
  { from, to }: ResponseTimesQuery,
): Promise<ResponseTimesReply> {
  const now = deps.clock.now()
  const toMs = Math.min(to ?? now, now)
  const fromMs = from ?? toMs - daysDefault * dayMs
  if (fromMs >= toMs) throw refuse({ field: 'from', message: 'must lie before to, and in the past' })
  if (toMs - fromMs > daysMax * dayMs)
    throw refuse({ field: 'from', message: `must be at most ${daysMax} days before to` })
  const bucketMs = toBucketMs(fromMs, toMs, bucketsMax)
  return within(deps, principal, async (tx) => {
    if ((await findMonitor(tx, monitorId)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    const buckets = await listBuckets(tx, monitorId, { fromMs, toMs }, bucketMs)
    return {
      from: toTime(fromMs),
      to: toTime(toMs),
      bucketSeconds: bucketMs / 1_000,
      buckets: buckets.map(({ startMs, ...figures }) => ({ startsAt: toTime(startMs), ...figures })),
    }
  })
}

async function listBuckets(
  tx: TenantTx,
  monitorId: string,
  span: Span,
  bucketMs: number,
): Promise<readonly ResponseBucket[]> {
  const wholeDays = {
    fromMs: Math.ceil(span.fromMs / dayMs) * dayMs,
    toMs: Math.floor(span.toMs / dayMs) * dayMs,
  }
  const days = storedBucketsMs.includes(bucketMs)
    ? await listResponseDays(tx, monitorId, wholeDays, bucketMs)
    : []
  const rest = cutOut(
    span,
    days.map((day) => day.dayMs),
  )
  const measured = await listMeasured(tx, monitorId, rest, bucketMs)
  return [...days.flatMap(({ buckets }) => buckets), ...measured.map(toResponseBucket)].toSorted(
    (one, other) => one.startMs - other.startMs,
  )
}

/** What is left of a span without these days. */
function cutOut({ fromMs, toMs }: Span, daysMs: readonly number[]): readonly Span[] {
  const starts = [fromMs, ...daysMs.map((ms) => ms + dayMs)]
  const ends = [...daysMs, toMs]
  return starts
    .map((startMs, index) => ({ fromMs: startMs, toMs: ends[index] ?? toMs }))
    .filter((part) => part.fromMs < part.toMs)
}

function refuse(fault: FieldFault): Error {
  return problems.VALIDATION_ERROR({ fields: [fault] })
}
