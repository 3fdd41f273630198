import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'

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

it.each(['a b', 'x'.repeat(256), 'ü'])('the Idempotency-Key %j is refused by name', async (given) => {
  const { status, text } = await server.client.send('/api/v1/monitors', {
    credential: key,
    body: monitor,
    headers: { 'idempotency-key': Buffer.from(given, 'utf8').toString('latin1') },
  })
  expect(status).toBe(400)
  expect(text).toContain('Idempotency-Key')
})
