import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { subscribeConfirmed } from '../testing/subscribe-confirmed.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { addIncidentUpdate } from '../usecases/add-incident-update.ts'
import { endSubscription } from '../usecases/answer-invitation.ts'
import { createIncident } from '../usecases/create-incident.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { createService } from '../usecases/create-service.ts'
import { getFeeds } from '../usecases/feed-keys.ts'
import { resolveIncident, setIncidentVisibility } from '../usecases/handle-incident.ts'
import { listSubscribers } from '../usecases/list-subscribers.ts'
import { setLayout } from '../usecases/set-layout.ts'
import { keepAsked } from '../usecases/subscribe.ts'
import { updateService } from '../usecases/update-service.ts'

let uptime: TestUptime
let made = 0

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())
beforeEach(async () => {
  await uptime.forgetDeliveries()
  uptime.mails.length = 0
})

async function publish() {
  const member = await uptime.found()
  const slug = `news-${(made += 1)}`
  const page = await createService(uptime.deps, member, { name: 'Shop', slug, timeZone: 'Asia/Tokyo' })
  const watch = (name: string) =>
    createMonitor(uptime.deps, member, { type: 'heartbeat', name, config: {}, serviceId: page.id })
  return { member, page, slug, watch }
}

const subscribe = (
  { orgId }: MemberPrincipal,
  serviceId: string,
  email: string,
  asked?: Parameters<typeof subscribeConfirmed>[3],
) => subscribeConfirmed(uptime, { orgId, serviceId }, email, asked)

/** Sends what is due, and gives who got what since the last time. */
async function deliver() {
  uptime.mails.length = 0
  await uptime.deliverToSubscribers()
  return listMails()
}

const listMails = () => uptime.mails.map(({ to, subject }) => `${to}: ${subject}`).toSorted()

it('subscribers-are-told-once: what opens, what is said of it and its end, each once, in their language, on two nodes', async () => {
  const { member, page, slug } = await publish()
  const token = await subscribe(member, page.id, 'ann@example.com')
  await subscribe(member, page.id, 'ben@example.com', { language: 'ja' })
  const waiting = { serviceId: page.id, email: 'eve@example.com', componentIds: [], language: 'en' } as const
  await keepAsked(uptime.deps, member.orgId, waiting, 'not pressed')
  const { id } = await createIncident(uptime.deps, member, {
    title: 'Payments are slow',
    serviceId: page.id,
  })
  await Promise.all([uptime.deliverToSubscribers(), uptime.deliverToSubscribers()])
  expect(listMails()).toEqual([
    'ann@example.com: [Shop] Investigating: Payments are slow',
    'ben@example.com: [Shop] 調査中: Payments are slow',
  ])
  const first = uptime.mails.find(({ to }) => to === 'ann@example.com')
  const url = `https://gate.example.com/subscriptions/unsubscribe?token=${token}&lang=en`
  expect(first?.headers).toMatchObject({
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  })
  expect(first?.text).toContain(`https://gate.example.com/status/${slug}#incident-${id}`)
  expect(first?.text).toContain('(Asia/Tokyo, UTC+09:00)')
  expect(first?.text).toContain(url)
  expect(first?.text).toContain(url.replace('unsubscribe', 'components'))
  const ids = new Set(uptime.mails.map(({ messageId }) => messageId))
  expect(ids.size).toBe(2)
  const said = { phase: 'identified', body: 'A <b>disk</b> is full.\nWe change it.' } as const
  await addIncidentUpdate(uptime.deps, member, id, said)
  await addIncidentUpdate(uptime.deps, member, id, { ...said, notifySubscribers: false })
  expect(await deliver()).toEqual([
    'ann@example.com: [Shop] Identified: Payments are slow',
    'ben@example.com: [Shop] 原因特定: Payments are slow',
  ])
  const reply = uptime.mails.find(({ to }) => to === 'ann@example.com')
  expect(reply?.headers).toMatchObject({ 'In-Reply-To': first?.messageId })
  expect(reply?.text).toContain('A <b>disk</b> is full.\nWe change it.')
  expect(reply?.html?.markup).toContain('A &lt;b&gt;disk&lt;/b&gt; is full.<br />We change it.')
  await resolveIncident(uptime.deps, member, id, undefined)
  expect(await deliver()).toEqual([
    'ann@example.com: [Shop] Resolved: Payments are slow',
    'ben@example.com: [Shop] 解決済み: Payments are slow',
  ])
  expect(await deliver()).toEqual([])
})

it('subscribers-are-told-what-the-page-shows: of the components they chose, and of nothing hidden', async () => {
  const { member, page, watch } = await publish()
  const [shop, desk] = [await watch('Shop 1'), await watch('Desk')]
  await subscribe(member, page.id, 'all@example.com')
  await subscribe(member, page.id, 'desk@example.com', { componentIds: [desk.id] })
  const fall = (id: string) =>
    uptime.observe(member.orgId, id, ['up', 'down', 'down', 'down', 'down', 'down'])
  await fall(shop.id)
  expect(await deliver()).toEqual(['all@example.com: [Shop] Investigating: Shop 1: Down'])
  await uptime.observe(member.orgId, shop.id, ['up'])
  expect(await deliver()).toEqual(['all@example.com: [Shop] Resolved: Shop 1: Down'])
  await fall(desk.id)
  expect(await deliver()).toHaveLength(2)
  // What is hidden before it was told, and what never was shown.
  const { id } = await createIncident(uptime.deps, member, { title: 'Internal', serviceId: page.id })
  await setIncidentVisibility(uptime.deps, member, id, 'hidden')
  expect(await deliver()).toEqual([])
  await addIncidentUpdate(uptime.deps, member, id, { phase: 'identified', body: 'x' })
  await resolveIncident(uptime.deps, member, id, undefined)
  expect(await deliver()).toEqual([])
  const hidden = await watch('Inner')
  await setLayout(uptime.deps, member, page.id, {
    sections: [],
    components: [{ monitorId: hidden.id, hidden: true }],
  })
  await fall(hidden.id)
  expect(await deliver()).toEqual([])
  await updateService(uptime.deps, member, page.id, { autoPublish: false })
  const late = await watch('Late')
  await fall(late.id)
  expect(await deliver()).toEqual([])
})

it('who-was-told-is-told-of-the-end: also of what was hidden meanwhile, and through all to and fro', async () => {
  const { member, page, watch } = await publish()
  await subscribe(member, page.id, 'ann@example.com')
  const { id } = await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
  expect(await deliver()).toHaveLength(1)
  await setIncidentVisibility(uptime.deps, member, id, 'hidden')
  await subscribe(member, page.id, 'ben@example.com')
  await resolveIncident(uptime.deps, member, id, undefined)
  expect(await deliver()).toEqual(['ann@example.com: [Shop] Resolved: Slow'])
  // The third change within ten minutes is told by nobody; what is down in the end is.
  const { id: monitorId } = await watch('Job')
  const down = Array.from({ length: 5 }, () => 'down' as const)
  await uptime.observe(member.orgId, monitorId, ['up', ...down, 'up'])
  expect(await deliver()).toHaveLength(4)
  await uptime.observe(member.orgId, monitorId, down)
  expect(await deliver()).toEqual([])
  uptime.clock.advance(601_000)
  await uptime.observe(member.orgId, monitorId, ['down'])
  expect(await deliver()).toEqual([
    'ann@example.com: [Shop] Investigating: Job: Down',
    'ben@example.com: [Shop] Investigating: Job: Down',
  ])
  await uptime.observe(member.orgId, monitorId, ['up'])
  expect(await deliver()).toHaveLength(2)
})

it('outsiders-hear-nothing-of-a-page-of-members: once it is one, its members alone are told', async () => {
  const { member, page } = await publish()
  await subscribe(member, page.id, 'outside@example.com')
  await subscribe(member, page.id, 'inside@example.com')
  await updateService(uptime.deps, member, page.id, { isPublic: false })
  await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
  await uptime.deliverToSubscribers({
    findMemberAddress: async (_tx, email) =>
      email === 'inside@example.com' ? { language: 'en', timeZone: null } : undefined,
  })
  expect(uptime.mails.map(({ to }) => to)).toEqual(['inside@example.com'])
})

it('links of a page with a domain of its own lead there', async () => {
  const { member, page } = await publish()
  await subscribe(member, page.id, 'ann@example.com')
  await uptime.database.db.pool.query(
    `INSERT INTO uptime.page_domain (org_id, service_id, domain, token, status, created_at)
     VALUES ($1, $2, 'status.example.com', 'x', 'active', now())`,
    [member.orgId, page.id],
  )
  const { id } = await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
  await deliver()
  expect(uptime.mails[0]?.text).toContain(`https://status.example.com#incident-${id}`)
  expect((await getFeeds(uptime.deps, member, page.id)).atom).toBe('https://status.example.com/history.atom')
})

it('unsubscribing-is-one-click-and-final: what waits is not sent', async () => {
  const { member, page } = await publish()
  const token = await subscribe(member, page.id, 'ann@example.com')
  await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
  await endSubscription(uptime.deps, token)
  expect(await deliver()).toEqual([])
  expect(await listSubscribers(uptime.deps, member, page.id, {})).toMatchObject({ confirmed: 0 })
})
