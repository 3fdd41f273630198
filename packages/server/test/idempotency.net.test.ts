import { query, within } from '@gatehouse/kernel/db'
import { provesIdentity } from '@gatehouse/kernel/endpoint'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { listFields } from './fixtures/list-fields.ts'
import { createKey, password, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let key: string
const sudo = { 'x-sudo-token': 'sudo' }

beforeAll(async () => {
  server = await composeServer(
    {},
    // Whether someone has just proven themselves anew is another test's matter.
    { createSudoTokens: () => ({ sign: async () => 'sudo', verify: async () => true }) },
  )
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann)
})
afterAll(() => server.stop())

const post = (path: string, body: object, idempotencyKey: string, credential = key) =>
  server.client.send(path, {
    credential,
    body,
    headers: { ...sudo, 'idempotency-key': idempotencyKey },
  })
const monitor = { type: 'heartbeat', name: 'Nightly', config: {} }

async function countMonitors(): Promise<number> {
  const { monitors } = await server.client.ask<{ monitors: object[] }>('/api/v1/monitors', {
    credential: key,
  })
  return monitors.length
}

it('a POST that is sent again under its Idempotency-Key is answered the same and done once', async () => {
  const before = await countMonitors()
  const first = await post('/api/v1/monitors', monitor, 'create-1')
  const again = await post('/api/v1/monitors', monitor, 'create-1')
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.text).toBe(first.text)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(first.headers.get('idempotency-replayed')).toBeNull()
  expect(await countMonitors()).toBe(before + 1)
})

it('twenty twins at once make one monitor; each is answered, or told that the first is under way', async () => {
  const before = await countMonitors()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post('/api/v1/monitors', monitor, 'create-20')),
  )
  expect(new Set(answers.map(({ status }) => status)).isSubsetOf(new Set([201, 409]))).toBe(true)
  expect(await countMonitors()).toBe(before + 1)
  const [busy] = answers.filter(({ status }) => status === 409)
  if (busy !== undefined) expect(busy.text).toContain('IDEMPOTENCY_KEY_BUSY')
})

it('another body under the same key is refused with 422 and names the header', async () => {
  await post('/api/v1/monitors', monitor, 'create-2')
  const { status, text } = await post('/api/v1/monitors', { ...monitor, name: 'Other' }, 'create-2')
  expect(status).toBe(422)
  expect(text).toContain('Idempotency-Key')
})

it('what was refused can be put right and sent again under the same key', async () => {
  const wrong = await post(
    '/api/v1/monitors',
    { ...monitor, serviceId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
    'retry',
  )
  expect(wrong.status).toBeGreaterThanOrEqual(400)
  expect((await post('/api/v1/monitors', monitor, 'retry')).status).toBe(201)
})

it('a replay never shows a key in clear', async () => {
  const wish = { name: 'CI', service: 'uptime', scopes: ['read'] }
  const first = await post('/dashboard/api-keys', wish, 'key-1', ann.accessToken)
  const again = await post('/dashboard/api-keys', wish, 'key-1', ann.accessToken)
  expect([first.status, again.status]).toEqual([201, 201])
  const { key: shown } = (JSON.parse(first.text) as { apiKey: { key: string; id: string } }).apiKey
  expect(shown).toMatch(/^mk_/)
  expect(again.text).not.toContain(shown)
  expect(again.text).toBe(first.text.replace(shown, '***'))
})

it('every POST that answers with a secret says which members hold it, so that a replay can mask them', () => {
  const silent = server.services
    .flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint))
    .filter(
      ({ method, access, revealsSecret }) => method === 'POST' && access.kind !== 'public' && revealsSecret,
    )
    .filter(({ secretMembers = [] }) => secretMembers.length === 0)
  expect(silent.map(({ id }) => id)).toEqual([])
})

/** Whatever is named like a proof, and is none: no one is let in by it. */
const noProofs: Readonly<Record<string, string>> = {
  sendEmailCode: 'asks for a code, and holds none',
  credential_id: 'names the authenticator that signed a decision: public, and no one is let in by it',
  secret: 'brought along to sign webhooks with, and not used: the server makes its own',
  bot_token: 'lets Gatehouse write in a chat elsewhere: no one is let in here by it',
  reason_code: 'says why a reviewer decided as they did',
  proof: 'of a decision, good once and for nothing else: no one is let in by it',
}
const soundsLikeProof = /pass|token|code|otp|proof|secret|assertion|credential/i

it('every body that can hold a proof of who somebody is says so, and none of those is remembered', () => {
  const proving = server.services
    .flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint))
    .filter(({ method }) => method !== 'GET')
    .flatMap(({ id, body, query: search }) =>
      [body, search].flatMap((schema) => {
        if (schema === undefined) return []
        const names = listFields(schema).flatMap(({ name }) => (soundsLikeProof.test(name) ? [name] : []))
        return names.map((name) => ({ id, name, isMarked: provesIdentity({ body: schema }) }))
      }),
    )
  expect(proving.length).toBeGreaterThan(15)
  expect(proving.filter(({ name, isMarked }) => !isMarked && noProofs[name] === undefined)).toEqual([])
})

it('proofs-leave-no-trace: a proof is not remembered, though it comes under an Idempotency-Key', async () => {
  const rows = () =>
    within(server, { kind: 'system', orgId: ann.user.teamId, because: 'test' }, async (tx) => {
      const { rows: found } = await sql<{
        endpoint: string
      }>`SELECT endpoint FROM gatehouse.idempotency`.execute(query(tx))
      return found.map(({ endpoint }) => endpoint)
    })
  const before = await rows()
  const attempts: readonly (readonly [path: string, body: object])[] = [
    ['/dashboard/sudo/verify', { password }],
    ['/dashboard/sudo/verify', { totpCode: '123456' }],
    ['/dashboard/device/approve', { userCode: 'BCDF-GHJK' }],
    ['/dashboard/account/change-email', { newEmail: 'new@example.com', password }],
    ['/dashboard/account/delete', { code: '12345678' }],
    ['/dashboard/account/change-password', { currentPassword: 'something else', newPassword: 'x' }],
  ]
  for (const [path, body] of attempts) await post(path, body, 'proof-1', ann.accessToken)
  expect(await rows()).toEqual(before)
  const proofs = [
    await post('/dashboard/sudo/verify', { password }, 'proof-2', ann.accessToken),
    await post('/dashboard/sudo/verify', { password: 'something else' }, 'proof-2', ann.accessToken),
  ]
  expect(proofs.map(({ status }) => status)).toEqual([200, 403])
})

it.each(['a b', 'x'.repeat(256), 'ü'])('the Idempotency-Key %j is refused by name', async (given) => {
  const { status, text } = await server.client.send('/api/v1/monitors', {
    credential: key,
    body: monitor,
    headers: { 'idempotency-key': Buffer.from(given, 'utf8').toString('latin1') },
  })
  expect(status).toBe(400)
  expect(text).toContain('Idempotency-Key')
})
