import { isValkeyMissing, startValkey, type TestValkey } from '@gatehouse/kernel/testing'
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeNodes, type ComposedNodes } from './fixtures/compose-nodes.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, join, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenMail } from './fixtures/sinks.ts'

describe.skipIf(isValkeyMissing)('subscribers of a status page, on two nodes', () => {
  let valkey: TestValkey
  let mail: Listener
  let nodes: ComposedNodes
  let ann: SignedIn
  let serviceId: string
  const mails: ParsedMail[] = []

  beforeAll(async () => {
    valkey = await startValkey()
    mail = await listenMail(mails)
    nodes = await composeNodes(2, {
      VALKEY_URL: valkey.url.reveal(),
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${mail.port}`,
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    })
    ann = await setUpOwner(at(0), nodes.ownerToken)
    serviceId = (
      await write<{ service: { id: string } }>('/dashboard/services', { name: 'Acme', slug: 'acme' })
    ).service.id
    await write('/dashboard/services', { name: 'Inner', slug: 'inner', isPublic: false })
  })
  afterAll(async () => {
    await nodes.stop()
    await Promise.all([mail.stop(), valkey.stop()])
  })

  const at = (node: number) => {
    const client = nodes.clients[node]
    if (client === undefined) throw new Error('There are two nodes')
    return client
  }
  const write = <T>(path: string, body: object) =>
    at(0).ask<T>(path, { method: 'POST', credential: ann.accessToken, body })
  /** A visitor of their own address. */
  const visit = (
    node: number,
    path: string,
    ip: string,
    { headers = {}, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ) => fetch(`${nodes.origins[node]}${path}`, { ...init, headers: { 'x-forwarded-for': ip, ...headers } })
  const post = (node: number, path: string, ip: string, body: URLSearchParams) =>
    visit(node, path, ip, { method: 'POST', body })
  const toReaders = () => mails.filter(({ to }) => /(?:reader|other)@/.test([to].flat()[0]?.text ?? ''))
  /** The path of the first link of a mail that holds a token. */
  const linkIn = (found: ParsedMail): string => {
    const { pathname, search } = new URL(/https?:\S+token=\S+/.exec(found.text ?? '')?.[0] ?? '')
    return pathname + search
  }

  it('subscribers-are-told-once: asked on one node and confirmed on the other, with no script, until one click ends it', async () => {
    const page = await (await visit(0, '/status/acme', '192.0.2.1')).text()
    expect(page).toContain('action="acme/subscribe?lang=en"')
    expect(page).not.toContain('<script')
    const form = await (await visit(1, '/status/acme/subscribe', '192.0.2.1')).text()
    expect(form).toContain('href="../assets/')
    for (const email of ['reader@example.com', 'other@example.com'])
      expect(
        (await post(0, '/status/acme/subscribe', '192.0.2.1', new URLSearchParams({ email }))).status,
      ).toBe(202)
    const asked = await eventually('both are asked', () =>
      toReaders().length === 2 ? toReaders() : undefined,
    )
    for (const one of asked) {
      const link = linkIn(one)
      expect((await visit(1, link, '192.0.2.1')).status).toBe(200)
      expect((await visit(1, link, '192.0.2.1', { method: 'POST' })).status).toBe(200)
    }
    const { incident } = await write<{ incident: { id: string } }>('/dashboard/incidents', {
      title: 'Search is slow',
      serviceId,
    })
    await write(`/dashboard/incidents/${incident.id}/updates`, { phase: 'identified', body: 'A full disk.' })
    await eventually('both are told twice', () => (toReaders().length >= 6 ? true : undefined))
    const listTold = () =>
      toReaders()
        .slice(2)
        .map(({ to, subject }) => `${[to].flat()[0]?.text}: ${subject}`)
        .toSorted()
    expect(listTold()).toEqual([
      'other@example.com: [Acme] Identified: Search is slow',
      'other@example.com: [Acme] Investigating: Search is slow',
      'reader@example.com: [Acme] Identified: Search is slow',
      'reader@example.com: [Acme] Investigating: Search is slow',
    ])
    // As the mail provider's own button does it: RFC 8058.
    const last = mails.find((one) => one.subject?.includes('Identified'))
    const lineOf = (name: string) => last?.headerLines.find(({ key }) => key === name)?.line ?? ''
    const unsubscribe = /<(.+?)>/.exec(lineOf('list-unsubscribe'))?.[1]
    const { pathname, search } = new URL(unsubscribe ?? '')
    expect(lineOf('list-unsubscribe-post')).toBe('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    const click = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    expect((await post(1, pathname + search, '198.51.100.7', click)).status).toBe(200)
    const { subscribers, confirmed } = await at(0).ask<{ subscribers: object[]; confirmed: number }>(
      `/dashboard/services/${serviceId}/subscribers`,
      { credential: ann.accessToken },
    )
    expect([subscribers.length, confirmed]).toEqual([1, 1])
    expect(listTold()).toHaveLength(4)
  })

  it('a-hidden-page-takes-no-subscriber: to a browser and to a program it is like one that is not there', async () => {
    const answers = []
    for (const slug of ['inner', 'nowhere']) {
      const path = `/status/${slug}/subscribe`
      const form = await post(0, path, '192.0.2.2', new URLSearchParams({ email: 'a@example.com' }))
      const program = await visit(0, path, '192.0.2.2', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"email":"a@example.com"}',
      })
      const look = await visit(0, path, '192.0.2.3')
      answers.push(
        await Promise.all(
          [form, program, look].map(async (answer) => [
            answer.status,
            answer.headers.get('content-type'),
            answer.headers.get('cache-control'),
            await answer.text(),
          ]),
        ),
      )
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.map(([status, type]) => `${status} ${type}`)).toEqual([
      '404 text/html; charset=utf-8',
      '404 application/json; charset=utf-8',
      '404 text/html; charset=utf-8',
    ])
  })

  it('one address asks five times an hour, on both nodes together', async () => {
    const ask = async (node: number) => {
      const email = `${node}@example.com`
      return (await post(node, '/status/acme/subscribe', '192.0.2.9', new URLSearchParams({ email }))).status
    }
    const statuses = []
    for (const node of [0, 1, 0, 1, 0, 1]) statuses.push(await ask(node))
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429])
    expect((await visit(0, '/status/acme', '192.0.2.9')).status).toBe(200)
  })

  it('a-browser-that-is-refused-gets-a-page: after too many forms, in its language, and a program gets JSON', async () => {
    const send = async (path: string, headers: Record<string, string>) => {
      const body = new URLSearchParams({ email: 'often@example.com' })
      const reply = await visit(0, path, '192.0.2.10', { method: 'POST', body, headers })
      return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() }
    }
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    for (let times = 0; times < 5; times += 1) await send('/status/acme/subscribe', browser)
    const page = await send('/status/acme/subscribe', { ...browser, 'accept-language': 'ja,en;q=0.5' })
    expect(page).toMatchObject({ status: 429, type: 'text/html; charset=utf-8' })
    expect(page.text).toMatch(/<html lang="ja">.+約 \d+ 分後に/s)
    const asked = await send('/status/acme/subscribe?lang=en', browser)
    expect(asked.text).toMatch(/<html lang="en">.+Try again in \d+ minutes/s)
    const program = await send('/status/acme/subscribe', { accept: 'application/json' })
    expect(program).toMatchObject({ status: 429, type: 'application/json; charset=utf-8' })
  })

  it('subscribers-are-for-owners-and-keys-that-name-them: no member, no key that writes pages and no stranger', async () => {
    const member = await join(at(0), ann, 'member')
    const statusOf = async (door: string, credential?: string) =>
      (await at(1).send(`${door}/services/${serviceId}/subscribers`, { credential })).status
    expect(await statusOf('/dashboard', ann.accessToken)).toBe(200)
    expect(await statusOf('/dashboard', member.accessToken)).toBe(403)
    expect(await statusOf('/dashboard')).toBe(401)
    expect(await statusOf('/api/v1')).toBe(401)
    expect(await statusOf('/api/v1', await createKey(at(0), ann, 'uptime', ['read', 'write']))).toBe(403)
    const credential = await createKey(at(0), ann, 'uptime', ['subscribers:manage'])
    expect(await statusOf('/dashboard', credential)).toBe(401)
    const path = `/api/v1/services/${serviceId}/subscribers`
    const asked = mails.length
    await post(0, '/status/acme/subscribe', '192.0.2.8', new URLSearchParams({ email: 'ask@example.com' }))
    await eventually('somebody is asked', () => mails.length > asked || undefined)
    const { subscribers } = await at(1).ask<{ subscribers: { id: string }[] }>(path, { credential })
    const [first, ...others] = subscribers
    expect(first).toBeDefined()
    await at(1).ask(`${path}/${first?.id}`, { method: 'DELETE', credential })
    const left = await at(0).ask<{ subscribers: { id: string }[] }>(path, { credential })
    expect(left.subscribers).toEqual(others)
  })
})
