import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeCertificate } from './fixtures/certificate.ts'
import { type Client, createClient } from './fixtures/client.ts'
import { dumpDatabase, formsOf } from './fixtures/dump-database.ts'
import { eventually } from './fixtures/eventually.ts'
import { useFactors } from './fixtures/factor-secrets.ts'
import { createKey, password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenHttp, listenMail } from './fixtures/sinks.ts'
import { type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

const channelSecret = 'whsec_Y2FuYXJ5LW9mLWEtY2hhbm5lbC1zZWNyZXQtMDAwMQ=='
const monitorBearer = 'canary-bearer-of-a-monitor-1'
const monitorPassword = 'canary-password-of-a-monitor-2'
const wrongPassword = 'canary wrong password 3'
const relayUser = 'canary-user-of-the-relay'
const relayPassword = 'canary-password-of-the-relay-4'
const publicUrl = 'https://gate.example.com'
/** What is no secret, and must be found: the search works. */
const plain = { email: 'ann@example.com', monitor: 'plain-monitor-name' }

const mails: ParsedMail[] = []
const relayPasswords: unknown[] = []
let folder: string
let database: TestDatabase
let receiver: Listener
let mail: Listener
let server: SpawnedServer
let client: Client

beforeAll(async () => {
  database = await testDatabase()
  receiver = await listenHttp((_request, response) => response.end('ok'))
  // A mail server is shown a password only over TLS.
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-relay-'))
  const certificate = makeCertificate('127.0.0.1')
  await writeFile(join(folder, 'relay.pem'), certificate.cert)
  mail = await listenMail(mails, {
    ...certificate,
    secure: true,
    authOptional: false,
    onAuth: ({ password: given }, _session, done) => {
      relayPasswords.push(given)
      // Refused at first: what a failure is logged with is as public as anything.
      if (relayPasswords.length === 1) done(new Error('Try again'))
      else done(null, { user: relayUser })
    },
  })
  server = await spawnServer({
    DATABASE_URL: database.url.reveal(),
    GATEHOUSE_LOG_LEVEL: 'debug',
    GATEHOUSE_TRUSTED_PROXY_HOPS: '1',
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}`,
    SMTP_URL: `smtps://${relayUser}:${relayPassword}@127.0.0.1:${mail.port}`,
    NODE_EXTRA_CA_CERTS: join(folder, 'relay.pem'),
    GATEHOUSE_PUBLIC_URL: publicUrl,
  })
  client = createClient(server.origin)
})
afterAll(async () => {
  await server.stop()
  await Promise.all([receiver.stop(), mail.stop()])
  await database.drop()
  await rm(folder, { recursive: true })
})

/** Uses every kind of secret, well and badly, and returns what must be found nowhere. */
async function useSecrets(): Promise<readonly string[]> {
  const owner = await setUpOwner(client, server.ownerToken)
  const credential = await createKey(client, owner)
  const make = (path: string, body: object) =>
    client.ask<Record<string, { id: string }>>(`/api/v1/${path}`, { credential, body })
  const url = `http://127.0.0.1:${receiver.port}/`
  const { monitor } = await make('monitors', {
    type: 'http',
    name: plain.monitor,
    config: { url, auth: { bearer: monitorBearer } },
  })
  await make('monitors', {
    type: 'http',
    config: { url, auth: { basic: { user: 'ann', password: monitorPassword } } },
  })
  const { channel } = await make('notification-channels', {
    type: 'webhook',
    name: 'hook',
    config: { url, secret: channelSecret },
  })
  await make('notification-channels', {
    type: 'email',
    name: 'mail',
    config: { email: 'oncall@example.com' },
  })
  const linkToken = await eventually(
    'the verification mail arrives',
    () => /verify\?token=(\S+)/.exec(mails.map(({ text }) => text).join('\n'))?.[1],
  )
  await client.ask(`/api/v1/notification-channels/${channel?.id}/test`, { method: 'POST', credential })
  await client.ask(`/api/v1/monitors/${monitor?.id}/check`, { method: 'POST', credential })
  const { url: pingUrl } = await heartbeat(credential)
  const renewed = await client.ask<{ refreshToken: string; accessToken: string }>('/auth/refresh', {
    body: { refreshToken: owner.refreshToken },
  })
  const { data: invited } = await client.ask<{ data: { token: string } }>('/dashboard/team/invitations', {
    credential: renewed.accessToken,
    headers: await proveAnew(client, renewed),
    body: { role: 'viewer', email: 'bob@example.com' },
  })
  // Refusals too: what was sent wrongly is as secret as what was sent well.
  await client.send('/auth/login', { body: { email: plain.email, password: wrongPassword } })
  await client.send('/auth/login', { body: `{"password": "${wrongPassword}", ` })
  await client.send('/api/v1/monitors', { credential: `${credential.slice(0, -1)}x` })
  const device = await useDevice(renewed)
  const factors = await useFactors(client, renewed, plain.email, publicUrl)
  expect(relayPasswords).toContain(relayPassword)
  const given = [password, wrongPassword, credential, channelSecret, monitorBearer, monitorPassword]
  const sessions = [owner.accessToken, owner.refreshToken, renewed.accessToken, renewed.refreshToken]
  const links = [server.ownerToken, linkToken, invited.token, pingUrl.split('/').at(-1) ?? '']
  return [...given, relayPassword, ...sessions, ...links, ...device, ...factors]
}

/** Proves the person's address, and lets a device in that asks for a key of theirs. */
async function useDevice(person: Pick<SignedIn, 'accessToken'>): Promise<readonly string[]> {
  const credential = person.accessToken
  const post = <T>(path: string, body: unknown) => client.ask<T>(path, { method: 'POST', credential, body })
  await post('/dashboard/account/send-verification', '')
  const proof = await eventually('the mail with the proof of the address arrives', () =>
    mails
      .filter(({ to }) => [to ?? []].flat()[0]?.text === plain.email)
      .map(({ text }) => /token=([\w-]{43})/.exec(text ?? '')?.[1])
      .findLast((token) => token !== undefined),
  )
  await client.ask('/auth/verify-email', { body: { token: proof } })
  const { deviceCode, userCode } = await client.ask<{ deviceCode: string; userCode: string }>(
    '/auth/device/code',
    { body: { client: 'cli' } },
  )
  const wrongCode = 'CNRY-CDXX'
  await client.send(`/dashboard/device/${wrongCode}`, { credential })
  await client.ask(`/dashboard/device/${userCode}`, { credential })
  const headers = await proveAnew(client, person)
  await client.ask('/dashboard/device/approve', { credential, headers, body: { userCode } })
  const { apiKey } = await client.ask<{ apiKey: string }>('/auth/device/token', { body: { deviceCode } })
  const codes = [userCode, wrongCode].flatMap((code) => [code, code.replace('-', '')])
  return [proof, deviceCode, apiKey, ...codes]
}

async function heartbeat(credential: string): Promise<{ url: string }> {
  const { monitor } = await client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
    credential,
    body: { type: 'heartbeat', name: 'nightly', config: {} },
  })
  const path = `/api/v1/monitors/${monitor.id}/heartbeat-url`
  const reply = await client.ask<{ url: string }>(path, { credential })
  expect((await client.send(new URL(reply.url).pathname)).status).toBe(200)
  return reply
}

it('secrets-never-reach-logs-or-dumps: no secret is in the log or in a dump of the database', async () => {
  const secrets = await useSecrets()
  // The code that a person types into another screen is the shortest: eight letters.
  expect(secrets.filter((secret) => secret.length < 8)).toEqual([])
  const rows = await dumpDatabase(database.url)
  expect(rows).toContain(plain.email)
  expect(rows).toContain(plain.monitor)
  // The link is for the person at the terminal, and is the one line that is not of the log.
  const log = server.output().replace(/^Create the owner account.*$/m, '')
  expect(log).toContain('/api/v1/monitors')
  for (const secret of secrets)
    for (const form of formsOf(secret)) {
      expect(log).not.toContain(form)
      expect(rows).not.toContain(form)
    }
})
