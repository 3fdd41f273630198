import { listEntries } from '@gatehouse/kernel/audit'
import { ensurePartitions, kernelPartitions, within } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { createWebhookEndpoint, getWebhookDelivery } from '@gatehouse/kernel/webhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listOverdueClocks, openSecurityIncident } from '../index.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import {
  changeSecurityIncident,
  closeSecurityIncident,
  containSecurityIncident,
  notifyAffected,
  publishIncidentReport,
} from './change-security-incident.ts'
import { createOwner } from './create-owner.ts'
import { listWebhookDeliveries } from './list-webhook-deliveries.ts'
import { readSecurityIncident } from './read-security-incidents.ts'
import { remindOfIncidents } from './remind-of-incidents.ts'
import { setPreferences } from './set-preferences.ts'
import { acknowledgeNotice, listSecurityNotices } from './security-notices.ts'
import { tellAffectedOrgs } from './tell-affected.ts'
import { toWebhookDeps } from './webhook-deps.ts'

const hourMs = 3_600_000
const { signal } = new AbortController()
const operator = 'ops@example.com'
let platform: TestPlatform
let admin: MemberPrincipal

beforeAll(async () => {
  platform = await startTestPlatform({ admins: [operator] })
  await ensurePartitions(platform.database.db, kernelPartitions, platform.clock.now())
  admin = await platform.found('Operator')
})
afterAll(() => platform.database.drop())
beforeEach(() => void platform.mails.splice(0))

const open = async (title = 'Keys were listed') =>
  (await openSecurityIncident(platform.deps, { because: { admin }, title, severity: 'high' })).id

const actionsOf = (incidentId: string) =>
  within(platform.deps, { kind: 'system', orgId: instanceOrgId, because: 'test' }, async (tx) => {
    const entries = await listEntries(tx, { resourceId: incidentId }, { limit: 100 })
    return entries.map(({ event_type: action }) => action).toReversed()
  })

async function mails(): Promise<{ to: string; subject: string }[]> {
  await remindOfIncidents(platform.deps, { signal })
  await runQueue(platform.deps)
  return platform.mails.splice(0).map(({ to, subject }) => ({ to, subject }))
}

const overdue = async (id: string) =>
  (await listOverdueClocks(platform.deps, platform.clock.now())).filter((clock) => clock.of === id)

const report = { en: { title: 'Keys', happened: 'They were listed.', countermeasures: 'They are not.' } }

describe('a-failed-claim-opens-one-incident', () => {
  const fail = (claim: string) =>
    openSecurityIncident(platform.deps, { because: { claim }, title: `${claim} fails`, severity: 'high' })

  it('however often it fails, and another one once that is closed', async () => {
    const all = await Promise.all([fail('keys.hashed'), fail('keys.hashed'), fail('keys.hashed')])
    const [id = ''] = new Set(all.map((one) => one.id))
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await fail('keys.hashed')).toEqual({ id, isNew: false })
    expect((await fail('tenants.apart')).id).not.toBe(id)
    await changeSecurityIncident(platform.deps, admin, id, { orgs: [] })
    await containSecurityIncident(platform.deps, admin, id, 'The probe was wrong')
    await closeSecurityIncident(platform.deps, admin, id, 'The probe was wrong')
    const next = await fail('keys.hashed')
    expect(next).toMatchObject({ isNew: true })
    expect(next.id).not.toBe(id)
  })

  it('the operator hears of it by mail, once', async () => {
    await mails()
    await fail('sessions.end')
    await fail('sessions.end')
    const heard = (await mails()).filter(({ subject }) => subject.includes('sessions.end'))
    expect(heard).toEqual([{ to: operator, subject: 'Security incident opened: sessions.end fails' }])
  })
})

describe('customers-are-told-within-72-hours', () => {
  it('the operator is reminded at 24, 48 and 66 hours, and told once it is late', async () => {
    const id = await open('Reminders')
    const about = async () =>
      (await mails()).filter(({ subject }) => subject.includes('Reminders')).map(({ subject }) => subject)
    expect(await about()).toEqual(['Security incident opened: Reminders'])
    for (const [hours, left] of [
      [24, '48 hours left to tell customers: Reminders'],
      [24, '24 hours left to tell customers: Reminders'],
      [18, '6 hours left to tell customers: Reminders'],
    ] as const) {
      platform.clock.advance(hours * hourMs - 1)
      expect(await about()).toEqual([])
      platform.clock.advance(1)
      expect(await about()).toEqual([left])
      expect(await about()).toEqual([])
    }
    platform.clock.advance(6 * hourMs)
    expect(await about()).toEqual([])
    expect(await overdue(id)).toEqual([])
    platform.clock.advance(1)
    expect(await about()).toEqual(['OVERDUE: customers were not told within 72 hours: Reminders'])
    expect(await overdue(id)).toMatchObject([{ clock: 'tell', dueAtMs: platform.clock.now() - 1 }])
    platform.clock.advance(100 * hourMs)
    expect(await about()).toEqual([])
    await changeSecurityIncident(platform.deps, admin, id, { orgs: [] })
    expect(await overdue(id)).toEqual([])
  })

  it('owners of every affected org are mailed, its webhooks told and its people shown it; nobody else', async () => {
    const { deps } = platform
    const [acme, other] = [await platform.found('Acme'), await platform.found('Other')]
    const viewer = await platform.join(acme.orgId, 'viewer')
    const hook = { url: 'https://receiver.example.com/hook', description: '', events: ['security.incident'] }
    const own = toWebhookDeps(deps)
    const { endpoint } = await createWebhookEndpoint(own, acme, hook)
    const { endpoint: elsewhere } = await createWebhookEndpoint(own, other, hook)
    const id = await open('<b>Names</b> were read')
    await expect(notifyAffected(deps, admin, id, { en: 'Too early' })).rejects.toMatchObject({
      code: 'STEP_OUT_OF_ORDER',
    })
    await changeSecurityIncident(deps, admin, id, { orgs: [acme.orgId], data: 'names' })
    const message = { en: 'Names were read.\n\nChange nothing.', ja: '名前が読まれました。' }
    await notifyAffected(deps, admin, id, message)
    await mails()
    await tellAffectedOrgs(deps, id, signal)
    await tellAffectedOrgs(deps, id, signal)
    await runQueue(deps)
    const sent = platform.mails.splice(0)
    expect(sent.map(({ to }) => to)).toEqual([`${acme.userId.toLowerCase()}@example.com`])
    expect(sent[0]?.text).toContain('Names were read.')
    const { deliveries } = await listWebhookDeliveries(deps, acme, endpoint.id, { limit: 10 })
    expect(deliveries).toHaveLength(1)
    const { body } = await getWebhookDelivery(own, acme, endpoint.id, deliveries[0]?.id ?? '')
    expect(JSON.parse(body)).toMatchObject({
      type: 'security.incident',
      data: { kind: 'instance_incident', incident_id: id, severity: 'high', message: message.en },
    })
    expect((await listWebhookDeliveries(deps, other, elsewhere.id, { limit: 10 })).deliveries).toEqual([])
    expect(await listSecurityNotices(deps, viewer)).toMatchObject([{ id, message, isSeen: false }])
    await acknowledgeNotice(deps, viewer, id)
    await acknowledgeNotice(deps, viewer, id)
    expect(await listSecurityNotices(deps, viewer)).toMatchObject([{ id, isSeen: true }])
    expect(await listSecurityNotices(deps, acme)).toMatchObject([{ id, isSeen: false }])
    expect(await listSecurityNotices(deps, other)).toEqual([])
    await expect(acknowledgeNotice(deps, other, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    platform.clock.advance(73 * hourMs)
    expect(await overdue(id)).toEqual([])
  })

  it('whoever is found later has 72 hours of their own, and those who were told are not told again', async () => {
    const { deps } = platform
    const [first, second] = [await platform.found('First'), await platform.found('Second')]
    const id = await open('In two parts')
    await changeSecurityIncident(deps, admin, id, { orgs: [first.orgId] })
    await notifyAffected(deps, admin, id, { en: 'Part one' })
    await tellAffectedOrgs(deps, id, signal)
    platform.clock.advance(100 * hourMs)
    await changeSecurityIncident(deps, admin, id, { orgs: [second.orgId] })
    platform.clock.advance(72 * hourMs)
    expect(await overdue(id)).toEqual([])
    platform.clock.advance(1)
    expect(await overdue(id)).toHaveLength(1)
    await runQueue(deps)
    platform.mails.splice(0)
    await notifyAffected(deps, admin, id, { en: 'Part two' })
    await tellAffectedOrgs(deps, id, signal)
    await runQueue(deps)
    expect(platform.mails.splice(0).map(({ to }) => to)).toEqual([
      `${second.userId.toLowerCase()}@example.com`,
    ])
    expect(await overdue(id)).toEqual([])
  })

  it('all there are now are those of customers, and one that is being erased is told nothing', async () => {
    const { deps } = platform
    const leaving = await platform.found('Leaving')
    const { pool } = deps.db
    await pool.query('ALTER TABLE gatehouse.org NO FORCE ROW LEVEL SECURITY')
    const probed = await pool.query<{ id: string }>(
      `INSERT INTO gatehouse.org (org_id, name, slug, throw_away, created_at, updated_at)
       VALUES (gen_random_uuid(), 'Probed', 'probed', true, now(), now()) RETURNING org_id AS id`,
    )
    const id = await open('For everybody')
    await changeSecurityIncident(deps, admin, id, { orgs: 'all' })
    const { orgs } = await readSecurityIncident(deps, admin, id)
    expect(orgs).toEqual(expect.arrayContaining([admin.orgId, leaving.orgId]))
    for (const other of [instanceOrgId, probed.rows[0]?.id]) expect(orgs).not.toContain(other)
    await pool.query('UPDATE gatehouse.org SET suspended_at = now(), erasing_at = now() WHERE org_id = $1', [
      leaving.orgId,
    ])
    await pool.query('ALTER TABLE gatehouse.org FORCE ROW LEVEL SECURITY')
    await notifyAffected(deps, admin, id, { en: 'Everybody' })
    await tellAffectedOrgs(deps, id, signal)
    const noticesOf = async (member: MemberPrincipal) =>
      (await listSecurityNotices(deps, member)).filter((notice) => notice.id === id).length
    expect([await noticesOf(admin), await noticesOf(leaving)]).toEqual([1, 0])
    expect(await overdue(id)).toEqual([])
  })

  it('an org that is none of a customer is no scope, and the field is named', async () => {
    const id = await open()
    for (const orgs of [['no-id'], [instanceOrgId], ['7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d']])
      await expect(changeSecurityIncident(platform.deps, admin, id, { orgs })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        fields: [{ field: 'orgs' }],
      })
  })
})

it('an-incident-is-its-audit-entries: every step is one, in the order in which they were taken', async () => {
  const { deps } = platform
  const acme = await platform.found('Acme')
  const id = await open()
  await changeSecurityIncident(deps, admin, id, { orgs: [acme.orgId], severity: 'critical' })
  await containSecurityIncident(deps, admin, id, 'The listing was switched off')
  await notifyAffected(deps, admin, id, { en: 'Keys were listed.' })
  await tellAffectedOrgs(deps, id, signal)
  await expect(closeSecurityIncident(deps, admin, id, undefined)).rejects.toMatchObject({
    code: 'STEP_OUT_OF_ORDER',
  })
  await publishIncidentReport(deps, admin, id, report)
  const closed = await closeSecurityIncident(deps, admin, id, undefined)
  expect(closed).toMatchObject({ affected: 1, told: 1, severity: 'critical', report })
  expect(await actionsOf(id)).toEqual([
    'security_incident.open',
    'security_incident.change',
    'security_incident.contain',
    'security_incident.notify',
    'security_incident.told',
    'security_incident.publish',
    'security_incident.close',
  ])
  await expect(containSecurityIncident(deps, admin, 'nothing', 'x')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

it('times-in-mails-are-those-of-the-reader: an operator with an account reads when customers have to be told, there', async () => {
  const { deps, clock } = platform
  await mails()
  const { userId, belonging } = await createOwner(deps, {
    email: operator,
    password: 'correct horse battery',
    name: 'Ops',
    orgName: 'Ops',
  })
  await setPreferences(
    deps,
    { ...admin, userId, orgId: belonging.orgId },
    { language: 'ja', timeZone: 'America/St_Johns' },
  )
  clock.set(Date.UTC(2026, 10, 26, 17, 42))
  await open('Clocks')
  await remindOfIncidents(deps, { signal })
  await runQueue(deps)
  const sent = platform.mails.find(({ to, subject }) => to === operator && subject.includes('Clocks'))
  expect(sent?.text).toContain('2026/11/29 14:12 (America/St_Johns, UTC-03:30)')
})
