import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ParsedMail } from 'mailparser'
import * as openpgp from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Call } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { lookPastRowSecurity } from './fixtures/org-canaries.ts'
import { proveAnew, setUpOwner } from './fixtures/people.ts'
import { type Listener, listenMail } from './fixtures/sinks.ts'

const publicUrl = 'https://example.com/gate'
const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const report = { what: 'tenants-leak', impact: 'all keys', reproduction: 'GET /<script>alert(1)</script>' }
const mails: ParsedMail[] = []
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pgp-'))
let server: ComposedServer
let mail: Listener
let operatorKey: openpgp.PrivateKey
let asAdmin: Call

beforeAll(async () => {
  mail = await listenMail(mails)
  const userIDs = [{ email: 'security@example.com' }]
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs, format: 'object' })
  operatorKey = privateKey
  const toFile = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  server = await composeServer({
    GATEHOUSE_PUBLIC_URL: publicUrl,
    GATEHOUSE_ADMINS: 'ann@example.com',
    GATEHOUSE_REPORT_PGP_KEY: toFile('public.asc', publicKey.armor()),
    GATEHOUSE_SECURITY_TEXT_PGP_KEY: toFile('private.asc', privateKey.armor()),
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${mail.port}`,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
  })
  const ann = await setUpOwner(server.client, server.ownerToken)
  await lookPastRowSecurity(server.db)
  await server.db.pool.query('UPDATE platform."user" SET email_verified_at = now()')
  asAdmin = { credential: ann.accessToken, headers: await proveAnew(server.client, ann) }
})
afterAll(async () => {
  await server.stop()
  await mail.stop()
  rmSync(folder, { recursive: true })
})

const read = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
  server.client.send(path, { headers })
const post = (path: string, form: Readonly<Record<string, string>> | string, headers = {}): Promise<Answer> =>
  server.client.send(path, {
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    headers: { ...formType, ...headers },
  })
const ask = <T>(path: string, body?: object, method?: string) =>
  server.client.ask<T>(path, { ...asAdmin, ...(body && { body }), ...(method && { method }) })

async function readFields(): Promise<ReadonlyMap<string, string>> {
  const { status, text, headers } = await read('/.well-known/security.txt')
  expect({ status, type: headers.get('content-type') }).toEqual({
    status: 200,
    type: 'text/plain; charset=utf-8',
  })
  const lines = text.trimEnd().split('\n')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
}

async function send(form: Readonly<Record<string, string>>) {
  const { status, text } = await post('/security/report', form)
  expect({ status, text: status === 201 ? '' : text }).toEqual({ status: 201, text: '' })
  const [, reference = ''] = /<code id="reference">([^<]+)</.exec(text) ?? []
  const [, code = ''] = /<code id="code">([^<]+)</.exec(text) ?? []
  return { reference, code, text }
}

describe('security-text-is-valid-and-renews-itself', () => {
  it('security.txt names a contact, itself, and a policy that is served', async () => {
    const fields = await readFields()
    expect(fields.get('Contact')).toBe('mailto:security@example.com')
    expect(fields.get('Canonical')).toBe(`${publicUrl}/.well-known/security.txt`)
    for (const name of ['Policy', 'Acknowledgments']) {
      const link = fields.get(name) ?? ''
      expect(link.startsWith(`${publicUrl}/`)).toBe(true)
      const page = await read(link.slice(publicUrl.length))
      expect({ status: page.status, type: page.headers.get('content-type') }).toEqual({
        status: 200,
        type: 'text/html; charset=utf-8',
      })
    }
  })

  it('it is signed by the key of the operator, and names the one to encrypt to', async () => {
    const { text } = await read('/.well-known/security.txt')
    const message = await openpgp.readCleartextMessage({ cleartextMessage: text })
    const { signatures } = await openpgp.verify({ message, verificationKeys: operatorKey.toPublic() })
    expect(await signatures[0]?.verified).toBe(true)
    expect(message.getText()).toContain(`Contact: ${publicUrl}/security/report`)
    const encryption = (await readFields()).get('Encryption') ?? ''
    const served = await read(encryption.slice(publicUrl.length))
    expect(served.headers.get('content-type')).toBe('application/pgp-keys')
    const key = await openpgp.readKey({ armoredKey: served.text })
    expect({ id: key.getFingerprint(), isPrivate: key.isPrivate() }).toEqual({
      id: operatorKey.getFingerprint(),
      isPrivate: false,
    })
  })
})

it('the policy that is served is the one of the repository, and security.txt says its date, too', async () => {
  const file = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8')
  const [said = '', date = ''] = /Last updated: (\d{4}-\d\d-\d\d)/.exec(file) ?? []
  expect(date).not.toBe('')
  expect((await read('/docs/security')).text).toContain(said)
  expect((await read('/.well-known/security.txt')).text).toContain(`last updated on ${date}.`)
})

describe('weaknesses-are-reported-without-an-account', () => {
  it.each([
    ['en', 'Report a weakness', {}],
    ['ja', '脆弱性の報告', { 'accept-language': 'ja' }],
  ])('the form is a page without a script, in %s', async (language, title, headers) => {
    const { status, text, headers: answered } = await read('/security/report', headers)
    expect(status).toBe(200)
    expect(text).toContain(`<html lang="${language}">`)
    expect(text).toContain(`<h1>${title}</h1>`)
    expect(text).not.toMatch(/<script|\son\w+=/)
    expect(answered.get('content-security-policy')).toContain("default-src 'none'")
    for (const [, id = ''] of text.matchAll(/<label for="(\w+)"/g)) expect(text).toContain(`id="${id}"`)
  })

  it('the answer is a reference, a code and both dates; the code shows how far the case is', async () => {
    const { reference, code, text } = await send(report)
    expect(text.match(/<time /g)).toHaveLength(2)
    const place = `/security/report/${reference}`
    expect((await read(place)).text).toContain('name="code"')
    const found = await post(place, { code })
    expect({ status: found.status, says: found.text.includes(reference) }).toEqual({
      status: 200,
      says: true,
    })
    expect(found.text).not.toContain('tenants-leak')
    const wrong = await post(place, { code: `${code}x` })
    const unknown = await post('/security/report/GH-BCDFGHJK', { code })
    expect(wrong.status).toBe(404)
    expect(wrong.text).toBe(unknown.text)
  })

  it.each<[what: string, form: Readonly<Record<string, string>> | string, field: string]>([
    ['nothing', {}, 'what'],
    ['no reproduction', { ...report, reproduction: ' ' }, 'reproduction'],
    ['U+0000', `what=a%00b&impact=x&reproduction=y`, 'what'],
    ['too long a text', { ...report, impact: 'x'.repeat(12_001) }, 'impact'],
    ['a credit without a name', { ...report, credit: 'yes' }, 'name'],
    ['another value of a box', { ...report, credit: 'no' }, 'credit'],
    ['a field that there is not', { ...report, admin: '1' }, 'admin'],
  ])('of %s it is said which field is wrong, and what was written stays', async (_what, form, field) => {
    const { status, text } = await post('/security/report', form)
    expect({ status, names: text.includes(`href="#${field}"`) }).toEqual({ status: 400, names: true })
    expect(text).not.toContain('<script')
    if (text.includes('GET /')) expect(text).toContain('GET /&lt;script&gt;')
  })

  it('what is wrong is said in the language of the page', async () => {
    const { text } = await post('/security/report?lang=ja', {
      ...report,
      what: 'x'.repeat(12_001),
      impact: '',
    })
    expect(text).toContain('が 12000 文字を超えています')
    expect(text).toContain('が入力されていません')
    expect(text).not.toMatch(/is missing|must be|required/)
  })

  it('halves of characters arrive as what replaces them, and JSON is no form', async () => {
    await send({ ...report, what: '\uD800 half' })
    await post('/security/report', 'what=%ED%A0%80&impact=%zz&reproduction=x').then(({ status }) =>
      expect(status).toBe(201),
    )
    expect((await post('/security/report', JSON.stringify(report))).status).toBe(400)
  })

  it('a megabyte is answered by a page that says so, and no case is opened', async () => {
    const count = async () => (await ask<{ cases: unknown[] }>('/admin/disclosure-cases')).cases.length
    const before = await count()
    const { status, text } = await post('/security/report', { ...report, what: 'x'.repeat(1_048_576) })
    expect({ status, says: text.includes('longer than the form can carry') }).toEqual({
      status: 413,
      says: true,
    })
    expect(await count()).toBe(before)
  })

  it('from one address the eleventh report within an hour is refused; from another it is not', async () => {
    const from = (address: string) => post('/security/report', report, { 'x-forwarded-for': address })
    const statuses: number[] = []
    for (let sent = 0; sent < 11; sent += 1) statuses.push((await from('203.0.113.9')).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 429])
    expect((await from('203.0.113.10')).status).toBe(201)
  })
})

it('reports-travel-encrypted: the mail to the operator opens with their key alone, and says nothing in clear', async () => {
  const { reference } = await send({ ...report, what: 'only-for-the-operator' })
  const sent = await eventually('the operator is mailed', () =>
    mails.find(({ subject }) => subject?.includes(reference)),
  )
  expect(`${sent.text}${String(sent.html)}`).not.toContain('only-for-the-operator')
  const [armoredMessage = ''] =
    /-----BEGIN PGP MESSAGE-----[\s\S]+-----END PGP MESSAGE-----/.exec(sent.text ?? '') ?? []
  const message = await openpgp.readMessage({ armoredMessage })
  const { data } = await openpgp.decrypt({ message, decryptionKeys: operatorKey })
  expect(data).toContain('only-for-the-operator')
})

it('an encrypted message alone is a report', async () => {
  const message = await openpgp.createMessage({ text: 'all of it' })
  const encryptionKeys = operatorKey.toPublic()
  const what = String(await openpgp.encrypt({ message, encryptionKeys, format: 'armored' }))
  const { reference } = await send({ what })
  const { cases } = await ask<{ cases: { id: string; reference: string }[] }>('/admin/disclosure-cases')
  const id = cases.find((one) => one.reference === reference)?.id ?? ''
  const found = await ask<{ report: { what: string } }>(`/admin/disclosure-cases/${id}`)
  expect(found.report.what.trim()).toBe(what.replaceAll('\r\n', '\n').trim())
})

it('whoever reported is named beside those of the file, as text', async () => {
  const { reference } = await send({ ...report, credit: 'yes', name: 'Fin <b>Der</b>' })
  const { cases } = await ask<{ cases: { id: string; reference: string }[] }>('/admin/disclosure-cases')
  const one = `/admin/disclosure-cases/${cases.find((found) => found.reference === reference)?.id ?? ''}`
  await ask(`${one}/acknowledge`, {}, 'POST')
  await ask(`${one}/severity`, { severity: 'high' }, 'PUT')
  await ask(`${one}/fix`, {}, 'POST')
  await ask(`${one}/credit`, { what: 'Keys of others were read' })
  await ask(`${one}/close`, { outcome: 'fixed' })
  const { text } = await read('/docs/hall-of-fame')
  expect(text).toContain('Fin &lt;b&gt;Der&lt;/b&gt;')
  expect(text).toContain('Keys of others were read')
})

it('public-reports-are-pages-without-a-script: what was published is there in both languages, and nothing else', async () => {
  const body = { title: 'Internal name', severity: 'high', data: 'names' }
  const { incident } = await ask<{ incident: { id: string } }>('/admin/security-incidents', body)
  const admin = `/admin/security-incidents/${incident.id}`
  const page = `/security/incidents/${incident.id}`
  expect((await read(page)).status).toBe(404)
  await ask(admin, { orgs: [] }, 'PATCH')
  await ask(`${admin}/contain`, { how: 'Switched off' })
  const en = { title: 'Names <i>were</i> read', happened: 'One.\n\nTwo.', countermeasures: 'Three.' }
  const ja = { title: '名前が読まれました', happened: '一。', countermeasures: '三。' }
  await ask(`${admin}/report`, { report: { en, ja } }, 'PUT')
  await ask(`${admin}/close`, {})
  const english = await read(page)
  expect(english.text).toContain('<h1>Names &lt;i&gt;were&lt;/i&gt; read</h1>')
  for (const hidden of ['Internal name', 'Switched off', '<script'])
    expect(english.text).not.toContain(hidden)
  expect((await read(`${page}?lang=ja`)).text).toContain(`<h1>${ja.title}</h1>`)
  expect((await read('/security/incidents', { 'accept-language': 'ja' })).text).toContain(ja.title)
  const { timeline } = await ask<{ timeline: { action: string }[] }>(admin)
  expect(timeline.map(({ action }) => action)).toEqual(
    ['open', 'change', 'contain', 'publish', 'close'].map((step) => `security_incident.${step}`),
  )
})
