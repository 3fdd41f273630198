import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as TestUptimeModule from '../src/services/uptime/testing/test-uptime.ts'
import type * as CheckPoolModule from '../src/services/uptime/checks/check-pool.ts'
import type * as CheckMonitor from '../src/services/uptime/usecases/check-monitor.ts'
import type * as CreateMonitor from '../src/services/uptime/usecases/create-monitor.ts'
import type * as UpdateMonitor from '../src/services/uptime/usecases/update-monitor.ts'
import type * as ListChecks from '../src/services/uptime/usecases/list-checks.ts'
import type * as Messages from '../src/services/uptime/messages.ts'
import type * as OpenApi from '../src/openapi.ts'
import { compileTimeoutMs, startDrill } from './fixtures/drill.ts'
import { teapotAdditions } from './fixtures/teapot-type.ts'

const uptimeFolder = 'packages/server/src/services/uptime'

const drill = startDrill(teapotAdditions)
afterAll(() => drill.remove())

/** A module of the tree that has the new type. */
async function load<M>(path: string): Promise<M> {
  // Safe: the tree differs by one monitor type, so its modules are of the same form as ours.
  return (await drill.load(path)) as M
}
const inUptime = <M>(path: string) => load<M>(`${uptimeFolder}/${path}`)

describe('a-monitor-type-is-one-file: with a file and a line, and nothing else,', () => {
  let status = 418
  const leaves: unknown[] = []
  const pot = createServer((request, response) => {
    leaves.push(request.headers['x-leaf'])
    response.writeHead(status).end()
  })
  let uptime: TestUptimeModule.TestUptime
  let config = { hostname: '127.0.0.1', port: 0 }
  beforeAll(async () => {
    pot.listen(0, '127.0.0.1')
    await once(pot, 'listening')
    const address = pot.address()
    if (address === null || typeof address === 'string') throw new Error('The pot has a port')
    config = { hostname: '127.0.0.1', port: address.port }
    const { startTestUptime } = await inUptime<typeof TestUptimeModule>('testing/test-uptime.ts')
    uptime = await startTestUptime()
  })
  afterAll(async () => {
    pot.close()
    await uptime.database.drop()
  })

  it('everything compiles', async () => expect(await drill.compile()).toBe(''), compileTimeoutMs)

  it('it is saved with its defaults, named after its target, and its secret is sealed', async () => {
    const { createMonitor } = await inUptime<typeof CreateMonitor>('usecases/create-monitor.ts')
    const member = await uptime.found()
    const monitor = await createMonitor(uptime.deps, member, {
      type: 'teapot',
      config: { ...config, leaf: 'oolong' },
    })
    expect(monitor).toMatchObject({
      type: 'teapot',
      name: `127.0.0.1:${config.port}`,
      config: { ...config, leaf: { set: true }, timeoutMs: 10_000 },
      detectionSeconds: { refused: expect.any(Number) },
    })
    const refused = { type: 'teapot', config: { ...config, colour: 'green' } }
    await expect(createMonitor(uptime.deps, member, refused)).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      detail: 'config.colour: is not a known field',
    })
    const forbidden = { type: 'teapot', config: { hostname: '169.254.169.254' } }
    await expect(createMonitor(uptime.deps, member, forbidden)).rejects.toMatchObject({
      detail: 'config.hostname: this address may not be monitored',
    })
  })

  it('it is checked, judged and told in its own words, and a kept secret is still sent', async () => {
    const { createMonitor } = await inUptime<typeof CreateMonitor>('usecases/create-monitor.ts')
    const { updateMonitor } = await inUptime<typeof UpdateMonitor>('usecases/update-monitor.ts')
    const { checkMonitor } = await inUptime<typeof CheckMonitor>('usecases/check-monitor.ts')
    const { listChecks } = await inUptime<typeof ListChecks>('usecases/list-checks.ts')
    const { writeMessage } = await inUptime<typeof Messages>('messages.ts')
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, {
      type: 'teapot',
      config: { ...config, leaf: 'oolong' },
    })
    await updateMonitor(uptime.deps, member, id, { config: { ...config, leaf: { set: true } } })
    status = 418
    expect((await checkMonitor(uptime.deps, member, id)).result).toMatchObject({
      status: 'up',
      statusCode: 418,
    })
    expect(leaves.at(-1)).toBe('oolong')
    status = 200
    uptime.clock.advance(60_000)
    expect((await checkMonitor(uptime.deps, member, id)).result).toMatchObject({
      status: 'down',
      errorMessage: 'The pot is cold (200).',
    })
    expect((await listChecks(uptime.deps, member, id, {})).checks).toMatchObject([
      { outcome: 'down', code: 'teapot_cold' },
      { outcome: 'up' },
    ])
    expect(writeMessage('teapot_cold', { status: 200 }, 'ja')).toBe('ポットが冷めています (200)。')
  })

  it('it is checked by the threads that check', async () => {
    const { createCheckPool } = await inUptime<typeof CheckPoolModule>('checks/check-pool.ts')
    const pool = createCheckPool(
      uptime.clock,
      { egressAllow: '127.0.0.1', dnsServers: [], trustedCertificates: [] },
      1,
    )
    status = 404
    // Safe: the tree that runs this knows the type, though ours does not.
    const task = { type: 'teapot', config: { ...config, timeoutMs: 5_000 }, secrets: {} } as never
    const { looked } = await pool.run({ orgId: 'test', task, degradedAfterMs: null, freshName: false })
    expect(looked).toMatchObject({ outcome: 'down', code: 'teapot_cold', values: { status: 404 } })
    await pool.stop()
  })

  it('it is in the document of the API, with its example', async () => {
    const { buildOpenApi } = await load<typeof OpenApi>('packages/server/src/openapi.ts')
    const document = JSON.stringify(buildOpenApi())
    expect(document).toContain('{"type":"teapot","config":{"hostname":"tea.example.com"}}')
    expect(document).toContain('"title":"Teapot"')
  })
})
