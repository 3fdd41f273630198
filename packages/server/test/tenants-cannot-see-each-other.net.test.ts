import type { BoundEndpoint } from '@gatehouse/kernel/endpoint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Call, Client } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { unpackArchive } from './fixtures/unpack-archive.ts'
import { createKey, foundSecondOrg, join, password, setUpOwner, type SignedIn } from './fixtures/people.ts'

const unknownUlid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const unknownUuid = '7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d'
const canary = 'canary-of-acme'
const anHourAgo = new Date(Date.now() - 3_600_000).toISOString()
const soon = new Date(Date.now() + 3_600_000).toISOString()

let server: ComposedServer
let client: Client
let acmeKey: string
/** What Acme owns, by the segment of the path that its id follows. */
let acme: Readonly<Record<string, string>>
/** How the other organisation proves itself at either door. */
let stranger: Readonly<Record<'key' | 'session', string>>

beforeAll(async () => {
  // No mail leaves in this test, but some refusals come before the look-up when no mail server is set.
  server = await composeServer(
    { SMTP_URL: 'smtp://mail.invalid' },
    // Whether someone has just proven themselves anew is another test's matter.
    { createSudoTokens: () => ({ sign: async () => 'sudo', verify: async () => true }) },
  )
  client = server.client
  const ann = await setUpOwner(client, server.ownerToken)
  const bob = await toStranger(ann)
  acmeKey = await createKey(client, ann)
  acme = await furnish(ann)
  stranger = { key: await createKey(client, bob), session: bob.accessToken }
})
afterAll(() => server.stop())

/** Someone who was in Acme once, and is in an organisation of their own now. */
async function toStranger(ann: SignedIn): Promise<SignedIn> {
  const bob = await join(client, ann, 'member')
  const { user } = await foundSecondOrg(client, bob)
  await client.ask(`/dashboard/team/members/${bob.user.id}`, {
    method: 'DELETE',
    credential: ann.accessToken,
    headers: { 'x-sudo-token': 'sudo' },
  })
  const back = await client.ask<SignedIn>('/auth/login', { body: { email: 'member@example.com', password } })
  expect(back.user.teamId).toBe(user.teamId)
  return back
}

async function furnish(ann: SignedIn): Promise<Readonly<Record<string, string>>> {
  const make = (path: string, body: object) =>
    client.ask<Record<string, { id: string }>>(path, { credential: acmeKey, body })
  const { monitor } = await make('/api/v1/monitors', { type: 'heartbeat', name: canary, config: {} })
  const { service } = await make('/api/v1/services', { name: canary, slug: 'acme' })
  const { incident } = await make('/api/v1/incidents', { title: canary })
  const { channel } = await make('/api/v1/notification-channels', {
    type: 'webhook',
    name: canary,
    config: { url: 'https://93.184.216.34/', secret: canary },
  })
  const credential = ann.accessToken
  const { apiKeys } = await client.ask<{ apiKeys: { id: string }[] }>('/dashboard/api-keys', { credential })
  const { data: invitation } = await client.ask<{ data: { id: string } }>('/dashboard/team/invitations', {
    credential,
    headers: { 'x-sudo-token': 'sudo' },
    body: { role: 'viewer', email: `${canary}@example.com` },
  })
  const app = await client.ask<{ id: string }>('/dashboard/account/factors/totp', {
    method: 'POST',
    credential,
    headers: { 'x-sudo-token': 'sudo' },
  })
  const { webhook } = await client.ask<{ webhook: { id: string } }>('/dashboard/webhooks', {
    credential,
    body: { url: 'https://93.184.216.34/', events: ['key.created'], description: canary },
  })
  const { deliveryId } = await client.ask<{ deliveryId: string }>(`/dashboard/webhooks/${webhook.id}/test`, {
    method: 'POST',
    credential,
  })
  const { sessions } = await client.ask<{ sessions: { id: string }[] }>('/dashboard/sessions', { credential })
  return {
    monitors: idOf(monitor),
    services: idOf(service),
    'status-pages': idOf(service),
    incidents: idOf(incident),
    'notification-channels': idOf(channel),
    'api-keys': idOf(apiKeys[0]),
    members: ann.user.id,
    invitations: invitation.id,
    sessions: idOf(sessions[0]),
    totp: app.id,
    factors: app.id,
    teams: ann.user.teamId,
    orgs: ann.user.teamId,
    webhooks: webhook.id,
    deliveries: deliveryId,
  }
}

function idOf(made: { readonly id: string } | undefined): string {
  if (made === undefined) throw new Error('It was not made')
  return made.id
}

/** A body that would do, were the id one's own, by the endpoint's id. */
const bodies: Readonly<Record<string, object>> = {
  updateMonitor: { name: 'x' },
  setMonitorChannels: { channels: [] },
  startMonitorMaintenance: { maintenanceUntil: soon },
  startServiceMaintenance: { maintenanceUntil: soon },
  startMonitorMaintenanceInService: { maintenanceUntil: soon },
  updateService: { name: 'x' },
  updateIncident: { cause: 'x' },
  addIncidentUpdate: { phase: 'identified', body: 'x' },
  setIncidentVisibility: { visibility: 'hidden' },
  updateChannel: { name: 'x' },
  updateApiKey: { name: 'x' },
  changeRole: { role: 'viewer' },
  confirmTotp: { code: '000000' },
  updateWebhook: { description: 'x' },
  replayWebhooks: { from: anHourAgo, to: soon },
}

type Guarded = BoundEndpoint['endpoint'] & { readonly access: { readonly kind: 'key' | 'session' } }

function guarded(): readonly Guarded[] {
  return server.services.flatMap(({ endpoints }) =>
    endpoints
      .map(({ endpoint }) => endpoint)
      .filter((endpoint): endpoint is Guarded => endpoint.access.kind !== 'public'),
  )
}

function toCall({ id, method, access, path }: Guarded): Call {
  const name = id.replace(/^dashboard(\w)/, (_whole, first: string) => first.toLowerCase())
  const isStart = path.endsWith('/maintenance') && method === 'POST'
  const body = bodies[name] ?? (isStart ? { maintenanceUntil: soon } : undefined)
  const headers = { 'x-sudo-token': 'sudo' }
  return { method, credential: stranger[access.kind], headers, ...(body === undefined ? {} : { body }) }
}

/** The path with an id after each segment that takes one. */
function fill(path: string, pick: (segment: string) => string): string {
  return path.replaceAll(/([\w-]+)\/\{\w+\}/g, (_whole, segment: string) => `${segment}/${pick(segment)}`)
}

function idOfAcme(segment: string): string {
  const id = acme[segment]
  if (id === undefined) throw new Error(`Give Acme one of ${segment}, so that strangers can ask for it`)
  return id
}

it("tenants-cannot-see-each-other: another organisation's id is answered exactly like one that never existed, at every endpoint", async () => {
  // A device belongs to no organisation until someone types its code: that is no id.
  const withIds = guarded().filter(({ path }) => path.includes('{') && !path.includes('{userCode}'))
  expect(withIds.length).toBeGreaterThan(40)
  for (const endpoint of withIds) {
    const { method, path } = endpoint
    server.passMinute()
    const unknown = fill(path, (segment) => (segment === 'teams' ? unknownUuid : unknownUlid))
    const expected = await client.send(unknown, toCall(endpoint))
    const answer = await client.send(fill(path, idOfAcme), toCall(endpoint))
    expect({ method, path, status: answer.status, text: answer.text }).toEqual({
      method,
      path,
      status: 404,
      text: expected.text,
    })
  }
})

/** The whole reply; of an archive, what is in its files. */
async function readList(endpoint: Guarded): Promise<{ readonly text: string; readonly status: number }> {
  const { reply, path } = endpoint
  const call = toCall(endpoint)
  if (!('mediaType' in reply) || reply.mediaType !== 'application/gzip') return client.send(path, call)
  const headers = { authorization: `Bearer ${call.credential}`, ...call.headers }
  const response = await fetch(`${server.origin}${path}`, { headers })
  const files = await unpackArchive(Buffer.from(await response.arrayBuffer()))
  expect(files.size).toBeGreaterThan(10)
  return { text: [...files.values()].map(String).join('\n'), status: response.status }
}

it('tenants-cannot-see-each-other: no list shows anything of another organisation', async () => {
  // A person's own export says where they once were; its own test proves that it says no more.
  const lists = guarded().filter(
    ({ id, method, path }) => method === 'GET' && !path.includes('{') && id !== 'exportAccount',
  )
  expect(lists.length).toBeGreaterThan(10)
  for (const endpoint of lists) {
    const { text, status } = await readList(endpoint)
    // Lists over all organisations do not exist for people whom the operator has not named.
    const isOfInstance = endpoint.access.kind === 'session' && endpoint.access.instanceAdmin === true
    const expected = isOfInstance ? 404 : 200
    expect({ path: endpoint.path, status }).toEqual({ path: endpoint.path, status: expected })
    const shown = [canary, ...Object.values(acme)].filter((secret) => text.includes(secret))
    expect({ path: endpoint.path, shown }).toEqual({ path: endpoint.path, shown: [] })
  }
})

it.each<[promise: string, path: string, toBody: (id: string) => object, segment: string]>([
  [
    'a monitor cannot be put on their status page',
    '/api/v1/monitors',
    (serviceId) => ({ type: 'heartbeat', name: 'x', config: {}, serviceId }),
    'services',
  ],
  [
    'an incident cannot be opened on their status page',
    '/api/v1/incidents',
    (serviceId) => ({ title: 'x', serviceId }),
    'services',
  ],
  [
    'their monitors cannot be put under maintenance in bulk',
    '/api/v1/monitors/bulk/maintenance',
    (id) => ({ monitorIds: [id], maintenanceUntil: soon }),
    'monitors',
  ],
])(
  'tenants-cannot-see-each-other: %s, and the answer is that of an unknown id',
  async (_promise, path, toBody, segment) => {
    const ask = (id: string) => client.send(path, { credential: stranger.key, body: toBody(id) })
    const [theirs, unknown] = [await ask(idOfAcme(segment)), await ask(unknownUlid)]
    expect({ status: theirs.status, text: theirs.text }).toEqual({
      status: unknown.status,
      text: unknown.text,
    })
  },
)

it('tenants-cannot-see-each-other: after all of that Acme still has what it had', async () => {
  for (const segment of ['monitors', 'incidents'])
    expect(
      (await client.send(`/api/v1/${segment}/${idOfAcme(segment)}`, { credential: acmeKey })).text,
    ).toContain(canary)
  const { monitor } = await client.ask<{ monitor: { maintenanceUntil: string | null } }>(
    `/api/v1/monitors/${idOfAcme('monitors')}`,
    { credential: acmeKey },
  )
  expect(monitor.maintenanceUntil).toBeNull()
})
