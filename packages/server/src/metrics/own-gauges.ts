import { findOldestUnsigned } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import { findBacklog } from '@gatehouse/kernel/delivery'
import { countWaitingJobs } from '@gatehouse/kernel/jobs'
import type { Gauge } from '../service/gauge.ts'

/** The most rows that are counted of a queue; the exact length beyond that is of no interest. */
const countedMax = 10_000

/** The gauges of the parts that all services share: deliveries, jobs, audit chains. */
export function listOwnGauges(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  queues: readonly string[],
): readonly Gauge[] {
  const readBacklogs = () =>
    asWriter({ db }, async (tx) => {
      const found: { readonly queue: string; readonly waiting: number; readonly lagSeconds: number }[] = []
      for (const queue of queues) {
        const { waiting, dueSinceMs } = await findBacklog(tx, queue, clock.now(), countedMax)
        found.push({ queue, waiting, lagSeconds: secondsSince(dueSinceMs, clock) })
      }
      return found
    })
  return [
    {
      name: 'gatehouse_delivery_waiting',
      help: `Deliveries that wait to be sent, by queue; counted up to ${countedMax}`,
      labels: ['queue'],
      read: async () =>
        (await readBacklogs()).map(({ queue, waiting }) => ({ labels: { queue }, value: waiting })),
    },
    {
      name: 'gatehouse_delivery_lag_seconds',
      help: 'For how long the delivery that is due longest has been due, by queue',
      labels: ['queue'],
      read: async () =>
        (await readBacklogs()).map(({ queue, lagSeconds }) => ({ labels: { queue }, value: lagSeconds })),
    },
    {
      name: 'gatehouse_jobs_waiting',
      help: `Jobs that could run now and wait; counted up to ${countedMax}`,
      read: async () => [{ value: await asWriter({ db }, (tx) => countWaitingJobs(tx, countedMax)) }],
    },
    {
      name: 'gatehouse_audit_unsigned_seconds',
      help: 'For how long the entries of any audit chain that have waited longest wait for a signed checkpoint',
      read: async () => [{ value: secondsSince(await asWriter({ db }, findOldestUnsigned), clock) }],
    },
  ]
}

function secondsSince(atMs: number | null, clock: Clock): number {
  return atMs === null ? 0 : Math.max(0, (clock.now() - atMs) / 1_000)
}
