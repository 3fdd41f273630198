import { asWriter, decideWithin, query } from '@gatehouse/kernel/db'
import { createLogger } from '@gatehouse/kernel/log'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPoliteness } from '../checks/politeness.ts'
import type { MonitorReply } from '../contract/monitor-shapes.ts'
import type { Outcome } from '../domain/monitor.ts'
import { uptimePolicy } from '../policy.ts'
import { claimDue, type ClaimedCheck } from '../store/claim-store.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { getMonitor } from '../usecases/get-monitor.ts'
import { listIncidents } from '../usecases/list-incidents.ts'
import { startFlushLoop } from './flush-loop.ts'
import { followClock } from './follow-clock.ts'
import { receivePing } from './heartbeats.ts'
import { passTime } from './pass-time.ts'
import { startEngine } from './start-engine.ts'

let uptime: TestUptime
let member: MemberPrincipal

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())
beforeEach(async () => {
  uptime.clock.set(Date.now())
  member = await uptime.found()
})

const hourMs = 3_600_000
const log = createLogger('silent')
const web = { type: 'http', config: { url: 'https://example.com/' } } as const

function change<T = object>(statement: RawBuilder<unknown>): Promise<readonly T[]> {
  return decideWithin(uptime.deps, { kind: 'system', orgId: member.orgId, because: 'test' }, async (tx) => {
    const { rows } = await statement.execute(query(tx))
    // Safe: each caller names the columns that it selects.
    return rows as readonly T[]
  })
}

/** What a clock that is set back by an hour comes to: all that was written down lies an hour ahead. */
async function stepBack(): Promise<void> {
  const by = sql`interval '1 hour'`
  await change(sql`UPDATE uptime.schedule
                      SET next_due_at = next_due_at + ${by}, slot_at = slot_at + ${by}, lease_until = lease_until + ${by}`)
  await change(sql`UPDATE uptime.state_interval SET from_ms = from_ms + ${hourMs}, to_ms = to_ms + ${hourMs}`)
  await change(
    sql`UPDATE uptime.heartbeat SET last_ping_at = last_ping_at + ${by}, deadline_at = deadline_at + ${by}`,
  )
  await change(sql`
    UPDATE uptime.monitor_state
       SET last_checked_at = last_checked_at + ${by}, judged_through = judged_through + ${by}, wake_at = wake_at + ${by},
           state = (SELECT jsonb_object_agg(key, CASE WHEN key LIKE '%Ms' AND jsonb_typeof(value) = 'number'
                                                      THEN to_jsonb(value::numeric + ${hourMs}) ELSE value END)
                      FROM jsonb_each(state))`)
}

type Row = { readonly due_in: number; readonly leased: boolean; readonly confirming: boolean }

async function scheduleOf({ id }: MonitorReply): Promise<Row> {
  const [row] = await change<Row>(sql`
    SELECT extract(epoch FROM next_due_at - now())::float8 AS due_in, lease_until IS NOT NULL AS leased, confirming
      FROM uptime.schedule WHERE monitor_id = ${id}`)
  if (row === undefined) throw new Error('The monitor is not scheduled')
  return row
}

const newWeb = (rest: object = {}): Promise<MonitorReply> =>
  createMonitor(uptime.deps, member, { ...web, ...rest })

const set = (monitor: MonitorReply, columns: RawBuilder<unknown>): Promise<unknown> =>
  change(sql`UPDATE uptime.schedule SET ${columns} WHERE monitor_id = ${monitor.id}`)

/** Claims what is due now of this org, and writes what the checks found. */
async function check(monitor: MonitorReply, outcome: Outcome): Promise<void> {
  await set(monitor, sql`next_due_at = date_trunc('milliseconds', now())`)
  const { leaseExtraMs } = uptimePolicy.claim
  const request = { nodeId: 'test', rowsMax: 500, leaseExtraMs, exceptOrgs: [] }
  const claimed = await asWriter(uptime.deps, async (tx) => [
    ...(await claimDue(tx, { ...request, confirming: true })),
    ...(await claimDue(tx, { ...request, confirming: false })),
  ])
  uptime.clock.set(Date.now())
  const flush = startFlushLoop({ ...uptime.deliverDeps, log })
  const isOurs = ({ monitorId }: ClaimedCheck): boolean => monitorId === monitor.id
  for (const { leaseId } of claimed.filter(isOurs))
    flush.add({
      leaseId,
      startedAtMs: uptime.clock.now(),
      endedAtMs: uptime.clock.now(),
      outcome,
      code: outcome === 'down' ? 'connection_reset' : null,
      values: {},
      statusCode: null,
      phases: { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, downloadMs: null, totalMs: 1 },
      remoteAddress: null,
    })
  await flush.stop()
}

const read = ({ id }: MonitorReply): Promise<MonitorReply> => getMonitor(uptime.deps, member, id)
const follow = (): Promise<void> => followClock(uptime.deliverDeps)

describe('after the clock has stepped back by an hour', () => {
  it.each([60, 300, 3_500])('a monitor of %i s is due within a minute', async (intervalSeconds) => {
    const monitor = await newWeb({ intervalSeconds })
    await check(monitor, 'up')
    await stepBack()
    expect((await scheduleOf(monitor)).due_in).toBeGreaterThan(intervalSeconds)
    await follow()
    expect((await scheduleOf(monitor)).due_in).toBeLessThanOrEqual(60)
  })

  it('what is due in time stays as it is, to the very end of the interval', async () => {
    const monitor = await newWeb({ intervalSeconds: 7_200 })
    await set(monitor, sql`next_due_at = now() + interval '7200 seconds'`)
    await follow()
    expect((await scheduleOf(monitor)).due_in).toBeGreaterThan(7_100)
    await set(monitor, sql`next_due_at = now() + interval '7300 seconds'`)
    await follow()
    expect((await scheduleOf(monitor)).due_in).toBeLessThanOrEqual(60)
  })

  it('a re-check of a daily monitor is due at once, though an hour is less than a day', async () => {
    const monitor = await newWeb({ intervalSeconds: 86_400 })
    await check(monitor, 'up')
    await check(monitor, 'down')
    expect((await scheduleOf(monitor)).confirming).toBe(true)
    await follow()
    expect((await scheduleOf(monitor)).due_in).toBeGreaterThan(15)
    await stepBack()
    await follow()
    expect((await scheduleOf(monitor)).due_in).toBeLessThanOrEqual(0)
  })

  it('a spacing of its own longer than the interval is honoured', async () => {
    const monitor = await newWeb({ intervalSeconds: 60, confirmSpacingSeconds: 300 })
    await check(monitor, 'up')
    await check(monitor, 'down')
    await follow()
    expect((await scheduleOf(monitor)).due_in).toBeGreaterThan(200)
  })

  it('a lease that outlasts every check is over, and one that does not goes on', async () => {
    const [held, ahead] = [await newWeb(), await newWeb()]
    for (const monitor of [held, ahead])
      await set(monitor, sql`lease_id = gen_random_uuid(), lease_until = now() + interval '40 seconds'`)
    await set(ahead, sql`lease_until = now() + interval '1 hour'`)
    await follow()
    expect((await scheduleOf(held)).leased).toBe(true)
    expect(await scheduleOf(ahead)).toMatchObject({ leased: false })
  })

  it('a last check in the future vouches for nothing: the monitor is stale until it is looked at', async () => {
    const monitor = await newWeb()
    await check(monitor, 'up')
    await stepBack()
    expect((await read(monitor)).status).toBe('up')
    await follow()
    expect((await read(monitor)).status).toBe('unknown')
    await check(monitor, 'up')
    const seen = await read(monitor)
    expect(seen.status).toBe('up')
    expect(Date.parse(seen.lastCheckedAt ?? '')).toBeLessThanOrEqual(Date.now())
    // And not again at the next sweep: the hour has not come round yet.
    await follow()
    expect((await read(monitor)).status).toBe('up')
  })

  it('an outage is confirmed at its own pace', async () => {
    const monitor = await newWeb()
    await check(monitor, 'up')
    await stepBack()
    await follow()
    await check(monitor, 'up')
    for (let streak = 1; streak < uptimePolicy.downThreshold.default; streak += 1) {
      await check(monitor, 'down')
      const { due_in, confirming } = await scheduleOf(monitor)
      expect(confirming).toBe(true)
      expect(due_in).toBeLessThanOrEqual(15)
    }
    await check(monitor, 'down')
    expect((await read(monitor)).status).toBe('down')
    expect((await scheduleOf(monitor)).due_in).toBeLessThanOrEqual(60)
    const { incidents } = await listIncidents(uptime.deps, member, {})
    expect(incidents).toMatchObject([{ monitorId: monitor.id, status: 'ongoing' }])
    await check(monitor, 'up')
    expect((await read(monitor)).status).toBe('up')
  })

  it('a monitor that is down stays an open incident while it is stale', async () => {
    const monitor = await newWeb({ downThreshold: 1 })
    await check(monitor, 'up')
    await check(monitor, 'down')
    await stepBack()
    await follow()
    expect((await read(monitor)).status).toBe('unknown')
    await check(monitor, 'down')
    expect((await read(monitor)).status).toBe('down')
    expect((await listIncidents(uptime.deps, member, {})).incidents).toHaveLength(1)
  })

  it('the running engine sees to it by itself', async () => {
    const monitor = await newWeb({ intervalSeconds: 86_400 })
    await set(monitor, sql`next_due_at = now() + interval '2 days'`)
    const engine = await startEngine({
      ...uptime.engineDeps,
      log,
      politeness: createPoliteness(uptimePolicy.perTarget),
      // Nothing but the schedule is looked at here.
      pool: { run: () => new Promise(() => undefined), stop: async () => undefined },
    })
    await expect.poll(async () => (await scheduleOf(monitor)).due_in, { timeout: 60_000 }).toBeLessThan(61)
    await engine.stop()
  })

  it('what is paused stays paused', async () => {
    const monitor = await newWeb({ isActive: false })
    await stepBack()
    await follow()
    expect((await read(monitor)).status).toBe('paused')
  })
})

describe('jobs that ping', () => {
  const graceSeconds = 600
  const periodSeconds = 3_600

  async function newJob(): Promise<{
    readonly monitor: MonitorReply
    readonly ping: () => Promise<unknown>
  }> {
    const config = { graceSeconds, periodSeconds }
    const monitor = await createMonitor(uptime.deps, member, { type: 'heartbeat', config })
    const token = monitor.id
    await change(sql`
      UPDATE uptime.heartbeat SET token_digest = encode(sha256(${token}::bytea), 'hex') WHERE monitor_id = ${monitor.id}`)
    const ping = { token, ping: { kind: 'success' }, runId: null, body: null } as const
    return {
      monitor,
      ping: () => {
        uptime.clock.set(Date.now())
        return receivePing(uptime.deliverDeps, ping)
      },
    }
  }

  async function deadlineIn({ id }: MonitorReply): Promise<number | null> {
    const [row] = await change<{ due_in: number | null }>(sql`
      SELECT extract(epoch FROM deadline_at - now())::float8 AS due_in
        FROM uptime.heartbeat WHERE monitor_id = ${id}`)
    return row?.due_in ?? null
  }

  it('have their whole time again after the clock has stepped back, and no more', async () => {
    const { monitor, ping } = await newJob()
    await ping()
    await stepBack()
    await follow()
    expect(await deadlineIn(monitor)).toBeLessThanOrEqual(periodSeconds + graceSeconds)
    expect(await deadlineIn(monitor)).toBeGreaterThan(periodSeconds)
    expect((await read(monitor)).status).toBe('up')
    await ping()
    expect(await deadlineIn(monitor)).toBeLessThanOrEqual(periodSeconds + graceSeconds)
    expect((await read(monitor)).status).toBe('up')
  })

  it('keep a deadline that is nearer', async () => {
    const { monitor, ping } = await newJob()
    await ping()
    await change(sql`UPDATE uptime.heartbeat SET deadline_at = now() + interval '60 seconds'`)
    await follow()
    expect(await deadlineIn(monitor)).toBeLessThanOrEqual(60)
  })

  it('are not late because the clock leapt an hour ahead: nobody could have pinged in an hour that never was', async () => {
    const { monitor, ping } = await newJob()
    await ping()
    const nodeId = 'leapt'
    const round = () => passTime({ ...uptime.deliverDeps, log }, nodeId)
    await round()
    await asWriter(uptime.deps, async (tx) => {
      await sql`DELETE FROM uptime.node`.execute(query(tx))
      await sql`INSERT INTO uptime.node VALUES (${nodeId}, now() - interval '2 hours', now() - interval '1 hour')`.execute(
        query(tx),
      )
    })
    await change(sql`UPDATE uptime.heartbeat SET last_ping_at = last_ping_at - interval '2 hours',
                                                deadline_at = now() - interval '50 minutes'`)
    uptime.clock.set(Date.now())
    await round()
    expect((await read(monitor)).status).toBe('up')
    expect(await deadlineIn(monitor)).toBeGreaterThan(500)
  })

  it('are late when they are', async () => {
    const { monitor, ping } = await newJob()
    await ping()
    await passTime({ ...uptime.deliverDeps, log }, 'alive')
    await change(sql`UPDATE uptime.heartbeat SET deadline_at = now() - interval '1 second'`)
    uptime.clock.set(Date.now() + 10)
    await passTime({ ...uptime.deliverDeps, log }, 'alive')
    expect((await read(monitor)).status).toBe('down')
  })
})
