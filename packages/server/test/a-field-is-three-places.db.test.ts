import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as OpenApi from '../src/openapi.ts'
import type * as Schema from '../src/schema.ts'
import type * as OrgTables from '../src/services/uptime/org-tables.ts'
import type * as Walks from '../src/services/uptime/testing/walks.ts'
import type * as TestUptimeModule from '../src/services/uptime/testing/test-uptime.ts'
import type * as CreateMonitor from '../src/services/uptime/usecases/create-monitor.ts'
import type * as ListMonitors from '../src/services/uptime/usecases/list-monitors.ts'
import type * as UpdateMonitor from '../src/services/uptime/usecases/update-monitor.ts'
import { compileTimeoutMs, startDrill } from './fixtures/drill.ts'

const uptimeFolder = 'packages/server/src/services/uptime'
const contract = `${uptimeFolder}/contract/monitor-shapes.ts`

/** The number behind the last migration that there is. */
function nextNumber(): string {
  const files = readdirSync(join(import.meta.dirname, '../src/services/uptime/migrations'))
  return String(Math.max(...files.map((name) => Number(name.slice(0, 4)))) + 1).padStart(4, '0')
}

const drill = startDrill({
  files: {
    [`${uptimeFolder}/migrations/${nextNumber()}_runbook.sql`]:
      'ALTER TABLE uptime.monitor ADD COLUMN runbook_url text;\n',
  },
  lines: [
    {
      file: `${uptimeFolder}/store/monitor-columns.ts`,
      behind: "  tags: column('tags', codecs.texts),",
      line: "  runbookUrl: column('runbook_url', codecs.textOrNull),",
    },
    {
      file: contract,
      behind: '  tags: tags.optional(),',
      line: '  runbookUrl: text(1, 500).nullable().optional(),',
    },
    { file: contract, behind: '  tags: [],', line: '  runbookUrl: null,' },
    { file: contract, behind: '  tags: z.array(z.string()),', line: '  runbookUrl: z.string().nullable(),' },
  ],
})
afterAll(() => drill.remove())

/** A module of the tree that has the new field. */
async function load<M>(path: string): Promise<M> {
  // Safe: the tree differs by one field, so its modules are of the same form as ours.
  return (await drill.load(path)) as M
}
const inUptime = <M>(path: string) => load<M>(`${uptimeFolder}/${path}`)

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

  it('it is set, changed, cleared and shown', async () => {
    const { createMonitor } = await inUptime<typeof CreateMonitor>('usecases/create-monitor.ts')
    const { updateMonitor } = await inUptime<typeof UpdateMonitor>('usecases/update-monitor.ts')
    const { listMonitors } = await inUptime<typeof ListMonitors>('usecases/list-monitors.ts')
    const member = await uptime.found()
    const runbookUrl = 'https://wiki.example.com/shop'
    const heartbeat = { type: 'heartbeat', config: {} }
    expect(await createMonitor(uptime.deps, member, heartbeat)).toMatchObject({ runbookUrl: null })
    const body = { ...heartbeat, runbookUrl }
    const { id } = await createMonitor(uptime.deps, member, body)
    const shown = async () =>
      (await listMonitors(uptime.deps, member, {})).monitors.find((one) => one.id === id)
    expect(await shown()).toMatchObject({ runbookUrl })
    const change: object = { runbookUrl: 'https://wiki.example.com/2' }
    expect(await updateMonitor(uptime.deps, member, id, change)).toMatchObject(change)
    expect(await updateMonitor(uptime.deps, member, id, { name: 'Shop' })).toMatchObject(change)
    const cleared: object = { runbookUrl: null }
    expect(await updateMonitor(uptime.deps, member, id, cleared)).toMatchObject(cleared)
  })

  it('it is in the export, in the rows that prove it, and in the document of the API', async () => {
    const { orgTables } = await inUptime<typeof OrgTables>('org-tables.ts')
    const table = orgTables.find((one) => one.table === 'uptime.monitor')
    expect(table?.columns).toContain('runbook_url')
    const { walks } = await inUptime<typeof Walks>('testing/walks.ts')
    const rows = new Map(walks.toCanaryRows({ orgId: 'org', userId: 'user', word: 'canary' }))
    expect(rows.get('uptime.monitor')).toMatchObject({ runbook_url: 'canary' })
    const { buildOpenApi } = await load<typeof OpenApi>('packages/server/src/openapi.ts')
    expect(JSON.stringify(buildOpenApi()).split('"runbookUrl":').length).toBeGreaterThan(3)
  })
})

it('a field that there is not is refused by the tree as it is', async () => {
  const { newMonitor } = await import('../src/services/uptime/contract/monitor-shapes.ts')
  const parsed = newMonitor.safeParse({ type: 'heartbeat', config: {}, runbookUrl: 'x' })
  expect(parsed.success).toBe(false)
})
