import { Secret as TotpSecret, TOTP } from 'otpauth'
import { randomUUID } from 'node:crypto'
import { provesIdentity } from '@gatehouse/kernel/endpoint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { tinyImages } from '../src/services/uptime/domain/fixtures/tiny-images.ts'
import { elsewhere } from './fixtures/entries-elsewhere.ts'
import { isAnsweredWithDeed } from './fixtures/is-answered-with-deed.ts'
import { createKey, join, password, setUpOwner, type SignedIn } from './fixtures/people.ts'

type Reply = Readonly<Record<string, unknown>>

/** What earlier steps made, by the names that later ones use. */
type Made = Record<string, string>

type Step = {
  /** The endpoint's id; the dashboard's twin of it takes the same way. */
  readonly id: string
  readonly path: (made: Made) => string
  readonly method?: 'POST' | 'PUT' | 'DELETE'
  readonly body?: (made: Made) => object
  readonly keep?: (reply: Reply, made: Made) => void
}

const soon = new Date(Date.now() + 3_600_000).toISOString()
const later = new Date(Date.now() + 7_200_000).toISOString()
const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
const idIn = (reply: Reply, member: string): string => (reply[member] as { id: string }).id
const keep = (member: string, name: string) => (reply: Reply, made: Made) => {
  made[name] = idIn(reply, member)
}
const maintenance = () => ({ maintenanceUntil: soon })
const at = (path: string) => () => path
const ofMonitor = (rest: string) => (made: Made) => `/api/v1/monitors/${made['monitor']}${rest}`
const ofIncident = (rest: string) => (made: Made) => `/api/v1/incidents/${made['incident']}${rest}`
const ofService = (rest: string) => (made: Made) => `/api/v1/services/${made['service']}${rest}`
const ofChannel = (rest: string) => (made: Made) => `/api/v1/notification-channels/${made['channel']}${rest}`
const ofWindow = (rest: string) => (made: Made) => `/api/v1/maintenance-windows/${made['window']}${rest}`
const ofWebhook = (rest: string) => (made: Made) => `/dashboard/webhooks/${made['webhook']}${rest}`

/** One way through everything that can be decided, in an order in which each step finds what it needs. */
const steps: readonly Step[] = [
  {
    id: 'createMonitor',
    path: at('/api/v1/monitors'),
    body: () => ({ type: 'heartbeat', name: 'x', config: {} }),
    keep: keep('monitor', 'monitor'),
  },
  {
    id: 'deleteMonitors',
    method: 'DELETE',
    path: at('/api/v1/monitors/bulk'),
    body: ({ monitor }) => ({ monitorIds: [monitor] }),
  },
  {
    id: 'createMonitor',
    path: at('/api/v1/monitors'),
    body: () => ({ type: 'heartbeat', name: 'x', config: {} }),
    keep: keep('monitor', 'monitor'),
  },
  { id: 'updateMonitor', method: 'PUT', path: ofMonitor(''), body: () => ({ name: 'y' }) },
  { id: 'rotateToken', method: 'POST', path: ofMonitor('/rotate-token') },
  {
    id: 'createChannel',
    path: at('/api/v1/notification-channels'),
    body: () => ({
      type: 'webhook',
      name: 'x',
      config: { url: 'https://93.184.216.34/', secret: 'a shared secret of theirs' },
    }),
    keep: keep('channel', 'channel'),
  },
  { id: 'updateChannel', method: 'PUT', path: ofChannel(''), body: () => ({ name: 'y' }) },
  {
    id: 'setMonitorChannels',
    method: 'PUT',
    path: ofMonitor('/channels'),
    body: ({ channel }) => ({ channels: [{ id: channel }] }),
  },
  { id: 'startMonitorMaintenance', path: ofMonitor('/maintenance'), body: maintenance },
  { id: 'endMonitorMaintenance', method: 'DELETE', path: ofMonitor('/maintenance') },
  { id: 'startAllMaintenance', path: at('/api/v1/monitors/all/maintenance'), body: maintenance },
  { id: 'endAllMaintenance', method: 'DELETE', path: at('/api/v1/monitors/all/maintenance') },
  {
    id: 'createMaintenanceWindow',
    path: at('/api/v1/maintenance-windows'),
    body: () => ({ scope: 'all', startsAt: soon, endsAt: later }),
    keep: keep('window', 'window'),
  },
  { id: 'updateMaintenanceWindow', method: 'PUT', path: ofWindow(''), body: () => ({ title: 'New disks' }) },
  { id: 'deleteMaintenanceWindow', method: 'DELETE', path: ofWindow('') },
  {
    id: 'changeMonitors',
    method: 'PUT',
    path: at('/api/v1/monitors/bulk'),
    body: ({ monitor }) => ({ monitorIds: [monitor], addTags: ['x'] }),
  },
  {
    id: 'startBulkMaintenance',
    path: at('/api/v1/monitors/bulk/maintenance'),
    body: ({ monitor }) => ({ monitorIds: [monitor], maintenanceUntil: soon }),
  },
  {
    id: 'endBulkMaintenance',
    method: 'DELETE',
    path: at('/api/v1/monitors/bulk/maintenance'),
    body: ({ monitor }) => ({ monitorIds: [monitor] }),
  },
  {
    id: 'createService',
    path: at('/api/v1/services'),
    body: () => ({ name: 'x', slug: 'first-page' }),
    keep: keep('service', 'service'),
  },
  {
    id: 'createStatusPage',
    path: at('/api/v1/status-pages'),
    body: () => ({ name: 'x', slug: 'second-page' }),
  },
  { id: 'updateService', method: 'PUT', path: ofService(''), body: () => ({ name: 'y' }) },
  {
    id: 'setServiceLayout',
    method: 'PUT',
    path: ofService('/layout'),
    body: () => ({ sections: [{ name: 'x' }], components: [] }),
  },
  {
    id: 'setServiceLogo',
    method: 'PUT',
    path: ofService('/logo'),
    body: () => ({ content: tinyImages.png }),
  },
  { id: 'createViewLink', method: 'POST', path: ofService('/view-link'), body: () => ({}) },
  { id: 'rotateFeedKey', method: 'POST', path: ofService('/feed-key'), body: () => ({}) },
  { id: 'removeServiceLogo', method: 'DELETE', path: ofService('/logo') },
  {
    id: 'updateMonitor',
    method: 'PUT',
    path: ofMonitor(''),
    body: ({ service }) => ({ serviceId: service }),
  },
  { id: 'startServiceMaintenance', path: ofService('/maintenance'), body: maintenance },
  { id: 'endServiceMaintenance', method: 'DELETE', path: ofService('/maintenance') },
  {
    id: 'startServiceMonitorMaintenance',
    path: ({ service, monitor }) => `/api/v1/services/${service}/monitors/${monitor}/maintenance`,
    body: maintenance,
  },
  {
    id: 'endServiceMonitorMaintenance',
    method: 'DELETE',
    path: ({ service, monitor }) => `/api/v1/services/${service}/monitors/${monitor}/maintenance`,
  },
  {
    id: 'createIncident',
    path: at('/api/v1/incidents'),
    body: () => ({ title: 'x' }),
    keep: keep('incident', 'incident'),
  },
  { id: 'updateIncident', method: 'PUT', path: ofIncident(''), body: () => ({ cause: 'x' }) },
  {
    id: 'assignIncident',
    method: 'PUT',
    path: ofIncident('/assignee'),
    body: () => ({ assigneeId: null }),
  },
  { id: 'acknowledgeIncident', method: 'PUT', path: ofIncident('/acknowledge') },
  {
    id: 'addIncidentUpdate',
    path: ofIncident('/updates'),
    body: () => ({ phase: 'identified', body: 'x' }),
  },
  {
    id: 'setIncidentVisibility',
    method: 'PUT',
    path: ofIncident('/visibility'),
    body: () => ({ visibility: 'hidden' }),
  },
  { id: 'resolveIncident', method: 'PUT', path: ofIncident('/resolve') },
  { id: 'deleteIncident', method: 'DELETE', path: ofIncident('') },
  { id: 'deleteMonitor', method: 'DELETE', path: ofMonitor('') },
  { id: 'deleteChannel', method: 'DELETE', path: ofChannel('') },
  { id: 'deleteService', method: 'DELETE', path: ofService('') },
  {
    id: 'acknowledgeTargets',
    method: 'PUT',
    path: at('/dashboard/acknowledgements/targets'),
    body: () => ({ version: 1 }),
  },
  { id: 'updateTeam', method: 'PUT', path: at('/dashboard/team'), body: () => ({ name: 'Renamed' }) },
  {
    id: 'setSingleSignOn',
    method: 'PUT',
    path: at('/dashboard/team/sso'),
    body: () => ({ issuer: 'https://93.184.216.34', clientId: 'x', clientSecret: 'x', domains: [] }),
  },
  { id: 'deleteSingleSignOn', method: 'DELETE', path: at('/dashboard/team/sso') },
  {
    id: 'createApiKey',
    path: at('/dashboard/api-keys'),
    body: () => ({ name: 'x', service: 'uptime', scopes: ['read'] }),
    keep: keep('apiKey', 'key'),
  },
  {
    id: 'updateApiKey',
    method: 'PUT',
    path: ({ key }) => `/dashboard/api-keys/${key}`,
    body: () => ({ name: 'y' }),
  },
  {
    id: 'rotateApiKey',
    path: ({ key }) => `/dashboard/api-keys/${key}/rotate`,
    body: () => ({ overlapSeconds: 0 }),
    keep: keep('apiKey', 'key'),
  },
  { id: 'revokeApiKey', method: 'DELETE', path: ({ key }) => `/dashboard/api-keys/${key}` },
  {
    id: 'createInvitation',
    path: at('/dashboard/team/invitations'),
    body: () => ({ role: 'viewer' }),
    keep: keep('data', 'invitation'),
  },
  {
    id: 'revokeInvitation',
    method: 'DELETE',
    path: ({ invitation }) => `/dashboard/team/invitations/${invitation}`,
  },
  { id: 'createMemberResetLink', path: ({ member }) => `/dashboard/team/members/${member}/reset-link` },
  {
    id: 'changeRole',
    method: 'PUT',
    path: ({ member }) => `/dashboard/team/members/${member}`,
    body: () => ({ role: 'viewer' }),
  },
  { id: 'removeMember', method: 'DELETE', path: ({ member }) => `/dashboard/team/members/${member}` },
  {
    id: 'createWebhook',
    path: at('/dashboard/webhooks'),
    body: () => ({ url: 'https://93.184.216.34/', events: ['key.created'] }),
    keep: keep('webhook', 'webhook'),
  },
  { id: 'updateWebhook', method: 'PUT', path: ofWebhook(''), body: () => ({ description: 'y' }) },
  { id: 'rotateWebhookSecret', method: 'POST', path: ofWebhook('/rotate-secret') },
  {
    id: 'testWebhook',
    method: 'POST',
    path: ofWebhook('/test'),
    keep: (reply, made) => {
      made['delivery'] = String(reply['deliveryId'])
    },
  },
  {
    id: 'replayWebhookDelivery',
    method: 'POST',
    path: ({ webhook, delivery }) => `/dashboard/webhooks/${webhook}/deliveries/${delivery}/replay`,
  },
  { id: 'replayWebhooks', path: ofWebhook('/replay'), body: () => ({ from: hourAgo, to: soon }) },
  { id: 'enableWebhook', method: 'POST', path: ofWebhook('/enable') },
  { id: 'deleteWebhook', method: 'DELETE', path: ofWebhook('') },
  {
    id: 'enrolTotp',
    method: 'POST',
    path: at('/dashboard/account/factors/totp'),
    keep: (reply, made) => {
      made['factor'] = String(reply['id'])
      made['secret'] = String(reply['secret'])
    },
  },
  {
    id: 'confirmTotp',
    path: ({ factor }) => `/dashboard/account/factors/totp/${factor}/confirm`,
    body: ({ secret }) => ({ code: new TOTP({ secret: TotpSecret.fromBase32(secret ?? '') }).generate() }),
  },
  { id: 'renewRecoveryCodes', method: 'POST', path: at('/dashboard/account/factors/recovery-codes') },
  { id: 'deleteFactor', method: 'DELETE', path: ({ factor }) => `/dashboard/account/factors/${factor}` },
  {
    id: 'setPreferences',
    method: 'PUT',
    path: at('/dashboard/account/preferences'),
    body: () => ({ theme: 'dark' }),
  },
  {
    id: 'changePassword',
    path: at('/dashboard/account/change-password'),
    body: () => ({ currentPassword: password, newPassword: `${password} anew` }),
  },
]

let server: ComposedServer
let ann: SignedIn
let key: string
const made: Made = {}

beforeAll(async () => {
  server = await composeServer(
    {},
    // Whether someone has just proven themselves anew is another test's matter.
    { createSudoTokens: () => ({ sign: async () => 'sudo', verify: async () => true }) },
  )
  ann = await setUpOwner(server.client, server.ownerToken)
  made['member'] = (await join(server.client, ann, 'member')).user.id
  key = await createKey(server.client, ann)
})
afterAll(() => server.stop())

/** What stored its answer in another transaction than its entry. */
const answeredApart: string[] = []

/** A body that proves who somebody is leaves no trace, so no answer to it is kept either. */
function isAnswerKept(id: string): boolean {
  const endpoints = server.services.flatMap((service) => service.endpoints.map(({ endpoint }) => endpoint))
  const endpoint = endpoints.find((one) => one.id === id)
  return endpoint !== undefined && !provesIdentity(endpoint)
}

type Entry = { readonly seq: number }

async function newest(): Promise<Entry> {
  server.passMinute()
  const { text } = await server.client.send('/dashboard/audit-logs?limit=1', { credential: ann.accessToken })
  const [entry] = (JSON.parse(text) as { auditLogs: Entry[] }).auditLogs
  if (entry === undefined) throw new Error('The chain is empty')
  return entry
}

it('every-decision-leaves-a-link: each change through each endpoint is a new entry of the chain, and the chain verifies', async () => {
  const silent: string[] = []
  for (const { id, path, method = 'POST', body, keep: remember } of steps) {
    const before = await newest()
    const credential = path(made).startsWith('/api/') ? key : ann.accessToken
    const { status, text } = await server.client.send(path(made), {
      method,
      credential,
      headers: { 'x-sudo-token': 'sudo', 'idempotency-key': randomUUID() },
      ...(body === undefined ? {} : { body: body(made) }),
    })
    expect({ id, isDone: status < 300, text: status < 300 ? '' : text }).toEqual({
      id,
      isDone: true,
      text: '',
    })
    if (remember !== undefined) remember(JSON.parse(text) as Reply, made)
    if (id === 'changePassword') break
    if ((await newest()).seq <= before.seq) silent.push(id)
    if (method === 'POST' && isAnswerKept(id) && !(await isAnsweredWithDeed(server.db)))
      answeredApart.push(id)
  }
  expect(silent).toEqual([])
  const { accessToken } = await server.client.ask<SignedIn>('/auth/login', {
    body: { email: 'ann@example.com', password: `${password} anew` },
  })
  const verdict = await server.client.ask<object>('/dashboard/audit-logs/verify', { credential: accessToken })
  expect(verdict).toMatchObject({ intact: true })
  const { text } = await server.client.send('/dashboard/audit-logs?limit=100', { credential: accessToken })
  expect(text).toContain('password')
})

it('deed-and-answer-commit-together: of each of these that is a POST under an Idempotency-Key', () => {
  expect(answeredApart).toEqual([])
})

it('every-decision-leaves-a-link: no endpoint that changes something is forgotten here', () => {
  const known = new Set([...steps.map(({ id }) => id), ...Object.keys(elsewhere)])
  const forgotten = server.services
    .flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint))
    .filter(({ access, method }) => access.kind !== 'public' && method !== 'GET' && method !== 'HEAD')
    .map(({ id }) => id.replace(/^dashboard(\w)/, (_whole, first: string) => first.toLowerCase()))
    .filter((id) => !known.has(id))
  expect(forgotten).toEqual([])
})
