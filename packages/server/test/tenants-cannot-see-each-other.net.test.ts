import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ServiceModule } from '../src/service/define-service.ts'
import { services } from '../src/services.ts'
import type { Client } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { furnishDisclosure } from './fixtures/furnish-disclosure.ts'
import { connectMcp } from './fixtures/mcp-client.ts'
import { foundSecondOrg, join, password, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { unpackArchive } from './fixtures/unpack-archive.ts'
import {
  askForEverything,
  type Furnished,
  furnishService,
  type Guarded,
  guardedOf,
  toStrangersCall,
  unknownUlid,
} from './fixtures/walk-tenants.ts'

const canary = 'canary-of-acme'
const anHourAgo = new Date(Date.now() - 3_600_000).toISOString()
const soon = new Date(Date.now() + 3_600_000).toISOString()

let server: ComposedServer
let client: Client
let acmeKey: string
/** What Acme owns, by the part of the API that holds it. */
const acme = new Map<string, Furnished>()
/** How the other organisation proves itself. */
let bob: SignedIn

beforeAll(async () => {
  // No mail leaves in this test, but some refusals come before the look-up when no mail server is set.
  server = await composeServer(
    { SMTP_URL: 'smtp://mail.invalid' },
    // Whether someone has just proven themselves anew is another test's matter.
    { createSudoTokens: () => ({ sign: async () => 'sudo', verify: async () => true }) },
  )
  client = server.client
  const ann = await setUpOwner(client, server.ownerToken)
  bob = await toStranger(ann)
  for (const service of services) {
    const { ownKey, ...furnished } = await furnishService(client, service, canary, ann, bob)
    acme.set(service.name, furnished)
    if (service.name === 'uptime') acmeKey = ownKey
  }
  acme.set('platform', { ids: await furnishPlatform(ann), bodies, strangerKey: '', strangerLink: '' })
})
afterAll(() => server.stop())

/** Someone who was in Acme once, and is in an organisation of their own now. */
async function toStranger(ann: SignedIn): Promise<SignedIn> {
  const former = await join(client, ann, 'member')
  const { user } = await foundSecondOrg(client, former)
  await client.ask(`/dashboard/team/members/${former.user.id}`, {
    method: 'DELETE',
    credential: ann.accessToken,
    headers: { 'x-sudo-token': 'sudo' },
  })
  const back = await client.ask<SignedIn>('/auth/login', { body: { email: 'member@example.com', password } })
  expect(back.user.teamId).toBe(user.teamId)
  return back
}

/** One of everything that people make, besides what the services hold. */
async function furnishPlatform(ann: SignedIn): Promise<Readonly<Record<string, string>>> {
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
    headers: { 'x-sudo-token': 'sudo' },
    body: { url: 'https://93.184.216.34/', events: ['key.created'], description: canary },
  })
  const { deliveryId } = await client.ask<{ deliveryId: string }>(`/dashboard/webhooks/${webhook.id}/test`, {
    method: 'POST',
    credential,
  })
  const { sessions } = await client.ask<{ sessions: { id: string }[] }>('/dashboard/sessions', { credential })
  return {
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
    ...(await furnishDisclosure(server.db, ann.user.teamId, canary)),
  }
}

function idOf(made: { readonly id: string } | undefined): string {
  if (made === undefined) throw new Error('It was not made')
  return made.id
}

/** A body that would do, were the id one's own, by the endpoint's id. */
const bodies: Readonly<Record<string, object>> = {
  updateApiKey: { name: 'x' },
  changeRole: { role: 'viewer' },
  confirmTotp: { code: '000000' },
  updateWebhook: { description: 'x' },
  replayWebhooks: { from: anHourAgo, to: soon },
  adminChangeSecurityIncident: { title: 'x' },
  adminContainSecurityIncident: { how: 'x' },
  adminPreviewSecurityNotice: { message: { en: 'x' } },
  adminNotifyAffected: { message: { en: 'x' } },
  adminPublishIncidentReport: {
    report: { en: { title: 'x', happened: 'x', countermeasures: 'x' } },
  },
  adminCloseSecurityIncident: {},
  adminJudgeReport: { severity: 'low' },
  adminCreditReporter: { what: 'x' },
  adminCloseCase: { outcome: 'duplicate' },
}

function idOfAcme(segment: string): string {
  const id = acme.get('uptime')?.ids[segment]
  if (id === undefined) throw new Error(`Acme has none of ${segment}`)
  return id
}

function furnishedOf({ name }: ServiceModule): Furnished {
  return acme.get(name) ?? { ids: {}, bodies: {}, strangerKey: '', strangerLink: '' }
}

it("tenants-cannot-see-each-other: another organisation's id is answered exactly like one that never existed, at every endpoint", async () => {
  const asked = []
  for (const service of server.services)
    asked.push(
      ...(await askForEverything(client, service, furnishedOf(service), bob.accessToken, server.passMinute)),
    )
  expect(asked.length).toBeGreaterThan(40)
  for (const { theirs, unknown, ...place } of asked)
    expect({ ...place, ...theirs }).toEqual({ ...place, status: 404, text: unknown.text })
})

/** The whole reply; of an archive, what is in its files. */
async function readList(
  service: ServiceModule,
  endpoint: Guarded,
): Promise<{ readonly text: string; readonly status: number }> {
  const { reply, path } = endpoint
  const call = toStrangersCall(service, endpoint, furnishedOf(service), bob.accessToken)
  if (!('mediaType' in reply) || reply.mediaType !== 'application/gzip') return client.send(path, call)
  const headers = { authorization: `Bearer ${call.credential}`, ...call.headers }
  const response = await fetch(`${server.origin}${path}`, { headers })
  const files = await unpackArchive(Buffer.from(await response.arrayBuffer()))
  expect(files.size).toBeGreaterThan(10)
  return { text: [...files.values()].map(String).join('\n'), status: response.status }
}

/** For members who are operators, too: nobody here is one. */
const ofOperators = new Set([
  'dashboardGetOwnRecord',
  'dashboardListOwnInteractions',
  'dashboardListOwnViews',
  'dashboardListAuthenticators',
])

it('tenants-cannot-see-each-other: no list shows anything of another organisation', async () => {
  // A person's own export says where they once were; its own test proves that it says no more.
  const lists = server.services.flatMap((service) =>
    guardedOf(service)
      .filter(
        ({ id, method, path, reply }) =>
          method === 'GET' && !path.includes('{') && id !== 'exportAccount' && !('socket' in reply),
      )
      .map((endpoint) => ({ service, endpoint })),
  )
  const secrets = [canary, ...[...acme.values()].flatMap(({ ids }) => Object.values(ids))]
  expect(lists.length).toBeGreaterThan(10)
  for (const { service, endpoint } of lists) {
    const { text, status } = await readList(service, endpoint)
    // Lists over all organisations do not exist for people whom the operator has not named.
    const isOfInstance = endpoint.access.kind === 'session' && endpoint.access.instanceAdmin === true
    const expected =
      'socket' in endpoint.reply ? 426 : isOfInstance || ofOperators.has(endpoint.id) ? 404 : 200
    expect({ path: endpoint.path, status }).toEqual({ path: endpoint.path, status: expected })
    const shown = secrets.filter((secret) => text.includes(secret))
    expect({ path: endpoint.path, shown }).toEqual({ path: endpoint.path, shown: [] })
  }
})

it('tenants-cannot-see-each-other: every MCP tool answers for an id of another organisation as for one that never was, and shows nothing of theirs', async () => {
  const secrets = [canary, ...[...acme.values()].flatMap(({ ids }) => Object.values(ids))]
  let asked = 0
  for (const service of server.services) {
    const { ids, bodies: own, strangerKey } = furnishedOf(service)
    const tools = service.endpoints.flatMap(({ endpoint }) =>
      endpoint.tool === undefined || endpoint.handledBy !== undefined || endpoint.deprecated === true
        ? []
        : [{ name: endpoint.tool.name, what: endpoint.tool.what, endpoint }],
    )
    if (tools.length === 0) continue
    const mcp = await connectMcp(server.origin, strangerKey)
    for (const { name, what, endpoint } of tools) {
      server.passMinute()
      const body: object = own[endpoint.id] ?? endpoint.example?.body ?? {}
      const call = async (pick: (segment: string) => string) => {
        const params = [...endpoint.path.matchAll(/([\w-]+)\/\{(\w+)\}/g)]
        const named = params.map(([, segment = '', param = '']) => [param, pick(segment)] as const)
        const { data } = await mcp.call(name, {
          ...(what === undefined ? {} : { what }),
          ...Object.fromEntries(named),
          ...body,
        })
        return withoutNews(data)
      }
      const theirs = await call((segment) => ids[segment] ?? unknownUlid)
      const unknown = await call(() => unknownUlid)
      if (endpoint.path.includes('{')) expect({ name, ...theirs }).toEqual({ name, ...unknown, status: 404 })
      const text = JSON.stringify(theirs)
      expect({ name, shown: secrets.filter((secret) => text.includes(secret)) }).toEqual({ name, shown: [] })
      asked += 1
    }
    await mcp.close()
  }
  expect(asked).toBeGreaterThan(12)
})

/** What differs from call to call, whoever asks: the id of the request, and the time. */
function withoutNews(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(data)
    .replaceAll(/req_\w+/g, 'REQUEST')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
  // Safe: it was an object, and a few words of its texts are replaced.
  return JSON.parse(text) as Readonly<Record<string, unknown>>
}

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
    const credential = acme.get('uptime')?.strangerKey
    const ask = (id: string) => client.send(path, { credential, body: toBody(id) })
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
