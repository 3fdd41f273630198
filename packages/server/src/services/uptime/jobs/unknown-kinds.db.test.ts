import { asWriter, decideWithin, query } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimDue } from '../store/claim-store.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { checkMonitor } from '../usecases/check-monitor.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { deleteMonitor } from '../usecases/delete-monitor.ts'
import { getMonitor } from '../usecases/get-monitor.ts'
import { getHeartbeatUrl } from '../usecases/heartbeat-url.ts'
import { listChecks } from '../usecases/list-checks.ts'
import { listMonitors } from '../usecases/list-monitors.ts'
import { updateMonitor } from '../usecases/update-monitor.ts'
import { judgeOverdue, receivePing } from './heartbeats.ts'
import { runCheck } from './run-check.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

const change = (member: MemberPrincipal, statement: RawBuilder<unknown>) =>
  decideWithin(uptime.deps, member, async (tx) => void (await statement.execute(query(tx))))

const config = { url: 'https://example.com/', auth: { bearer: 'hunter2' } }

const ofLaterVersion = sql`UPDATE uptime.monitor SET type = 'gopher'`
const broken = sql`UPDATE uptime.monitor SET config = '{"url":7}'::json`
const otherKey = sql`UPDATE uptime.monitor SET sealed_config = 'nonsense'`

const faults = [
  [
    'a type that no kind knows',
    ofLaterVersion,
    'type_unknown',
    'We could not check: this version knows no monitor of the type “gopher”.',
  ],
  [
    'a config that its kind cannot read',
    broken,
    'config_unreadable',
    'We could not check: the stored settings cannot be read (config.url). Save them again.',
  ],
  [
    'credentials that cannot be opened',
    otherKey,
    'secret_unreadable',
    'We could not check: the stored credentials cannot be opened. Save them again.',
  ],
] as const

describe.each(faults)('%s', (_what, damage, code, sentence) => {
  it('a-stored-kind-that-nobody-knows-is-seen: as a result of its own, in the log, and never as the target', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'http', config })
    await change(member, damage)
    const request = { nodeId: 'test', confirming: false, rowsMax: 500, leaseExtraMs: 30_000, exceptOrgs: [] }
    await change(member, sql`UPDATE uptime.schedule SET next_due_at = date_trunc('milliseconds', now())`)
    const claimed = await asWriter(uptime.deps, (tx) => claimDue(tx, request))
    const check = claimed.find(({ monitorId }) => monitorId === id)
    if (check === undefined) throw new Error('A due check is claimed, whatever it is of')
    const { looked } = await runCheck(uptime.engineDeps, check, false)
    expect(looked).toMatchObject({ outcome: 'unknown', code, remoteAddress: null })
    expect(uptime.logged).toContainEqual(
      expect.objectContaining({ level: 50, msg: 'A monitor cannot be checked', code, monitorId: id }),
    )
  })

  it('refuses a check by hand in the same words', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'http', config })
    await change(member, damage)
    await expect(checkMonitor(uptime.deps, member, id)).rejects.toMatchObject({
      code: 'CHECK_UNAVAILABLE',
      detail: sentence,
    })
    expect((await listChecks(uptime.deps, member, id, {})).checks).toMatchObject([
      { outcome: 'unknown', code, message: sentence },
    ])
  })
})

describe('a monitor that nobody can make sense of', () => {
  it.each(faults.slice(0, 2))('is listed with its reason: %s', async (_what, damage, code, sentence) => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'http', config })
    await createMonitor(uptime.deps, member, { type: 'tcp', config: { hostname: 'example.com', port: 1 } })
    await change(
      member,
      damage === ofLaterVersion
        ? sql`UPDATE uptime.monitor SET type = 'gopher' WHERE id = ${id}`
        : sql`UPDATE uptime.monitor SET config = '{"url":7}'::json WHERE id = ${id}`,
    )
    const { monitors } = await listMonitors(uptime.deps, member, {})
    expect(monitors).toMatchObject([
      { id, lastErrorMessage: sentence, lastErrorReason: { code }, detectionSeconds: null },
      { type: 'tcp', lastErrorMessage: null, lastErrorReason: null },
    ])
  })

  it('can be renamed, paused, resumed and deleted', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'http', config })
    await change(member, ofLaterVersion)
    await updateMonitor(uptime.deps, member, id, { name: 'Kept' })
    await updateMonitor(uptime.deps, member, id, { isActive: false })
    await updateMonitor(uptime.deps, member, id, { isActive: true })
    expect(await getMonitor(uptime.deps, member, id)).toMatchObject({ name: 'Kept', type: 'gopher' })
    await expect(updateMonitor(uptime.deps, member, id, { config })).rejects.toMatchObject({
      code: 'INVALID_TYPE',
    })
    await deleteMonitor(uptime.deps, member, id)
  })

  it('is well again once its settings are saved anew', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'http', config })
    await change(member, broken)
    await change(member, otherKey)
    expect(await updateMonitor(uptime.deps, member, id, { config })).toMatchObject({
      lastErrorMessage: null,
      config: { url: config.url, auth: { set: true } },
    })
  })
})

describe('a heartbeat that nobody can make sense of', () => {
  async function breakHeartbeat() {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })
    const token = (await getHeartbeatUrl(uptime.deps, member, id)).split('/').at(-1) ?? ''
    await change(member, sql`UPDATE uptime.monitor SET config = '{"graceSeconds":"long"}'::json`)
    return { member, id, token }
  }

  it('keeps the ping, and says that nobody knows when the next one is due', async () => {
    const { member, id, token } = await breakHeartbeat()
    const ping = { token, ping: { kind: 'success' }, runId: null, body: null } as const
    expect(await receivePing(uptime.deliverDeps, ping)).toBe(true)
    expect((await listChecks(uptime.deps, member, id, {})).checks).toMatchObject([
      { origin: 'ping', outcome: 'unknown', code: 'config_unreadable' },
    ])
  })

  it('is not late, and does not come up again every second', async () => {
    const { member, id } = await breakHeartbeat()
    await change(member, sql`UPDATE uptime.heartbeat SET deadline_at = now() - interval '1 hour'`)
    await judgeOverdue(uptime.deliverDeps, { orgId: member.orgId, monitorId: id })
    expect((await listChecks(uptime.deps, member, id, {})).checks).toMatchObject([
      { origin: 'deadline', outcome: 'unknown', code: 'config_unreadable' },
    ])
    expect(await getMonitor(uptime.deps, member, id)).toMatchObject({ nextCheckAt: null })
  })
})
