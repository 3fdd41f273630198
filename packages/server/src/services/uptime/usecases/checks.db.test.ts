import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { query, recordTelemetry } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertUnleased } from '../store/ping-store.ts'
import type { UptimeTables } from '../store/tables.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { checkMonitor } from './check-monitor.ts'
import { createMonitor } from './create-monitor.ts'
import { getUptime } from './get-uptime.ts'
import { listChecks } from './list-checks.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

const heartbeat = (member: MemberPrincipal) =>
  createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })

describe('a check by hand', () => {
  const target = createServer((socket) => socket.end())
  let port = 0
  beforeAll(async () => {
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
    // Safe: a server that listens on a port has this address.
    port = (target.address() as AddressInfo).port
  })
  afterAll(() => target.close())
  const tcp = (member: MemberPrincipal, targetPort: number) =>
    createMonitor(uptime.deps, member, { type: 'tcp', config: { hostname: '127.0.0.1', port: targetPort } })

  it('tells what it found, is stored, and may be repeated after 10 seconds', async () => {
    const member = await uptime.found()
    const { id } = await tcp(member, port)
    const { result, monitor } = await checkMonitor(uptime.deps, member, id)
    expect(result).toEqual({ status: 'up', responseTimeMs: expect.any(Number) })
    expect(monitor).toMatchObject({ id, status: 'unknown', phase: 'grace' })
    expect((await listChecks(uptime.deps, member, id, {})).checks).toMatchObject([
      { origin: 'manual', outcome: 'up' },
    ])
    uptime.clock.advance(9_999)
    await expect(checkMonitor(uptime.deps, member, id)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      retryAfterSeconds: 1,
    })
    uptime.clock.advance(1)
    await checkMonitor(uptime.deps, member, id)
  })

  it('tells why it failed, in a sentence', async () => {
    const member = await uptime.found()
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    // Safe: a server that listens on a port has this address.
    const { port: unused } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const { id } = await tcp(member, unused)
    const { result } = await checkMonitor(uptime.deps, member, id)
    expect(result).toMatchObject({
      status: 'down',
      errorMessage: `127.0.0.1:${unused} refused the connection.`,
    })
  })

  it('of a heartbeat tells its present state, or that there is none yet', async () => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    await expect(checkMonitor(uptime.deps, member, id)).rejects.toMatchObject({
      code: 'CHECK_UNAVAILABLE',
      status: 503,
    })
    await uptime.observe(member.orgId, id, ['up'])
    expect((await checkMonitor(uptime.deps, member, id)).result).toEqual({ status: 'up' })
  })
})

describe('results', () => {
  async function store(
    member: MemberPrincipal,
    monitorId: string,
    atMs: number,
    outcome: 'up' | 'down',
    origin: 'ping' | 'manual' = 'ping',
  ) {
    const code = outcome === 'down' ? 'heartbeat_failed' : null
    await recordTelemetry(uptime.deps, member, (tx) =>
      insertUnleased(tx, {
        monitorId,
        startedAtMs: atMs,
        origin,
        outcome,
        code,
        values: code === null ? {} : { exit: 3 },
        statusCode: null,
        totalMs: null,
        remoteAddress: null,
        inMaintenance: false,
      }),
    )
  }

  it('are listed newest first with their sentence, in pages that split one millisecond cleanly', async () => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    const now = uptime.clock.now()
    await store(member, id, now - 2_000, 'up')
    await store(member, id, now - 1_000, 'down')
    await store(member, id, now - 1_000, 'up', 'manual')
    const whole = (await listChecks(uptime.deps, member, id, {})).checks
    expect(whole).toMatchObject([
      {
        origin: 'ping',
        outcome: 'down',
        code: 'heartbeat_failed',
        message: 'The job reported failure (exit 3).',
      },
      { origin: 'manual', outcome: 'up', message: null },
      { origin: 'ping', outcome: 'up' },
    ])
    const first = await listChecks(uptime.deps, member, id, { limit: 1 })
    const second = await listChecks(uptime.deps, member, id, { limit: 1, cursor: first.nextCursor ?? '' })
    const third = await listChecks(uptime.deps, member, id, { limit: 1, cursor: second.nextCursor ?? '' })
    expect([...first.checks, ...second.checks, ...third.checks]).toEqual(whole)
    expect(third.nextCursor).toBeNull()
  })

  it('filter by outcome and by a half-open time', async () => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    const now = uptime.clock.now()
    for (const [ms, outcome] of [
      [3_000, 'up'],
      [2_000, 'down'],
      [1_000, 'up'],
    ] as const)
      await store(member, id, now - ms, outcome)
    const count = async (filter: Parameters<typeof listChecks>[3]) =>
      (await listChecks(uptime.deps, member, id, filter)).checks.length
    expect(await count({ outcome: 'down' })).toBe(1)
    expect(await count({ from: now - 2_000 })).toBe(2)
    expect(await count({ to: now - 2_000 })).toBe(1)
    expect(await count({ location: 'local' })).toBe(3)
    expect(await count({ location: 'elsewhere' })).toBe(0)
  })
})

describe('uptime', () => {
  /** Writes the timeline of a monitor anew: stretches of so many milliseconds that end now. */
  async function write(
    member: MemberPrincipal,
    monitorId: string,
    stretches: readonly ['up' | 'down' | 'maintenance', number][],
  ) {
    const lengthMs = stretches.reduce((sum, [, ms]) => sum + ms, 0)
    let fromMs = uptime.clock.now() - lengthMs
    await recordTelemetry(uptime.deps, member, async (tx) => {
      await query<UptimeTables>(tx)
        .deleteFrom('uptime.state_interval')
        .where('monitor_id', '=', monitorId)
        .execute()
      for (const [state, ms] of stretches) {
        const interval = { from_ms: fromMs, to_ms: fromMs + ms, state, blip_ms: 0, incident_id: null }
        await query<UptimeTables>(tx)
          .insertInto('uptime.state_interval')
          .values({ org_id: tx.orgId, monitor_id: monitorId, ...interval })
          .execute()
        fromMs += ms
      }
    })
  }

  it('counts up against down and leaves maintenance out', async () => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    await write(member, id, [
      ['up', 3 * hourMs],
      ['down', hourMs],
      ['maintenance', hourMs],
    ])
    const { uptime: share, totals, intervals, buckets } = await getUptime(uptime.deps, member, id, {})
    expect(share).toBe(0.75)
    expect(totals).toMatchObject({ upMs: 3 * hourMs, downMs: hourMs, maintenanceMs: hourMs, unknownMs: 0 })
    expect(intervals).toMatchObject([{ state: 'up' }, { state: 'down' }, { state: 'maintenance' }])
    expect(buckets).toBeUndefined()
  })

  it.each<['hour' | 'day', string]>([
    ['hour', 'UTC'],
    ['day', 'UTC'],
    ['day', 'Asia/Kathmandu'],
    ['day', 'America/New_York'],
  ])('%s buckets in %s are adjacent, fill the span and add up to it', async (bucket, timeZone) => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    await write(member, id, [
      ['up', 4 * dayMs],
      ['down', hourMs],
      ['up', 2 * dayMs],
    ])
    const from = uptime.clock.now() - 5 * dayMs
    const {
      buckets = [],
      totals,
      from: start,
      to: end,
    } = await getUptime(uptime.deps, member, id, { from, bucket, timeZone })
    expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([start, end])
    for (const [index, part] of buckets.entries())
      if (index > 0) expect(part.from).toBe(buckets[index - 1]?.to)
    expect(buckets.reduce((sum, part) => sum + part.totals.upMs, 0)).toBe(totals.upMs)
    expect(buckets.reduce((sum, part) => sum + part.totals.downMs, 0)).toBe(hourMs)
  })

  it('nothing observed is null, never a percentage', async () => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    uptime.clock.advance(1_000)
    expect(await getUptime(uptime.deps, member, id, {})).toMatchObject({ uptime: null, strictUptime: null })
  })

  it.each<[promise: string, days: number, bucket: 'hour' | 'day', accepted: boolean]>([
    ['31 days by the hour', 31, 'hour', true],
    ['32 days by the hour', 32, 'hour', false],
    ['400 days by the day', 400, 'day', true],
    ['401 days by the day', 401, 'day', false],
    ['nothing at all', 0, 'day', false],
  ])('%s', async (_promise, days, bucket, accepted) => {
    const member = await uptime.found()
    const { id } = await heartbeat(member)
    const asked = getUptime(uptime.deps, member, id, { from: uptime.clock.now() - days * dayMs, bucket })
    if (accepted) await asked
    else await expect(asked).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})
