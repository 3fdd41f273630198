import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ActiveHours } from '../domain/active-hours.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createChannel } from '../usecases/create-channel.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { acknowledgeIncident } from '../usecases/handle-incident.ts'
import { listAllDeliveries } from '../usecases/list-channels.ts'
import { listIncidents } from '../usecases/list-incidents.ts'
import { resendDelivery } from '../usecases/resend-delivery.ts'
import { updateChannel } from '../usecases/update-channel.ts'
import { remind } from './remind.ts'

let uptime: TestUptime
beforeAll(async () => {
  uptime = await startTestUptime()
})
beforeEach(() => uptime.forgetDeliveries())
afterAll(() => uptime.database.drop())

const config = { url: 'https://receiver.example.com/hook', secret: 'long enough to sign with' }

/** The hours that begin two hours from now, and last for two. */
function laterToday(): ActiveHours {
  const clock = (hours: number): string =>
    new Date(uptime.clock.now() + hours * 3_600_000).toISOString().slice(11, 16)
  return { days: [1, 2, 3, 4, 5, 6, 7], from: clock(2), until: clock(4), timeZone: 'UTC' }
}

async function breakMonitor(hours: readonly (ActiveHours | null)[]) {
  const member = await uptime.found()
  const channels: string[] = []
  for (const [index, activeHours] of hours.entries()) {
    const name = `Hook ${index + 1}`
    const made = await createChannel(uptime.deps, member, {
      type: 'webhook',
      name,
      config,
      activeHours: activeHours && { ...activeHours, days: [...activeHours.days] },
    })
    channels.push(made.channel.id)
  }
  const monitor = await createMonitor(uptime.deps, member, {
    type: 'http',
    name: 'Shop',
    config: { url: 'https://example.com/' },
    renotifyMinutes: 5,
  })
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  return { member, monitor, channels }
}

const logOf = async (member: Parameters<typeof listAllDeliveries>[1]) =>
  (await listAllDeliveries(uptime.deps, member, {})).deliveries

it('notices-wait-for-active-hours: an opening waits until they begin, and others are told at once', async () => {
  const hours = laterToday()
  const { member, channels } = await breakMonitor([hours, null])
  const [asleep, awake] = channels
  const log = await logOf(member)
  const due = (id = '') => log.find(({ channelId }) => channelId === id)?.nextAttemptAt?.slice(11, 16)
  expect(due(asleep)).toBe(hours.from)
  expect(due(awake)).not.toBe(hours.from)
})

it('what is over before the hours begin is told to nobody, and a reminder outside of them is not kept', async () => {
  const { member, monitor } = await breakMonitor([laterToday()])
  const [incident] = (await listIncidents(uptime.deps, member, {})).incidents
  await remind(uptime.deliverDeps, member.orgId, incident?.id ?? '')
  expect((await logOf(member))[0]).toMatchObject({
    event: 'incident.reminder',
    state: 'suppressed',
    reason: 'outside_hours',
  })
  await uptime.observe(member.orgId, monitor.id, ['up', 'up', 'up'])
  const states = (await logOf(member)).map(({ event, state }) => [event, state])
  expect(states).not.toContainEqual(['incident.resolved', 'queued'])
  expect(states).toContainEqual(['incident.created', 'suppressed'])
})

it('a-notice-can-be-sent-again: under its id once it has ended, by its own organisation alone', async () => {
  const { member, channels } = await breakMonitor([null])
  const [channel = ''] = channels
  const [opening] = await logOf(member)
  const again = (by = member) => resendDelivery(uptime.deps, by, channel, opening?.id ?? '')
  await expect(again()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  await uptime.deliver()
  expect((await logOf(member))[0]).toMatchObject({ id: opening?.id, attempts: [expect.anything()] })
  await uptime.database.db.pool.query(
    `UPDATE gatehouse.delivery SET state = 'failed', next_attempt_at = NULL`,
  )
  await again()
  expect((await logOf(member))[0]).toMatchObject({ id: opening?.id, state: 'queued' })
  const { rows } = await uptime.database.db.pool.query<{ count: string }>(
    `SELECT count(*) FROM gatehouse.audit_entry
      WHERE org_id = $1 AND event_type = 'notification_channel.resend' AND resource_id = $2`,
    [member.orgId, channel],
  )
  expect(rows).toEqual([{ count: '1' }])
  await expect(again(await uptime.found())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await uptime.database.db.pool.query(
    `UPDATE gatehouse.delivery SET state = 'failed', next_attempt_at = NULL`,
  )
  await updateChannel(uptime.deps, member, channel, { isActive: false })
  await expect(again()).rejects.toMatchObject({ code: 'CHANNEL_INACTIVE' })
  await updateChannel(uptime.deps, member, channel, { isActive: true })
  const [incident] = (await listIncidents(uptime.deps, member, {})).incidents
  await acknowledgeIncident(uptime.deps, member, incident?.id ?? '')
  await expect(again()).rejects.toMatchObject({ code: 'INVALID_STATE', detail: /no news/ })
})

it('the log of all destinations comes in pages that lose nothing, and holds nothing of others', async () => {
  const { member } = await breakMonitor([null, null, null])
  const all = await logOf(member)
  expect(all).toHaveLength(3)
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await listAllDeliveries(uptime.deps, member, {
      limit: 2,
      ...(cursor === undefined ? {} : { cursor }),
    })
    ids.push(...page.deliveries.map(({ channelId }) => channelId))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  expect(ids).toEqual(all.map(({ channelId }) => channelId))
  expect(await logOf(await uptime.found())).toEqual([])
})
