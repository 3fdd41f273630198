import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { password, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenMail } from './fixtures/sinks.ts'

let server: ComposedServer
let mail: Listener
let ann: SignedIn
const mails: ParsedMail[] = []

beforeAll(async () => {
  mail = await listenMail(mails)
  server = await composeServer({
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${mail.port}`,
  })
  ann = await setUpOwner(server.client, server.ownerToken)
})
afterAll(async () => {
  await server.stop()
  await mail.stop()
})
beforeEach(() => {
  server.passMinute()
  mails.length = 0
})

const post = (path: string, body?: unknown) =>
  server.client.send(path, { method: 'POST', credential: ann.accessToken, body })

/** The link of the mail with this subject. */
async function linkIn(subject: string): Promise<URL> {
  const found = await eventually(`a mail arrives: ${subject}`, () =>
    mails.find((one) => one.subject === subject),
  )
  return new URL(/http\S+token=[\w-]{43}/.exec(found.text ?? '')?.[0] ?? '')
}

it('a person changes the password five times an hour, and not a sixth; others are not counted', async () => {
  const wrong = { currentPassword: 'something else', newPassword: 'a fresh staple of 2026' }
  for (let n = 0; n < 5; n += 1) {
    const { status, headers } = await post('/dashboard/account/change-password', wrong)
    expect(status).toBe(400)
    expect(headers.get('ratelimit-policy')).toContain('"account-change-password";q=5;w=3600')
  }
  const sixth = await post('/dashboard/account/change-password', wrong)
  expect(sixth.status).toBe(429)
  expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(60)
  expect((await server.client.send('/dashboard/me', { credential: ann.accessToken })).status).toBe(200)
})

it.each<[promise: string, body: unknown, told: RegExp]>([
  ['a zone that nobody knows', { timeZone: 'Mars/Olympus' }, /^timeZone: must be an IANA time zone/],
  [
    'an offset, which has no rules of its own',
    { timeZone: '+09:00' },
    /^timeZone: must be an IANA time zone/,
  ],
  ['a zone of another type', { timeZone: 9 }, /^timeZone: /],
  ['a language that is not spoken', { language: 'tlh' }, /^language: .*en.*ja/],
  ['a theme that there is not', { theme: 'sepia' }, /^theme: .*light.*dark.*system/],
  ['no theme at all', { theme: null }, /^theme: /],
  ['what is no preference', { colour: 'red' }, /^colour: /],
  ['nothing', {}, /at least one preference/],
])('wrong preferences are refused by the name of their field: %s', async (_what, body, told) => {
  const options = { method: 'PUT', credential: ann.accessToken, body }
  const { status, text } = await server.client.send('/dashboard/account/preferences', options)
  expect(status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({ error: { message: expect.stringMatching(told) as string } })
})

it('preferences are told by the one who was asked, and by who one is', async () => {
  const body = { timeZone: 'America/St_Johns', theme: 'dark' }
  const credential = ann.accessToken
  const chosen = { language: null, ...body }
  const path = '/dashboard/account/preferences'
  expect(await server.client.ask<object>(path, { method: 'PUT', credential, body })).toEqual(chosen)
  expect(await server.client.ask<object>('/dashboard/me', { credential })).toMatchObject({ user: chosen })
})

it('an export without a fresh proof is refused, and does not use up the one of the hour', async () => {
  const take = () => server.client.send('/dashboard/account/export', { credential: ann.accessToken })
  for (let n = 0; n < 2; n += 1) {
    const { status, text, headers } = await take()
    expect(status).toBe(403)
    expect(text).toContain('SUDO_REQUIRED')
    expect(headers.get('ratelimit-policy')).not.toContain('account-export')
  }
})

it('opening the link of a change changes nothing, and its button does, once', async () => {
  const asked = { newEmail: 'Ann2@Example.com', password }
  expect(await post('/dashboard/account/change-email', asked)).toMatchObject({
    status: 200,
    text: '{"ok":true}',
  })
  const { pathname, search } = await linkIn('Confirm your new e-mail address')
  for (let n = 0; n < 2; n += 1) {
    const page = await server.client.send(`${pathname}${search}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('<form method="post">')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
  const logIn = (email: string) => server.client.send('/auth/login', { body: { email, password } })
  expect((await logIn('ann@example.com')).status).toBe(200)
  const button = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  expect((await server.client.send(`${pathname}${search}`, button)).status).toBe(200)
  expect((await server.client.send(`${pathname}${search}`, button)).status).toBe(400)
  expect((await post('/dashboard/account/cancel-deletion')).status).toBe(401)
  expect((await logIn('ann@example.com')).status).toBe(401)
  ann = JSON.parse((await logIn('ann2@example.com')).text)
})

const freshPassword = 'a fresh staple of 2026'

it('a forgotten password is set anew by the mailed link, whatever the address gets the same answer', async () => {
  const ask = (email: string) => server.client.send('/auth/forgot-password', { body: { email } })
  const [unknown, known] = [await ask('nobody@example.com'), await ask('ann2@example.com')]
  expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
  const token = (await linkIn('Set a new password')).searchParams.get('token')
  const fresh = { token, password: freshPassword }
  expect((await server.client.send('/auth/reset-password', { body: fresh })).status).toBe(200)
  expect((await server.client.send('/auth/reset-password', { body: fresh })).status).toBe(400)
  expect(mails.map(({ to }) => [to ?? []].flat()[0]?.text)).not.toContain('nobody@example.com')
  const body = { email: 'ann2@example.com', password: fresh.password }
  ann = JSON.parse((await server.client.send('/auth/login', { body })).text)
})

it('a device asks, a person approves, and the key opens the API', async () => {
  const started = await server.client.ask<Record<string, unknown>>('/auth/device/code', {
    body: { client: 'cli', callbackUrl: 'http://localhost:8123' },
  })
  expect(started).toMatchObject({
    verificationUrl: `${server.origin}/app/device`,
    verificationUrlComplete: `${server.origin}/app/device?code=${String(started['userCode'])}`,
    expiresIn: 900,
    interval: 5,
  })
  const { deviceCode, userCode } = started
  const typed = String(userCode).replace('-', ' ').toLowerCase()
  const seen = await server.client.send(`/dashboard/device/${encodeURIComponent(typed)}`, {
    credential: ann.accessToken,
  })
  expect(JSON.parse(seen.text)).toMatchObject({ client: 'cli', service: 'uptime', keyExpiresAfterDays: 90 })
  const shown = (JSON.parse(seen.text) as { scopes: string[] }).scopes
  const approval = { credential: ann.accessToken, body: { userCode: typed } }
  expect((await server.client.send('/dashboard/device/approve', approval)).text).toContain('SUDO_REQUIRED')
  const { sudoToken } = await server.client.ask<{ sudoToken: string }>('/dashboard/sudo/verify', {
    credential: ann.accessToken,
    body: { password: freshPassword },
  })
  const headers = { 'x-sudo-token': sudoToken }
  const approved = await server.client.send('/dashboard/device/approve', { ...approval, headers })
  expect(JSON.parse(approved.text)).toMatchObject({ approved: true, callbackUrl: 'http://localhost:8123' })
  const { apiKey } = await server.client.ask<{ apiKey: string }>('/auth/device/token', {
    body: { deviceCode },
  })
  expect((await server.client.send('/api/v1/monitors', { credential: apiKey })).status).toBe(200)
  const { apiKeys } = await server.client.ask<{ apiKeys: object[] }>('/dashboard/api-keys', {
    credential: ann.accessToken,
  })
  expect(apiKeys).toMatchObject([{ type: 'expiring', scopes: shown, createdBy: ann.user.id }])
})

it.each([
  'https://localhost:8123',
  'http://127.0.0.1:8123',
  'http://localhost',
  'http://localhost:8123/path',
  'http://localhost:99999',
  'http://localhost:8123@evil.example',
  'http://localhost.evil.example:8123',
])('a device cannot have the browser sent to %s', async (callbackUrl) => {
  const { status, text } = await server.client.send('/auth/device/code', {
    body: { client: 'cli', callbackUrl },
  })
  expect(status).toBe(400)
  expect(text).toContain('callbackUrl: must be http://localhost:PORT, without a path')
})

it('an account is deleted by code or password, and not by both or neither', async () => {
  for (const body of [{}, { code: '12345678', password: 'x' }])
    expect((await post('/dashboard/account/delete', body)).text).toContain(
      'must hold either the code or the password',
    )
  expect((await post('/dashboard/account/request-deletion-code')).status).toBe(200)
  const sent = await eventually('the code is mailed', () =>
    mails.find(({ subject }) => subject?.startsWith('Your code')),
  )
  const code = /\d{4} \d{4}/.exec(sent.text ?? '')?.[0]
  const { status, text } = await post('/dashboard/account/delete', { code })
  expect(status).toBe(200)
  const me = await server.client.ask<{ user: unknown }>('/dashboard/me', { credential: ann.accessToken })
  expect(me.user).toMatchObject(JSON.parse(text))
  expect((await post('/dashboard/account/cancel-deletion')).status).toBe(200)
})

const toAddress = ({ to }: ParsedMail): string | undefined => [to ?? []].flat()[0]?.text.toLowerCase()

describe('times-in-mails-are-those-of-the-reader', () => {
  const choose = (body: object) =>
    server.client.ask('/dashboard/account/preferences', {
      method: 'PUT',
      credential: ann.accessToken,
      body,
    })
  const mailTo = (address: string, subject: string) =>
    eventually(`a mail to ${address} arrives: ${subject}`, () =>
      mails.find((one) => one.subject?.startsWith(subject) === true && toAddress(one) === address),
    )
  /** Of a moment: the day and the time that clocks in Tokyo show, nine hours ahead. */
  const inTokyo = (at: string): string => {
    const [, year, month, day, hour, minute] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(
      new Date(Date.parse(at) + 9 * 3_600_000).toISOString(),
    ) ?? ['']
    return `${year}/${month}/${day} ${Number(hour)}:${minute} (Asia/Tokyo, UTC+09:00)`
  }

  it('a mail about the account is in the chosen language, by the chosen clock', async () => {
    await choose({ language: 'ja', timeZone: 'Asia/Tokyo' })
    const { text } = await post('/dashboard/account/delete', { password: freshPassword })
    const { deletionScheduledAt } = JSON.parse(text) as { deletionScheduledAt: string }
    const sent = await mailTo('ann2@example.com', 'アカウントの削除予定')
    expect(sent.text).toContain(inTokyo(deletionScheduledAt))
    expect((await post('/dashboard/account/cancel-deletion')).status).toBe(200)
  })

  it('an alert to a member is by their clock, in the language of the channel; to a stranger in UTC', async () => {
    const credential = ann.accessToken
    const { sudoToken } = await server.client.ask<{ sudoToken: string }>('/dashboard/sudo/verify', {
      credential,
      body: { password: freshPassword },
    })
    for (const email of ['Ann2@example.com', 'pager@elsewhere.example']) {
      await server.client.ask('/dashboard/notification-channels', {
        credential,
        headers: { 'x-sudo-token': sudoToken },
        body: { type: 'email', name: email, config: { email }, language: 'en', isDefault: true },
      })
      const asked = await eventually(`the owner of ${email} is asked`, () =>
        mails.find((one) => toAddress(one) === email.toLowerCase()),
      )
      const link = new URL(/http\S+verify\?token=[\w-]+/.exec(asked.text ?? '')?.[0] ?? '')
      await server.client.send(`${link.pathname}${link.search}`, { method: 'POST' })
    }
    mails.length = 0
    const { incident } = await server.client.ask<{ incident: { startedAt: string } }>(
      '/dashboard/incidents',
      { credential, body: { title: 'Orders fail' } },
    )
    const sent = await eventually('both are told', () =>
      mails.length < 2 ? undefined : new Map(mails.map((one) => [toAddress(one), one.text])),
    )
    const since = (timeZone: string): string =>
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
        Date.parse(incident.startedAt),
      )
    const told = Object.fromEntries(
      [...sent].map(([to, text]) => [to, /^Since: (.*)$/m.exec(text ?? '')?.[1]]),
    )
    expect(told).toEqual({
      'ann2@example.com': `${since('Asia/Tokyo')} (Asia/Tokyo, UTC+09:00)`,
      'pager@elsewhere.example': `${since('UTC')} UTC`,
    })
  })
})
