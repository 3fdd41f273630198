import { once } from 'node:events'
import { createServer } from 'node:net'
import { decideWithin, type InvalidationChannel, listenForInvalidations, query } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { unableToLook } from '../domain/assess.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { getMonitor } from '../usecases/get-monitor.ts'
import { listChecks } from '../usecases/list-checks.ts'
import { updateMonitor } from '../usecases/update-monitor.ts'
import { startFlushLoop } from './flush-loop.ts'
import { startEngine } from './start-engine.ts'

const target = createServer((socket) => socket.end())
let port = 0
let uptime: TestUptime
let engine: Awaited<ReturnType<typeof startEngine>> | undefined

beforeAll(async () => {
  target.listen(0, '127.0.0.1')
  await once(target, 'listening')
  const address = target.address()
  if (address === null || typeof address === 'string') throw new Error('The target has a port')
  port = address.port
})
afterAll(() => target.close())
beforeEach(async () => {
  uptime = await startTestUptime()
})
afterEach(async () => {
  await engine?.stop()
  engine = undefined
  await uptime.database.drop()
})

const change = (member: MemberPrincipal, statement: RawBuilder<unknown>) =>
  decideWithin(uptime.deps, member, async (tx) => void (await statement.execute(query(tx))))
const watch = (member: MemberPrincipal) =>
  createMonitor(uptime.deps, member, { type: 'tcp', config: { hostname: '127.0.0.1', port } })
const checksOf = async (member: MemberPrincipal, id: string) =>
  (await listChecks(uptime.deps, member, id, {})).checks

describe('the first check of a new monitor', () => {
  const hourMs = 3_600_000
  let channel: InvalidationChannel
  let others: Awaited<ReturnType<typeof startEngine>>[]
  beforeEach(async () => {
    channel = await listenForInvalidations(uptime.database.url)
    others = []
  })
  afterEach(async () => {
    for (const other of others) await other.stop()
    await channel.stop()
  })

  it('a-new-monitor-wakes-every-node: its check waits for no look of theirs, and one of them runs it', async () => {
    const member = await uptime.found()
    // So seldom that what is checked has woken a node.
    const deps = { ...uptime.engineDeps, news: channel }
    for (let node = 0; node < 3; node += 1) others.push(await startEngine(deps, hourMs))
    const made = await Promise.all(Array.from({ length: 12 }, () => watch(member)))
    for (const { id } of made)
      await expect.poll(() => checksOf(member, id)).toMatchObject([{ origin: 'scheduled', outcome: 'up' }])
    const { id } = made[0] ?? { id: '' }
    await updateMonitor(uptime.deps, member, id, { isActive: false })
    await updateMonitor(uptime.deps, member, id, { isActive: true })
    await expect.poll(async () => (await checksOf(member, id)).length).toBe(2)
  })

  it('is found by looking where the channel is down', async () => {
    const member = await uptime.found()
    others.push(await startEngine(uptime.engineDeps))
    const { id } = await watch(member)
    await expect.poll(() => checksOf(member, id)).toMatchObject([{ outcome: 'up' }])
  })

  it('is not looked for before the monitor is committed', async () => {
    const member = await uptime.found('free')
    const told: string[] = []
    channel.subscribe((subject) => void told.push(subject))
    await expect(
      createMonitor(uptime.deps, member, {
        type: 'tcp',
        config: { hostname: '127.0.0.1', port },
        intervalSeconds: 60,
      }),
    ).rejects.toMatchObject({ code: 'INTERVAL_TOO_SHORT' })
    await watch(member)
    await expect.poll(() => told.filter((subject) => subject.startsWith('uptime:'))).toHaveLength(1)
  })
})

describe('a node that starts', () => {
  it('checks what is due, stores the result, and judges it', async () => {
    const member = await uptime.found()
    const { id } = await watch(member)
    engine = await startEngine(uptime.engineDeps)
    await expect.poll(() => checksOf(member, id)).toMatchObject([{ origin: 'scheduled', outcome: 'up' }])
    await expect.poll(() => getMonitor(uptime.deps, member, id)).toMatchObject({ status: 'up' })
    const { nextCheckAt } = await getMonitor(uptime.deps, member, id)
    expect(Date.parse(nextCheckAt ?? '')).toBeGreaterThan(Date.now())
  })

  it('comes to a result for a monitor that nobody can make sense of, and for those beside it', async () => {
    const member = await uptime.found()
    const unknown = await watch(member)
    const known = await watch(member)
    await change(member, sql`UPDATE uptime.monitor SET type = 'gopher' WHERE id = ${unknown.id}`)
    engine = await startEngine(uptime.engineDeps)
    await expect.poll(() => checksOf(member, known.id)).toMatchObject([{ outcome: 'up' }])
    await expect
      .poll(() => checksOf(member, unknown.id))
      .toMatchObject([{ outcome: 'unknown', code: 'type_unknown', remoteAddress: null }])
    await expect
      .poll(() => getMonitor(uptime.deps, member, unknown.id))
      .toMatchObject({ status: 'unknown', lastErrorMessage: expect.stringContaining('“gopher”') })
  })

  it('judges what an earlier node stored and did not come to judge', async () => {
    const member = await uptime.found()
    const { id } = await watch(member)
    await change(member, sql`DELETE FROM uptime.schedule`)
    await change(
      member,
      sql`INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome)
          VALUES (${member.orgId}, ${id}, 'local', now() + interval '1 second', now(), 'scheduled', 'up')`,
    )
    expect(await getMonitor(uptime.deps, member, id)).toMatchObject({ status: 'unknown' })
    engine = await startEngine(uptime.engineDeps)
    expect(await getMonitor(uptime.deps, member, id)).toMatchObject({ status: 'up' })
  })

  it('is not held up by one heartbeat that cannot be judged', async () => {
    const member = await uptime.found()
    const heartbeat = () => createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })
    const broken = await heartbeat()
    const sound = await heartbeat()
    await change(
      member,
      sql`UPDATE uptime.monitor SET config = '{"graceSeconds":0}'::json WHERE id = ${broken.id}`,
    )
    await change(
      member,
      sql`UPDATE uptime.heartbeat SET last_ping_at = now() - interval '2 hours', deadline_at = now() - interval '1 hour'`,
    )
    engine = await startEngine(uptime.engineDeps)
    await expect.poll(() => checksOf(member, sound.id)).toMatchObject([{ code: 'heartbeat_missed' }])
    await expect.poll(() => checksOf(member, broken.id)).toMatchObject([{ code: 'config_unreadable' }])
  })
})

describe('results that wait to be written', () => {
  const finished = (leaseId: string) => {
    const nowMs = uptime.clock.now()
    return {
      leaseId,
      startedAtMs: nowMs,
      endedAtMs: nowMs,
      ...unableToLook({ code: 'node_overloaded', values: {} }),
    }
  }

  it('are written by the end at the latest, each once', async () => {
    const member = await uptime.found()
    const { id } = await watch(member)
    const leaseId = '0199a3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
    await change(
      member,
      sql`UPDATE uptime.schedule SET lease_id = ${leaseId}::uuid, lease_until = now() + interval '1 minute'`,
    )
    const flush = startFlushLoop(uptime.engineDeps)
    flush.add(finished(leaseId))
    flush.add(finished(leaseId))
    await flush.stop()
    expect(flush.queued()).toBe(0)
    expect(await checksOf(member, id)).toMatchObject([{ outcome: 'unknown', code: 'node_overloaded' }])
  })

  it('of a lease that was lost meanwhile are dropped', async () => {
    const member = await uptime.found()
    const { id } = await watch(member)
    const flush = startFlushLoop(uptime.engineDeps)
    flush.add(finished('0199a3c4-5d6e-7f80-9a1b-2c3d4e5f6072'))
    await flush.stop()
    expect(flush.queued()).toBe(0)
    expect(await checksOf(member, id)).toEqual([])
  })
})
