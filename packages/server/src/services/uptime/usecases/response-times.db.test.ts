import { ensurePartitions } from '@gatehouse/kernel/db'
import { instant } from '@gatehouse/kernel/endpoint'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResponseTimesReply } from '../contract/response-times.ts'
import { makeResponseDays } from '../jobs/make-response-days.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from './create-monitor.ts'
import { getResponseTimes } from './get-response-times.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 86_400_000
const phases = ['dns', 'connect', 'tls', 'ttfb', 'download', 'total'] as const
type Phase = (typeof phases)[number]
type Row = Readonly<Record<`${Phase}_ms`, number | null>> & { readonly at: string; readonly outcome: string }

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
  const now = uptime.clock.now()
  for (let day = 0; day <= 91; day += 3)
    await ensurePartitions(
      uptime.database.db,
      [{ table: 'uptime.check_result', every: 'day', ahead: 1 }],
      now - day * dayMs,
    )
})
afterAll(() => uptime.database.drop())

async function makeMonitor(): Promise<{ readonly member: MemberPrincipal; readonly id: string }> {
  const member = await uptime.found()
  const { id } = await createMonitor(uptime.deps, member, {
    type: 'http',
    config: { url: 'https://example.com' },
  })
  return { member, id }
}

/**
 * One check each `everyMs` before now, of which every 7th is down, every 11th slow, every 13th unknown and every 17th without
 * name service; none at all on the fifth day.
 */
async function fill(
  { member, id }: Awaited<ReturnType<typeof makeMonitor>>,
  spanMs: number,
  everyMs: number,
): Promise<void> {
  await uptime.database.db.pool.query(
    `INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome,
                                      dns_ms, connect_ms, tls_ms, ttfb_ms, download_ms, total_ms)
     SELECT $1, $2, 'local', at, at, 'scheduled',
            CASE WHEN n % 7 = 0 THEN 'down' WHEN n % 11 = 0 THEN 'degraded' WHEN n % 13 = 0 THEN 'unknown' ELSE 'up' END,
            CASE WHEN n % 17 <> 0 THEN n % 23 END, n % 31, n % 41, n * 7919 % 977, n % 5,
            CASE WHEN n % 17 <> 0 THEN n % 23 ELSE 0 END + n % 31 + n % 41 + n * 7919 % 977 + n % 5
       FROM generate_series(1, $3::integer) AS n, LATERAL (SELECT to_timestamp(($4::float8 - n * $5::float8) / 1000) AS at) t
      WHERE n * $5::float8 NOT BETWEEN 4 * 86400000.0 AND 5 * 86400000.0`,
    [member.orgId, id, Math.floor(spanMs / everyMs), uptime.clock.now(), everyMs],
  )
}

/** As the server does once an hour, for a monitor that is older than its results. */
async function computeDays({ id }: Awaited<ReturnType<typeof makeMonitor>>): Promise<void> {
  await uptime.database.db.pool.query(
    "UPDATE uptime.monitor SET created_at = now() - interval '100 days' WHERE id = $1",
    [id],
  )
  await makeResponseDays(uptime.deps)
}

async function recompute(id: string, fromMs: number, toMs: number, bucketMs: number) {
  const { rows } = await uptime.database.db.pool.query<Row>(
    `SELECT extract(epoch FROM started_at) * 1000 AS at, outcome, dns_ms, connect_ms, tls_ms, ttfb_ms, download_ms, total_ms
       FROM uptime.check_result WHERE monitor_id = $1`,
    [id],
  )
  const inside = rows.filter(({ at }) => Number(at) >= fromMs && Number(at) < toMs)
  const grouped = Map.groupBy(inside, ({ at }) => Math.floor(Number(at) / bucketMs) * bucketMs)
  return [...grouped]
    .toSorted(([one], [other]) => one - other)
    .map(([startMs, found]) => {
      const answers = found.filter(({ outcome }) => outcome === 'up' || outcome === 'degraded')
      return {
        startsAt: new Date(startMs).toISOString(),
        answered: answers.length,
        failed: found.filter(({ outcome }) => outcome === 'down').length,
        ...Object.fromEntries(
          phases.map((phase) => [phase, toFigures(answers.map((row) => row[`${phase}_ms`]))]),
        ),
      }
    })
}

function toFigures(measured: readonly (number | null)[]) {
  const values = measured.filter((value) => value !== null).toSorted((one, other) => one - other)
  if (values.length === 0) return null
  const sumMs = values.reduce((sum, value) => sum + value, 0)
  return {
    meanMs: Math.round((sumMs * 10) / values.length) / 10,
    p95Ms: values[Math.ceil(0.95 * values.length) - 1],
  }
}

describe('response-times-are-what-the-results-say', () => {
  it.each<[span: string, days: number, bucketSeconds: number, everyMs: number]>([
    ['24 hours', 1, 300, minuteMs],
    ['7 days', 7, 3_600, 5 * minuteMs],
    ['30 days', 30, 10_800, 11 * minuteMs],
    ['90 days', 90, 28_800, 29 * minuteMs],
  ])(
    'of %s, by the mean and the 95th percentile of each phase',
    async (_span, days, bucketSeconds, everyMs) => {
      const made = await makeMonitor()
      await fill(made, days * dayMs, everyMs)
      const now = uptime.clock.now()
      const from = now - days * dayMs
      const told = await getResponseTimes(uptime.deps, made.member, made.id, { from })
      expect(told).toMatchObject({
        from: new Date(from).toISOString(),
        to: new Date(now).toISOString(),
        bucketSeconds,
      })
      expect(told.buckets.length).toBeGreaterThan(days === 1 ? 280 : 100)
      expect(told.buckets.length).toBeLessThanOrEqual(300)
      expect(told.buckets).toEqual(await recompute(made.id, from, now, bucketSeconds * 1_000))
    },
  )

  it.each([30, 90])(
    'of %i days, also once the days that are over are computed, but for one',
    async (days) => {
      const made = await makeMonitor()
      await fill(made, days * dayMs, 29 * minuteMs)
      await computeDays(made)
      await uptime.database.db.pool.query(
        `DELETE FROM uptime.response_day WHERE monitor_id = $1 AND day = (
         SELECT day FROM uptime.response_day WHERE monitor_id = $1 ORDER BY day LIMIT 1 OFFSET 9)`,
        [made.id],
      )
      const now = uptime.clock.now()
      const from = now - days * dayMs + 7 * hourMs
      const told = await getResponseTimes(uptime.deps, made.member, made.id, { from, to: now - hourMs })
      expect(told.buckets).toEqual(await recompute(made.id, from, now - hourMs, told.bucketSeconds * 1_000))
    },
  )

  it('hold what began from the first millisecond asked for, up to but without the last', async () => {
    const made = await makeMonitor()
    await fill(made, 10 * minuteMs, minuteMs)
    const now = uptime.clock.now()
    const count = async (from: number, to: number): Promise<number> =>
      total(await getResponseTimes(uptime.deps, made.member, made.id, { from, to }))
    expect(await count(now - 3 * minuteMs, now - minuteMs)).toBe(2)
    expect(await count(now - 3 * minuteMs + 1, now - minuteMs + 1)).toBe(2)
    expect(await count(now - 3 * minuteMs + 1, now - minuteMs)).toBe(1)
  })

  it('say nothing of a monitor that was not looked at', async () => {
    const { member, id } = await makeMonitor()
    expect(await getResponseTimes(uptime.deps, member, id, {})).toMatchObject({ buckets: [] })
  })
})

it('days-that-are-over-are-read-as-they-were-computed: not from each check', async () => {
  const made = await makeMonitor()
  await fill(made, 90 * dayMs, 29 * minuteMs)
  const from = uptime.clock.now() - 90 * dayMs
  const before = await getResponseTimes(uptime.deps, made.member, made.id, { from })
  await computeDays(made)
  await uptime.database.db.pool.query(
    'DELETE FROM uptime.check_result WHERE monitor_id = $1 AND started_at BETWEEN $2 AND $3',
    [made.id, new Date(from + 10 * dayMs), new Date(from + 80 * dayMs)],
  )
  expect(await getResponseTimes(uptime.deps, made.member, made.id, { from })).toEqual(before)
})

it('a-result-that-comes-late-is-in-its-day: also when that day has been computed', async () => {
  const made = await makeMonitor()
  await fill(made, 40 * dayMs, 29 * minuteMs)
  await computeDays(made)
  const now = uptime.clock.now()
  const lateMs = Math.floor(now / dayMs) * dayMs - 6 * dayMs + hourMs
  await uptime.database.db.pool.query(
    `INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome, total_ms)
     VALUES ($1, $2, 'local', $3, $3, 'scheduled', 'up', 29000)`,
    [made.member.orgId, made.id, new Date(lateMs)],
  )
  const from = now - 40 * dayMs
  for (let twice = 0; twice < 2; twice += 1) {
    const { buckets, bucketSeconds } = await getResponseTimes(uptime.deps, made.member, made.id, { from })
    expect(buckets).toEqual(await recompute(made.id, from, now, bucketSeconds * 1_000))
    await computeDays(made)
  }
})

it.each<[promise: string, span: (now: number) => { readonly from?: number; readonly to?: number }]>([
  ['an end before its beginning', (now) => ({ from: now - 1_000, to: now - 2_000 })],
  ['a beginning in the future', (now) => ({ from: now })],
  ['a millisecond more than 90 days', (now) => ({ from: now - 90 * dayMs - 1 })],
])('%s is refused, and the field is named', async (_promise, span) => {
  const { member, id } = await makeMonitor()
  await expect(getResponseTimes(uptime.deps, member, id, span(uptime.clock.now()))).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'from' }],
  })
})

it('another organisation gets nothing, not even that there is such a monitor', async () => {
  const { id } = await makeMonitor()
  const stranger = await uptime.found()
  await expect(getResponseTimes(uptime.deps, stranger, id, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

function total({ buckets }: ResponseTimesReply): number {
  return buckets.reduce((sum, { answered, failed }) => sum + answered + failed, 0)
}

it('the day before the earliest time that a request can name is one that PostgreSQL knows', async () => {
  const { member, id } = await makeMonitor()
  const to = instant.parse('0002-01-01T00:00:00Z')
  const reply = await getResponseTimes(uptime.deps, member, id, { to })
  expect(reply).toMatchObject({ from: '0001-12-31T00:00:00.000Z', buckets: [] })
})
