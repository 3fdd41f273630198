import type { RawReply } from '@gatehouse/kernel/endpoint'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { subscriberHandlers } from '../handlers/subscriber-handlers.ts'
import { createPageCache } from '../pages/page-cache.ts'
import { uptimePolicy } from '../policy.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteService } from './delete-service.ts'
import { listSubscribers, removeSubscriber } from './list-subscribers.ts'
import { setLayout } from './set-layout.ts'
import { updateService } from './update-service.ts'

const hourMs = 3_600_000
const visitor = { kind: 'visitor', ip: '127.0.0.1' } as const
const password = 'correct horse battery'
let uptime: TestUptime
let handlers: ReturnType<typeof subscriberHandlers>
let slugs = 0

beforeAll(async () => {
  uptime = await startTestUptime()
  handlers = subscriberHandlers(uptime.deps, createPageCache(uptime.deps))
})
afterAll(() => uptime.database.drop())
beforeEach(async () => {
  await uptime.forgetDeliveries()
  uptime.mails.length = 0
})

async function publish(plan = 'unlimited', isPublic = true) {
  const member = await uptime.found(plan)
  const slug = `told-${(slugs += 1)}`
  const page = await createService(uptime.deps, member, { name: 'Shop', slug, isPublic })
  return { member, slug, page }
}

const toContext = (headers: Readonly<Record<string, string>> = {}) => ({
  requestId: 'req',
  ip: visitor.ip,
  userAgent: undefined,
  url: '/',
  receivedAtMs: 0,
  signal: AbortSignal.timeout(60_000),
  refund: () => undefined,
  header: (name: string) => headers[name],
})

/** Sends the form of a page, as a browser does. */
async function ask(slug: string, email: string, components: readonly string[] = [], lang?: 'ja') {
  uptime.clock.advance(1_001)
  const fields = new URLSearchParams({ email })
  for (const id of components) fields.append('component', id)
  const input = { params: { slug }, query: { lang }, body: fields.toString() }
  return show(await handlers.subscribeToPage(visitor, input, toContext()))
}

const show = ({ status, body, headers }: RawReply) => ({
  status,
  text: Buffer.isBuffer(body) || typeof body === 'string' ? body.toString() : '',
  headers,
})

/** Sends due mails, and returns the token in the newest. */
async function receive(): Promise<string | undefined> {
  uptime.mails.length = 0
  await uptime.sendMails()
  return /token=([\w-]+)/.exec(uptime.mails.at(-1)?.text ?? '')?.[1]
}

const toLink = (token: string) => ({ params: undefined, query: { token }, body: undefined })
const confirm = async (token: string) =>
  show(await handlers.confirmSubscription(visitor, toLink(token), toContext()))
const list = (member: MemberPrincipal, id: string) => listSubscribers(uptime.deps, member, id, {})

async function subscribe(slug: string, email: string): Promise<string> {
  await ask(slug, email)
  const token = await receive()
  if (token === undefined) throw new Error('A mail asks whoever is not known')
  await confirm(token)
  return token
}

it('a-subscription-is-confirmed-by-its-mailbox: by a press within a day, and not by opening the link', async () => {
  const { member, slug, page } = await publish()
  const monitor = await createMonitor(uptime.deps, member, {
    type: 'heartbeat',
    name: 'Job',
    config: {},
    serviceId: page.id,
  })
  expect(await ask(slug, 'Ann@Example.com', [monitor.id], 'ja')).toMatchObject({ status: 202 })
  const token = (await receive()) ?? ''
  expect(uptime.mails).toMatchObject([{ to: 'ann@example.com', subject: 'ステータスページの購読の確認' }])
  expect(uptime.mails[0]?.text).toContain(`/status/${slug}`)
  expect(uptime.mails[0]?.text).not.toContain('Shop')
  const opened = show(await handlers.openSubscription(visitor, toLink(token), toContext()))
  expect(opened.text).toContain('<form method="post">')
  expect(await list(member, page.id)).toMatchObject({
    confirmed: 0,
    pending: 1,
    subscribers: [{ address: 'ann@example.com', confirmedAt: null }],
  })
  expect(await confirm(token)).toMatchObject({ status: 200 })
  expect(await list(member, page.id)).toMatchObject({
    confirmed: 1,
    pending: 0,
    subscribers: [{ kind: 'email', language: 'ja', components: [monitor.id] }],
  })
  // Pressed twice is pressed once; a link that nobody pressed for a day is good no more.
  expect(await confirm(token)).toMatchObject({ status: 200 })
  await ask(slug, 'ben@example.com')
  const late = (await receive()) ?? ''
  uptime.clock.advance(24 * hourMs)
  expect(await confirm(late)).toMatchObject({ status: 400 })
  expect(await confirm('made up')).toMatchObject({ status: 400 })
  expect(await list(member, page.id)).toMatchObject({ confirmed: 1, pending: 0 })
})

it('subscribing-says-nothing-of-addresses: known, asked or new, the answer is one, and each mailbox hears little', async () => {
  const { slug } = await publish()
  await subscribe(slug, 'known@example.com')
  const answers = []
  for (const email of ['known@example.com', 'new@example.com', 'new@example.com'])
    answers.push(await ask(slug, email))
  const [first] = answers
  expect(answers).toEqual(answers.map(() => first))
  await receive()
  expect(uptime.mails.map(({ to }) => to)).toEqual(['new@example.com', 'new@example.com'])
  for (let more = 0; more < uptimePolicy.subscription.mailsMax; more += 1) await ask(slug, 'new@example.com')
  await receive()
  expect(uptime.mails).toHaveLength(uptimePolicy.subscription.mailsMax - 2)
})

it('a-hidden-page-takes-no-subscriber: one of members is like one that is not there, in every way of asking', async () => {
  const { member, slug, page } = await publish()
  const { slug: inner } = await publish('unlimited', false)
  const input = (at: string, query = {}) => ({
    params: { slug: at },
    query,
    body: '{"email":"ann@example.com"}',
  })
  const json = toContext({ 'content-type': 'application/json' })
  const unlike = [await ask(inner, 'ann@example.com'), await ask('nowhere', 'ann@example.com')]
  expect(unlike[0]?.status).toBe(404)
  expect(unlike[0]).toEqual(unlike[1])
  const forms = await Promise.all(
    [inner, 'nowhere'].map(async (at) =>
      show(await handlers.readSubscribePage(visitor, { ...input(at), body: undefined }, toContext())),
    ),
  )
  expect(forms[0]).toEqual(forms[1])
  for (const at of [inner, 'nowhere'])
    await expect(handlers.subscribeToPage(visitor, input(at), json)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      detail: 'There is nothing here',
    })
  await updateService(uptime.deps, member, page.id, { access: 'password', password })
  const locked = await ask(slug, 'ann@example.com')
  expect(locked.status).toBe(403)
  expect(locked.text).toContain(`action="../${slug}"`)
  await receive()
  expect(uptime.mails).toEqual([])
})

it('a program gets a problem that names the field, and a browser the form again', async () => {
  const { slug } = await publish()
  const json = toContext({ 'content-type': 'application/json' })
  const send = (body: string) =>
    handlers.subscribeToPage(visitor, { params: { slug }, query: {}, body }, json)
  await expect(send('{"email":"nobody"}')).rejects.toMatchObject({
    status: 400,
    fields: [{ field: 'email' }],
  })
  await expect(send('{"email":"a@example.com","components":["x"]}')).rejects.toMatchObject({
    fields: [{ field: 'components' }],
  })
  await expect(send('email=a')).rejects.toMatchObject({ fields: [{ field: 'body' }] })
  expect(show(await send('{"email":"a@example.com"}'))).toMatchObject({ status: 202, text: '{"ok":true}' })
  const again = await ask(slug, 'nobody')
  expect(again.status).toBe(400)
  expect(again.text).toMatch(/<p role="alert">.+<form method="post" action="subscribe\?lang=en">/s)
})

it('a-subscriber-changes-what-it-is-told-of: by the link in each mail, among what the page shows, and nobody else does', async () => {
  const { member, slug, page } = await publish()
  const make = (name: string) =>
    createMonitor(uptime.deps, member, { type: 'heartbeat', name, config: {}, serviceId: page.id })
  const [shop, search, secret] = [await make('Till'), await make('Search'), await make('Secret lab')]
  await setLayout(uptime.deps, member, page.id, {
    sections: [],
    components: [{ monitorId: shop.id }, { monitorId: search.id }, { monitorId: secret.id, hidden: true }],
  })
  const token = await subscribe(slug, 'ann@example.com')
  const open = async (of = token) =>
    show(await handlers.openComponentChoice(visitor, toLink(of), toContext()))
  const choose = async (...ids: readonly string[]) => {
    const body = new URLSearchParams(ids.map((id): [string, string] => ['component', id])).toString()
    return show(await handlers.chooseComponents(visitor, { ...toLink(token), body }, toContext()))
  }
  const chosen = async () => (await list(member, page.id)).subscribers[0]?.components
  const opened = await open()
  expect(opened.text).toMatch(/Till.*Search/s)
  expect(opened.text).not.toMatch(/checked|Secret lab/)
  expect((await choose(search.id, search.id)).text).toContain('Saved.')
  expect(await chosen()).toEqual([search.id])
  expect((await open()).text.match(/checked/g)).toHaveLength(1)
  await choose(shop.id)
  expect(await chosen()).toEqual([shop.id])
  expect(await choose(shop.id, secret.id)).toMatchObject({ status: 400 })
  expect(await chosen()).toEqual([shop.id])
  await choose()
  expect(await chosen()).toEqual([])
  // Nothing is said to whom it does not concern: a link that was made up, was not confirmed, or a page of members.
  const nothing = await open('made up')
  expect(nothing.status).toBe(400)
  await ask(slug, 'late@example.com')
  expect(await open((await receive()) ?? '')).toEqual(nothing)
  await updateService(uptime.deps, member, page.id, { isPublic: false })
  expect(await open()).toEqual(nothing)
  expect(await choose(shop.id)).toEqual(nothing)
  expect(await chosen()).toEqual([])
})

it('unsubscribing-is-one-click-and-final: by the button of the mailbox or of the page, and no old link brings it back', async () => {
  const { member, slug, page } = await publish()
  const token = await subscribe(slug, 'ann@example.com')
  const opened = show(await handlers.openUnsubscription(visitor, toLink(token), toContext()))
  expect(opened.text).toContain('<form method="post">')
  expect(await list(member, page.id)).toMatchObject({ confirmed: 1 })
  const press = { ...toLink(token), body: 'List-Unsubscribe=One-Click' }
  for (const time of ['once', 'twice'])
    expect({ time, ...show(await handlers.endSubscription(visitor, press, toContext())) }).toMatchObject({
      status: 200,
    })
  expect(await confirm(token)).toMatchObject({ status: 400 })
  expect(await list(member, page.id)).toMatchObject({ confirmed: 0, subscribers: [] })
})

it('a-page-takes-as-many-as-its-plan-allows: it says so to everybody alike, and at the last press too', async () => {
  const { member, slug, page } = await publish('free')
  await ask(slug, 'late@example.com')
  const late = (await receive()) ?? ''
  await uptime.database.db.pool.query(
    `INSERT INTO uptime.subscriber (org_id, id, service_id, kind, address, sealed_config, token_digest, language,
                                    confirmed_at, created_at)
     SELECT $1, 'full-' || n, $2, 'email', n || '@example.com', 'x', $2 || n, 'en', now(), now()
       FROM generate_series(1, 100) n`,
    [member.orgId, page.id],
  )
  expect(await ask(slug, 'new@example.com')).toMatchObject({ status: 409 })
  expect((await ask(slug, 'new@example.com')).text).toBe((await ask(slug, '1@example.com')).text)
  expect((await confirm(late)).text).toContain('no more subscribers')
  expect(await list(member, page.id)).toMatchObject({ confirmed: 100, pending: 1, max: 100 })
})

it('subscribers-belong-to-their-page: another organisation finds none, and they leave with it', async () => {
  const { member, slug, page } = await publish()
  await subscribe(slug, 'ann@example.com')
  await subscribe(slug, 'ben@example.com')
  const [ann, ben] = (await list(member, page.id)).subscribers
  const eve = await uptime.found()
  await expect(list(eve, page.id)).rejects.toMatchObject({ status: 404 })
  await expect(removeSubscriber(uptime.deps, eve, page.id, ann?.id ?? '')).rejects.toMatchObject({
    status: 404,
  })
  await removeSubscriber(uptime.deps, member, page.id, ann?.id ?? '')
  expect((await list(member, page.id)).subscribers).toEqual([ben])
  await deleteService(uptime.deps, member, page.id)
  const { rows } = await uptime.database.db.pool.query(
    'SELECT count(*)::int AS kept FROM uptime.subscriber WHERE org_id = $1',
    [member.orgId],
  )
  expect(rows).toEqual([{ kept: 0 }])
  const { rows: entries } = await uptime.database.db.pool.query<{ event_type: string; payload: unknown }>(
    'SELECT event_type, payload FROM gatehouse.audit_entry WHERE org_id = $1',
    [member.orgId],
  )
  const actions = entries.map(({ event_type: action }) => action)
  expect(actions).toContain('status_page.subscribe')
  expect(actions).toContain('status_page.remove_subscriber')
  // The audit log keeps no address: who reads it may see no subscriber.
  expect(JSON.stringify(entries)).not.toContain('@example.com')
})

it('pages whose instance sends no mail offer none, and say so to programs', async () => {
  const { slug } = await publish()
  const silent = { ...uptime.deps, mail: { isConfigured: false } }
  const { readSubscribePage, subscribeToPage } = subscriberHandlers(silent, createPageCache(silent))
  const input = { params: { slug }, query: {}, body: '{"email":"a@example.com"}' }
  const read = { ...input, body: undefined }
  expect(show(await readSubscribePage(visitor, read, toContext())).text).not.toContain('type="email"')
  const json = toContext({ 'content-type': 'application/json' })
  await expect(subscribeToPage(visitor, input, json)).rejects.toMatchObject({ code: 'EMAIL_NOT_CONFIGURED' })
})

it('a chosen component is one that the page shows', async () => {
  const { member, slug, page } = await publish()
  const monitor = await createMonitor(uptime.deps, member, {
    type: 'heartbeat',
    name: 'Job',
    config: {},
    serviceId: page.id,
  })
  expect(await ask(slug, 'ann@example.com', [monitor.id])).toMatchObject({ status: 202 })
  await setLayout(uptime.deps, member, page.id, {
    sections: [],
    components: [{ monitorId: monitor.id, hidden: true }],
  })
  expect(await ask(slug, 'ann@example.com', [monitor.id])).toMatchObject({ status: 400 })
})
