import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type * as Db from '@gatehouse/kernel/db'
import type * as Webhooks from '@gatehouse/kernel/webhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as OpenApi from '../src/openapi.ts'
import type * as ToWireWebhook from '../src/platform/usecases/to-wire-webhook.ts'
import type * as Schema from '../src/schema.ts'
import type * as MaintenanceStore from '../src/services/uptime/store/maintenance-store.ts'
import type * as TestUptimeModule from '../src/services/uptime/testing/test-uptime.ts'
import type * as AddIncidentUpdate from '../src/services/uptime/usecases/add-incident-update.ts'
import type * as CreateIncident from '../src/services/uptime/usecases/create-incident.ts'
import type * as CreateMonitor from '../src/services/uptime/usecases/create-monitor.ts'
import type * as CreateService from '../src/services/uptime/usecases/create-service.ts'
import type * as HandleIncident from '../src/services/uptime/usecases/handle-incident.ts'
import type * as ListIncidents from '../src/services/uptime/usecases/list-incidents.ts'
import type * as ListMonitors from '../src/services/uptime/usecases/list-monitors.ts'
import type * as ListServices from '../src/services/uptime/usecases/list-services.ts'
import type * as StartMaintenance from '../src/services/uptime/usecases/start-maintenance.ts'
import type * as UpdateMonitor from '../src/services/uptime/usecases/update-monitor.ts'
import type * as UpdateService from '../src/services/uptime/usecases/update-service.ts'
import type * as CanaryRows from './fixtures/canary-rows.ts'
import { compileTimeoutMs, startDrill } from './fixtures/drill.ts'

const root = join(import.meta.dirname, '../../..')
const uptimeFolder = 'packages/server/src/services/uptime'
const webhooksFolder = 'packages/kernel/src/webhooks'
const monitorContract = `${uptimeFolder}/contract/monitor-shapes.ts`
const pageContract = `${uptimeFolder}/contract/service-shapes.ts`
const incidentContract = `${uptimeFolder}/contract/incidents.ts`
const maintenanceContract = `${uptimeFolder}/contract/maintenance.ts`
const webhookContract = 'packages/server/src/platform/contract/webhooks.ts'
const incidentColumns = `${uptimeFolder}/store/incident-columns.ts`

const ofUptime = ['monitor', 'service', 'incident', 'incident_update', 'maintenance_window'].map(
  (name) => `uptime.${name}`,
)
const webhooks = 'gatehouse.webhook_endpoint'
const tables = [...ofUptime, webhooks]

/** Behind the last migration that there is. */
function nextMigration(folder: string): string {
  const numbers = readdirSync(join(root, folder, 'migrations')).map((name) => Number(name.slice(0, 4)))
  return `${folder}/migrations/${String(Math.max(...numbers) + 1).padStart(4, '0')}_runbook.sql`
}

const addColumn = (table: string): string => `ALTER TABLE ${table} ADD COLUMN runbook_url text;\n`

const column = "  runbookUrl: column('runbook_url', codecs.textOrNull),"
const sent = '  runbookUrl: z.string().max(500).nullable().optional(),'
const initial = '  runbookUrl: null,'
const shown = '  runbookUrl: z.string().nullable(),'

const drill = startDrill({
  files: {
    [nextMigration(uptimeFolder)]: ofUptime.map(addColumn).join(''),
    [nextMigration(webhooksFolder)]: addColumn(webhooks),
  },
  lines: [
    {
      file: `${uptimeFolder}/store/monitor-columns.ts`,
      behind: "  tags: column('tags', codecs.texts),",
      line: column,
    },
    { file: monitorContract, behind: '  tags: tags.optional(),', line: sent },
    { file: monitorContract, behind: '  tags: [],', line: initial },
    { file: monitorContract, behind: '  tags: z.array(z.string()),', line: shown },
    {
      file: `${uptimeFolder}/store/service-columns.ts`,
      behind: "  description: column('description', codecs.textOrNull),",
      line: column,
    },
    { file: pageContract, behind: '  autoPublish: z.boolean().optional(),', line: sent },
    { file: pageContract, behind: '  autoPublish: true,', line: initial },
    { file: pageContract, behind: '  autoPublish: flag,', line: shown },
    { file: incidentColumns, behind: "  cause: column('cause', textOrNull),", line: column },
    { file: incidentContract, behind: '    impact: impact.optional(),', line: sent },
    {
      file: incidentContract,
      behind: '  title: title.optional(),\n  cause: cause.optional(),',
      line: sent,
    },
    { file: incidentContract, behind: '  cause: z.string().nullable(),', line: shown },
    { file: incidentColumns, behind: "  supersedes: column('supersedes', textOrNull),", line: column },
    { file: incidentContract, behind: '    supersedes: text(1, 64).optional(),', line: sent },
    { file: incidentContract, behind: '  supersedes: z.string().nullable(),', line: shown },
    {
      file: `${uptimeFolder}/store/window-columns.ts`,
      behind: "  title: column('title', textOrNull),",
      line: column,
    },
    { file: maintenanceContract, behind: '  autoResolve: z.boolean().optional(),', line: sent },
    {
      file: `${webhooksFolder}/store/endpoint-columns.ts`,
      behind: "  description: column('description', text),",
      line: column,
    },
    { file: webhookContract, behind: '        asymmetric: z.boolean().default(false),', line: sent },
    { file: webhookContract, behind: '        asymmetric: z.boolean().optional(),', line: sent },
    { file: webhookContract, behind: '  asymmetric: z.boolean(),', line: shown },
  ],
})
afterAll(() => drill.remove())

/** A module of the tree that has the new fields. */
async function load<M>(path: string): Promise<M> {
  // Safe: the tree differs by these fields, so its modules are of the same form as ours.
  return (await drill.load(path)) as M
}
const inUptime = <M>(path: string) => load<M>(`${uptimeFolder}/${path}`)

const [first, second] = ['https://wiki.example.com/shop', 'https://wiki.example.com/2']
/** What is sent has a field that the types of this tree do not know. */
const withRunbook = <T extends object>(body: T, runbookUrl: string | null = first): T => ({
  ...body,
  runbookUrl,
})

describe('a-field-is-three-places: with a migration, a line for the column and the contract, and nothing else,', () => {
  let uptime: TestUptimeModule.TestUptime
  beforeAll(async () => {
    const { startTestUptime } = await inUptime<typeof TestUptimeModule>('testing/test-uptime.ts')
    uptime = await startTestUptime()
    const { prepareSchema } = await load<typeof Schema>('packages/server/src/schema.ts')
    await prepareSchema(uptime.database.db, Date.now())
  })
  afterAll(() => uptime.database.drop())

  it('everything compiles', async () => expect(await drill.compile()).toBe(''), compileTimeoutMs)

  it('it is set, changed, cleared and shown of a monitor', async () => {
    const { createMonitor } = await inUptime<typeof CreateMonitor>('usecases/create-monitor.ts')
    const { updateMonitor } = await inUptime<typeof UpdateMonitor>('usecases/update-monitor.ts')
    const { listMonitors } = await inUptime<typeof ListMonitors>('usecases/list-monitors.ts')
    const member = await uptime.found()
    const heartbeat = { type: 'heartbeat', config: {} }
    expect(await createMonitor(uptime.deps, member, heartbeat)).toMatchObject({ runbookUrl: null })
    const { id } = await createMonitor(uptime.deps, member, withRunbook(heartbeat))
    const read = async () =>
      (await listMonitors(uptime.deps, member, {})).monitors.find((one) => one.id === id)
    expect(await read()).toMatchObject({ runbookUrl: first })
    const change = (body: object) => updateMonitor(uptime.deps, member, id, body)
    expect(await change({ runbookUrl: second })).toMatchObject({ runbookUrl: second })
    expect(await change({ name: 'Shop' })).toMatchObject({ runbookUrl: second })
    expect(await change({ runbookUrl: null })).toMatchObject({ runbookUrl: null })
  })

  it('it is set, changed, cleared and shown of a status page', async () => {
    const { createService } = await inUptime<typeof CreateService>('usecases/create-service.ts')
    const { updateService } = await inUptime<typeof UpdateService>('usecases/update-service.ts')
    const { listServices } = await inUptime<typeof ListServices>('usecases/list-services.ts')
    const member = await uptime.found()
    const page = withRunbook({ name: 'Shop', slug: 'drill-shop' })
    const { id } = await createService(uptime.deps, member, page)
    const read = async () => (await listServices(uptime.deps, member)).find((one) => one.id === id)
    expect(await read()).toMatchObject({ runbookUrl: first })
    const change = (body: object) => updateService(uptime.deps, member, id, body)
    expect(await change({ runbookUrl: second })).toMatchObject({ runbookUrl: second })
    expect(await change({ name: 'Shops' })).toMatchObject({ runbookUrl: second })
    expect(await change({ runbookUrl: null })).toMatchObject({ runbookUrl: null })
  })

  it('it is set, changed, cleared and shown of an incident, and set and shown of an update', async () => {
    const { createIncident } = await inUptime<typeof CreateIncident>('usecases/create-incident.ts')
    const { updateIncident } = await inUptime<typeof HandleIncident>('usecases/handle-incident.ts')
    const { addIncidentUpdate } = await inUptime<typeof AddIncidentUpdate>('usecases/add-incident-update.ts')
    const { getIncident } = await inUptime<typeof ListIncidents>('usecases/list-incidents.ts')
    const member = await uptime.found()
    const plain = await createIncident(uptime.deps, member, { title: 'Slow' })
    expect(plain).toMatchObject({ runbookUrl: null })
    const { id } = await createIncident(uptime.deps, member, withRunbook({ title: 'Slow' }))
    const change = (body: object) => updateIncident(uptime.deps, member, id, body)
    expect(await change({ cause: 'A disk' })).toMatchObject({ runbookUrl: first })
    expect(await change({ runbookUrl: second })).toMatchObject({ runbookUrl: second })
    expect(await change({ runbookUrl: null })).toMatchObject({ runbookUrl: null })
    const said = { phase: 'identified', body: 'It is a disk.' } as const
    await addIncidentUpdate(uptime.deps, member, id, said)
    await addIncidentUpdate(uptime.deps, member, id, withRunbook(said))
    expect((await getIncident(uptime.deps, member, id)).updates).toMatchObject([
      { runbookUrl: null },
      { runbookUrl: first },
    ])
  })

  it('it is kept of a maintenance window', async () => {
    const { startMaintenance } = await inUptime<typeof StartMaintenance>('usecases/start-maintenance.ts')
    const member = await uptime.found()
    const maintenanceUntil = uptime.clock.now() + 3_600_000
    await startMaintenance(uptime.deps, member, { kind: 'all' }, withRunbook({ maintenanceUntil }))
    const { listOpenWindows } = await inUptime<typeof MaintenanceStore>('store/maintenance-store.ts')
    const { within } = await load<typeof Db>('packages/kernel/src/db/index.ts')
    const windows = await within(uptime.deps, member, (tx) => listOpenWindows(tx, uptime.clock.now()))
    expect(windows).toMatchObject([{ runbookUrl: first }])
  })

  it('it is set, changed, cleared and shown of a webhook endpoint', async () => {
    const { createWebhookEndpoint, updateWebhookEndpoint } = await load<typeof Webhooks>(
      `${webhooksFolder}/index.ts`,
    )
    const { toWireWebhook } = await load<typeof ToWireWebhook>(
      'packages/server/src/platform/usecases/to-wire-webhook.ts',
    )
    const member = await uptime.found()
    const deps = { ...uptime.deps, service: 'platform', endpointsMax: 10 }
    const hook = { url: 'https://93.184.216.34/', description: '', events: ['key.created'] }
    const { endpoint } = await createWebhookEndpoint(deps, member, withRunbook(hook))
    expect(toWireWebhook(endpoint)).toMatchObject({ runbookUrl: first })
    const change = async (body: object) =>
      toWireWebhook(await updateWebhookEndpoint(deps, member, endpoint.id, body))
    expect(await change({ runbookUrl: second })).toMatchObject({ runbookUrl: second })
    expect(await change({ description: 'x' })).toMatchObject({ runbookUrl: second })
    expect(await change({ runbookUrl: null })).toMatchObject({ runbookUrl: null })
  })

  it('it is in the export, in the rows that prove it, and in the document of the API', async () => {
    const { schema } = await load<typeof Schema>('packages/server/src/schema.ts')
    const { toCanaryRows } = await load<typeof CanaryRows>('packages/server/test/fixtures/canary-rows.ts')
    const rows = new Map(await toCanaryRows({ orgId: 'org', userId: 'user', word: 'canary' }))
    const exported = schema.orgs.filter(({ columns }) => columns.includes('runbook_url'))
    expect(exported.map(({ table }) => table)).toEqual(expect.arrayContaining(tables))
    for (const table of tables) expect({ table, ...rows.get(table) }).toMatchObject({ runbook_url: 'canary' })
    const { buildOpenApi } = await load<typeof OpenApi>('packages/server/src/openapi.ts')
    expect(JSON.stringify(buildOpenApi()).split('"runbookUrl":').length).toBeGreaterThan(10)
  })
})

it('a field that there is not is refused by the tree as it is', async () => {
  const { newMonitor } = await import('../src/services/uptime/contract/monitor-shapes.ts')
  const parsed = newMonitor.safeParse({ type: 'heartbeat', config: {}, runbookUrl: 'x' })
  expect(parsed.success).toBe(false)
})
