import { query, recordTelemetry } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertUnleased } from '../store/ping-store.ts'
import { previewPage } from '../pages/preview-page.ts'
import { startTestUptime, type TestUptime, toKey } from '../testing/test-uptime.ts'
import { addIncidentUpdate } from './add-incident-update.ts'
import { createChannel } from './create-channel.ts'
import { createIncident } from './create-incident.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteIncident } from './delete-incident.ts'
import { getMonitor } from './get-monitor.ts'
import {
  acknowledgeIncident,
  resolveIncident,
  setIncidentVisibility,
  updateIncident,
} from './handle-incident.ts'
import { getIncident, listIncidents } from './list-incidents.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

/** What a receiver answers that takes everything. */
const accepted = {
  status: 204,
  statusText: 'No Content',
  headers: {},
  truncated: false,
  remoteAddress: '93.184.216.34',
  phases: { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, downloadMs: null, totalMs: 1 },
}

async function failMonitor(member: MemberPrincipal) {
  const config = { url: 'https://example.com' }
  const { id: monitorId } = await createMonitor(uptime.deps, member, {
    type: 'http',
    config,
    downThreshold: 1,
  })
  await uptime.observe(member.orgId, monitorId, ['up', 'down'])
  const [incident] = (await listIncidents(uptime.deps, member, { monitorId })).incidents
  if (incident === undefined) throw new Error('A confirmed failure opens an incident')
  return { monitorId, incident }
}

async function createWebhook(member: MemberPrincipal): Promise<string> {
  const config = { url: 'https://example.com/hook', secret: 'a secret of sixteen' }
  const { channel } = await createChannel(uptime.deps, member, { type: 'webhook', name: 'Hook', config })
  return channel.id
}

async function eventsOf(member: MemberPrincipal, incidentId: string): Promise<string[]> {
  const rows = (await getIncident(uptime.deps, member, incidentId)).deliveries
  return rows.map(({ event, state }) => `${event} ${state}`)
}

describe('an incident that a person opens', () => {
  it('is critical, public, about the default page, and told to the channels', async () => {
    const member = await uptime.found()
    await createWebhook(member)
    const incident = await createIncident(uptime.deps, member, {
      title: 'Payments are slow',
      cause: 'A queue is full',
    })
    expect(incident).toMatchObject({
      type: 'manual',
      status: 'ongoing',
      severity: 'critical',
      title: 'Payments are slow',
      cause: 'A queue is full',
      monitorId: null,
      publicPhase: 'investigating',
      impact: 'minor',
      visibility: 'public',
    })
    const read = await getIncident(uptime.deps, member, incident.id)
    expect(read).toMatchObject({ ...incident, updates: [] })
    expect(read.deliveries).toMatchObject([
      { event: 'incident.created', state: 'queued', channelName: 'Hook' },
    ])
  })

  it('can be corrected until it is resolved, once, and then deleted', async () => {
    const member = await uptime.found()
    const { id } = await createIncident(uptime.deps, member, { title: 'Slow' })
    expect(await updateIncident(uptime.deps, member, id, { title: 'Very slow' })).toMatchObject({
      title: 'Very slow',
    })
    const resolved = await resolveIncident(uptime.deps, member, id, 'The queue was emptied')
    expect(resolved).toMatchObject({
      status: 'resolved',
      publicPhase: 'resolved',
      cause: 'The queue was emptied',
    })
    for (const late of [
      () => updateIncident(uptime.deps, member, id, { cause: 'x' }),
      () => acknowledgeIncident(uptime.deps, member, id),
      () => resolveIncident(uptime.deps, member, id, undefined),
    ])
      await expect(late()).rejects.toMatchObject({ code: 'INVALID_STATE', status: 400 })
    await deleteIncident(uptime.deps, member, id)
    await expect(getIncident(uptime.deps, member, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an incident of a monitor', () => {
  it('is acknowledged by one of two who try at once', async () => {
    const member = await uptime.found()
    const { incident } = await failMonitor(member)
    const tries = await Promise.allSettled([
      acknowledgeIncident(uptime.deps, member, incident.id),
      acknowledgeIncident(uptime.deps, toKey(member), incident.id),
    ])
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'INVALID_STATE' },
    })
    expect(await getIncident(uptime.deps, member, incident.id)).toMatchObject({ status: 'acknowledged' })
  })

  it('names who acknowledged it: a person by id, a key by its visible part', async () => {
    const member = await uptime.found()
    const [first, second] = [await failMonitor(member), await failMonitor(member)]
    const byPerson = await acknowledgeIncident(uptime.deps, member, first.incident.id)
    const byKey = await acknowledgeIncident(uptime.deps, toKey(member), second.incident.id)
    expect([byPerson.acknowledgedBy, byKey.acknowledgedBy]).toEqual([member.userId, 'mk_12345678'])
  })

  it('resolved by a person while still down does not open again before one good check', async () => {
    const member = await uptime.found()
    const { monitorId, incident } = await failMonitor(member)
    await resolveIncident(uptime.deps, member, incident.id, undefined)
    await uptime.observe(member.orgId, monitorId, ['down', 'down'])
    expect((await listIncidents(uptime.deps, member, { monitorId })).incidents).toHaveLength(1)
    await uptime.observe(member.orgId, monitorId, ['up', 'down'])
    expect((await listIncidents(uptime.deps, member, { monitorId })).incidents).toHaveLength(2)
    expect(await getMonitor(uptime.deps, member, monitorId)).toMatchObject({ status: 'down' })
  })

  it('resolved by a person is told once to each who was told that it began', async () => {
    const member = await uptime.found()
    await createWebhook(member)
    const { incident } = await failMonitor(member)
    const request = async () => ({ ...accepted, body: undefined })
    await uptime.deliver({ egress: { ...uptime.deps.egress, request } })
    await resolveIncident(uptime.deps, member, incident.id, undefined)
    expect(await eventsOf(member, incident.id)).toEqual(['incident.created sent', 'incident.resolved queued'])
  })

  it('recovery and a person who resolve it at once make one resolution', async () => {
    const member = await uptime.found()
    for (let round = 0; round < 5; round += 1) {
      const { monitorId, incident } = await failMonitor(member)
      const [byPerson] = await Promise.allSettled([
        resolveIncident(uptime.deps, member, incident.id, 'by hand'),
        uptime.observe(member.orgId, monitorId, ['up']),
      ])
      const { status, cause } = await getIncident(uptime.deps, member, incident.id)
      expect(status).toBe('resolved')
      expect(cause === 'by hand').toBe(byPerson.status === 'fulfilled')
      expect(await getMonitor(uptime.deps, member, monitorId)).toMatchObject({ status: 'up' })
    }
  })

  it('a-cause-has-its-code-until-a-person-writes-another', async () => {
    const member = await uptime.found()
    const { monitorId, incident } = await failMonitor(member)
    const [sentence, reason] = [
      'The connection was closed before an answer.',
      { code: 'connection_reset', values: {} },
    ]
    expect(incident).toMatchObject({ cause: sentence, causeReason: reason })
    expect(await getMonitor(uptime.deps, member, monitorId)).toMatchObject({ lastErrorReason: reason })
    const { deps } = uptime
    const same = await updateIncident(deps, member, incident.id, { cause: sentence })
    expect(same).toMatchObject({ cause: sentence, causeReason: reason })
    const other = await updateIncident(deps, member, incident.id, { cause: 'A full disk' })
    expect(other).toMatchObject({ cause: 'A full disk', causeReason: null })
    expect(await resolveIncident(deps, member, incident.id, undefined)).toMatchObject({ causeReason: null })
  })

  it('what an earlier version stored without values keeps its sentence', async () => {
    const member = await uptime.found()
    const { monitorId } = await failMonitor(member)
    const system = { kind: 'system', orgId: member.orgId, because: 'test' } as const
    await recordTelemetry(uptime.deps, system, async (tx) => {
      await sql`UPDATE uptime.monitor_state SET last_error_values = NULL`.execute(query(tx))
    })
    expect(await getMonitor(uptime.deps, member, monitorId)).toMatchObject({
      lastErrorMessage: 'The connection was closed before an answer.',
      lastErrorReason: null,
    })
  })

  it('has no title to change and cannot be deleted', async () => {
    const member = await uptime.found()
    const { incident } = await failMonitor(member)
    await expect(updateIncident(uptime.deps, member, incident.id, { title: 'x' })).rejects.toMatchObject({
      code: 'INVALID_STATE',
    })
    await expect(deleteIncident(uptime.deps, member, incident.id)).rejects.toMatchObject({
      code: 'NOT_MANUAL',
      status: 400,
    })
  })
})

describe('updates', () => {
  it('move what customers read and leave alone who works on it', async () => {
    const member = await uptime.found()
    const { id } = await createIncident(uptime.deps, member, { title: 'Slow' })
    const first = await addIncidentUpdate(uptime.deps, member, id, {
      phase: 'identified',
      body: 'A full queue.',
    })
    await addIncidentUpdate(uptime.deps, member, id, {
      phase: 'monitoring',
      body: 'Emptied.',
      supersedes: first.id,
    })
    const read = await getIncident(uptime.deps, member, id)
    expect(read).toMatchObject({ publicPhase: 'monitoring', status: 'ongoing' })
    expect(read.updates).toMatchObject([
      { phase: 'identified', supersedes: null, authorId: member.userId },
      { phase: 'monitoring', supersedes: first.id },
    ])
  })

  it('correct only what was said about the same incident', async () => {
    const member = await uptime.found()
    const one = await createIncident(uptime.deps, member, { title: 'One' })
    const two = await createIncident(uptime.deps, member, { title: 'Two' })
    const said = await addIncidentUpdate(uptime.deps, member, one.id, { phase: 'identified', body: 'x' })
    const correction = { phase: 'identified', body: 'y', supersedes: said.id } as const
    await expect(addIncidentUpdate(uptime.deps, member, two.id, correction)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: 'supersedes: is not an update of this incident',
    })
  })

  it('after the end only a postmortem is possible, and before it none', async () => {
    const member = await uptime.found()
    const { id } = await createIncident(uptime.deps, member, { title: 'Slow' })
    const postmortem = { phase: 'postmortem', body: 'What we learned.' } as const
    await expect(addIncidentUpdate(uptime.deps, member, id, postmortem)).rejects.toMatchObject({
      code: 'INVALID_STATE',
    })
    await resolveIncident(uptime.deps, member, id, undefined)
    const late = addIncidentUpdate(uptime.deps, member, id, { phase: 'monitoring', body: 'x' })
    await expect(late).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await addIncidentUpdate(uptime.deps, member, id, postmortem)
    expect(await getIncident(uptime.deps, member, id)).toMatchObject({
      status: 'resolved',
      publicPhase: 'postmortem',
    })
  })

  it.each([
    ['en', 'Post-mortem'],
    ['ja', '事後報告'],
  ] as const)('a-post-mortem-is-read-on-the-page: in %s', async (language, word) => {
    const member = await uptime.found()
    const slug = `told-in-${language}`
    const page = await createService(uptime.deps, member, { name: 'Shop', slug })
    const { id } = await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
    await resolveIncident(uptime.deps, member, id, undefined)
    const body = 'We now <b>watch</b> the disks.'
    await addIncidentUpdate(uptime.deps, member, id, { phase: 'postmortem', body })
    const { html } = await previewPage(uptime.deps, member, page.id, { language })
    expect(html).toContain(`<strong>${word}</strong> We now &lt;b&gt;watch&lt;/b&gt; the disks.`)
  })

  it('the hundredth is taken and the one after it is not', async () => {
    const member = await uptime.found()
    const { id } = await createIncident(uptime.deps, member, { title: 'Slow' })
    const say = () => addIncidentUpdate(uptime.deps, member, id, { phase: 'monitoring', body: 'Still.' })
    for (let i = 0; i < 100; i += 1) await say()
    await expect(say()).rejects.toMatchObject({
      code: 'INVALID_STATE',
      detail: 'An incident has at most 100 updates',
    })
  })
})

describe('the list', () => {
  it('filters, and comes in pages by the start of the incident', async () => {
    const member = await uptime.found()
    const { monitorId, incident } = await failMonitor(member)
    const made = [incident.id]
    for (const title of ['A', 'B', 'C']) {
      uptime.clock.advance(1_000)
      made.unshift((await createIncident(uptime.deps, member, { title })).id)
    }
    const resolved = made[1] ?? ''
    await resolveIncident(uptime.deps, member, resolved, undefined)
    await setIncidentVisibility(uptime.deps, member, resolved, 'hidden')
    const idsOf = async (filter: Parameters<typeof listIncidents>[2]) =>
      (await listIncidents(uptime.deps, member, filter)).incidents.map(({ id }) => id)
    expect(await idsOf({})).toEqual(made)
    expect(await idsOf({ status: 'resolved' })).toEqual([resolved])
    expect(await idsOf({ monitorId })).toEqual([incident.id])
    expect(await idsOf({ from: uptime.clock.now() })).toEqual([made[0]])
    expect(await idsOf({ to: uptime.clock.now() })).toEqual(made.slice(1))
    const first = await listIncidents(uptime.deps, member, { limit: 3 })
    expect(first.incidents.map(({ id }) => id)).toEqual(made.slice(0, 3))
    expect(await idsOf({ limit: 3, cursor: first.nextCursor ?? '' })).toEqual(made.slice(3))
  })
})

it("another org's incident is refused in the words of one that never existed", async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const { id } = await createIncident(uptime.deps, ann, { title: 'Slow' })
  const calls = [
    (target: string) => getIncident(uptime.deps, eve, target),
    (target: string) => updateIncident(uptime.deps, eve, target, { cause: 'x' }),
    (target: string) => acknowledgeIncident(uptime.deps, eve, target),
    (target: string) => resolveIncident(uptime.deps, eve, target, undefined),
    (target: string) => addIncidentUpdate(uptime.deps, eve, target, { phase: 'identified', body: 'x' }),
    (target: string) => setIncidentVisibility(uptime.deps, eve, target, 'hidden'),
    (target: string) => deleteIncident(uptime.deps, eve, target),
  ]
  for (const call of calls) {
    const refusalOf = (target: string): Promise<unknown> => call(target).catch((error: unknown) => error)
    expect(await refusalOf(id)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await refusalOf(id)).toEqual(await refusalOf('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  }
  const serviceId = (await listIncidents(uptime.deps, ann, {})).incidents[0]?.serviceId ?? ''
  await expect(createIncident(uptime.deps, eve, { title: 'x', serviceId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

it('an incident lies between its evidence: the last good check and the first bad one, of its own org alone', async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const { monitorId, incident } = await failMonitor(ann)
  const beganMs = Date.parse(incident.startedAt)
  const outcomes = ['up', 'up', 'down', 'down', 'up'] as const
  for (const [index, outcome] of outcomes.entries())
    await recordTelemetry(uptime.deps, { kind: 'system', orgId: ann.orgId, because: 'test' }, (tx) =>
      insertUnleased(tx, {
        monitorId,
        startedAtMs: beganMs + (index - 2) * 1_000,
        origin: 'manual',
        outcome,
        code: outcome === 'down' ? 'connection_reset' : null,
        values: {},
        statusCode: null,
        totalMs: 12,
        remoteAddress: null,
        inMaintenance: false,
      }),
    )
  const { evidence } = await getIncident(uptime.deps, ann, incident.id)
  expect(evidence).toMatchObject({
    lastGood: { outcome: 'up', message: null, startedAt: new Date(beganMs - 1_000).toISOString() },
    firstBad: { outcome: 'down', code: 'connection_reset', startedAt: incident.startedAt },
  })
  const byHand = await createIncident(uptime.deps, ann, { title: 'Payments are slow' })
  expect((await getIncident(uptime.deps, ann, byHand.id)).evidence).toBeNull()
  await expect(getIncident(uptime.deps, eve, incident.id)).rejects.toMatchObject({ status: 404 })
})
