import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type * as OpenApi from '../src/openapi.ts'
import type * as TestUptimeModule from '../src/services/uptime/testing/test-uptime.ts'
import type * as CreateChannel from '../src/services/uptime/usecases/create-channel.ts'
import type * as CreateIncident from '../src/services/uptime/usecases/create-incident.ts'
import type * as ListChannels from '../src/services/uptime/usecases/list-channels.ts'
import type * as TestChannel from '../src/services/uptime/usecases/test-channel.ts'
import type * as UpdateChannel from '../src/services/uptime/usecases/update-channel.ts'
import { compileTimeoutMs, startDrill } from './fixtures/drill.ts'
import { pigeon } from './fixtures/pigeon-destination.ts'

const uptimeFolder = 'packages/server/src/services/uptime'
const table = `${uptimeFolder}/destinations/destinations.ts`
const drill = startDrill({
  files: { [`${uptimeFolder}/destinations/pigeon.ts`]: pigeon },
  lines: [
    {
      file: table,
      behind: "import { email } from './email.ts'",
      line: "import { pigeon } from './pigeon.ts'",
    },
    { file: table, behind: '  slack,', line: '  pigeon,' },
  ],
})
afterAll(() => drill.remove())

/** A module of the tree that has the new kind. */
async function load<M>(path: string): Promise<M> {
  // Safe: the tree differs by one kind of destination, so its modules are of the same form as ours.
  return (await drill.load(path)) as M
}
const inUptime = <M>(path: string) => load<M>(`${uptimeFolder}/${path}`)

describe('a-destination-is-one-file: with a file and a line, and nothing else,', () => {
  const landed: unknown[] = []
  let status = 200
  const loft = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      landed.push(JSON.parse(body))
      response.writeHead(status).end()
    })
  })
  let uptime: TestUptimeModule.TestUptime
  let config = { loft: '', ring: 'a-ring-of-ours' }
  beforeAll(async () => {
    loft.listen(0, '127.0.0.1')
    await once(loft, 'listening')
    const address = loft.address()
    if (address === null || typeof address === 'string') throw new Error('The loft has a port')
    config = { ...config, loft: `http://127.0.0.1:${address.port}/` }
    const { startTestUptime } = await inUptime<typeof TestUptimeModule>('testing/test-uptime.ts')
    uptime = await startTestUptime()
  })
  beforeEach(async () => {
    await uptime.forgetDeliveries()
    landed.length = 0
    status = 200
  })
  afterAll(async () => {
    loft.close()
    await uptime.database.drop()
  })

  async function createPigeon() {
    const { createChannel } = await inUptime<typeof CreateChannel>('usecases/create-channel.ts')
    const member = await uptime.found()
    const created = await createChannel(uptime.deps, member, { type: 'pigeon', name: 'Coop', config })
    return { member, ...created }
  }

  it('everything compiles', async () => expect(await drill.compile()).toBe(''), compileTimeoutMs)

  it('it is saved, shown by what may be shown of it, and sealed', async () => {
    const { listChannels } = await inUptime<typeof ListChannels>('usecases/list-channels.ts')
    const { member, channel, verificationSent } = await createPigeon()
    expect(channel).toMatchObject({
      type: 'pigeon',
      config: { loft: { set: true }, ring: { set: true } },
      summary: new URL(config.loft).host,
      verified: 1,
    })
    expect(verificationSent).toBe(false)
    expect(JSON.stringify(await listChannels(uptime.deps, member))).not.toContain(config.ring)
  })

  it.each([
    [{ colour: 'grey' }, 'config.colour: is not a known field'],
    [{ ring: 'abc' }, 'config.ring: must be 4 to 50 characters long'],
    [{ loft: 'https://10.0.0.1/' }, 'config.loft: this address may not be notified'],
    [{ loft: 'http://example.com/' }, 'config.loft: The scheme must be https.'],
  ])('its config is judged: %j', async (change, detail) => {
    const { createChannel } = await inUptime<typeof CreateChannel>('usecases/create-channel.ts')
    const member = await uptime.found()
    const refused = { type: 'pigeon', name: 'Coop', config: { ...config, ...change } }
    await expect(createChannel(uptime.deps, member, refused)).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      detail,
    })
  })

  it('it is sent to, retried under one id, logged and tested, and a kept member stays', async () => {
    const { createIncident } = await inUptime<typeof CreateIncident>('usecases/create-incident.ts')
    const { updateChannel } = await inUptime<typeof UpdateChannel>('usecases/update-channel.ts')
    const { listDeliveries } = await inUptime<typeof ListChannels>('usecases/list-channels.ts')
    const { testChannel } = await inUptime<typeof TestChannel>('usecases/test-channel.ts')
    const { member, channel } = await createPigeon()
    await updateChannel(uptime.deps, member, channel.id, { config: { ring: { set: true } } })
    await createIncident(uptime.deps, member, { title: 'Hawks' })
    status = 503
    await uptime.deliver()
    status = 200
    uptime.clock.advance(60_000)
    await uptime.deliver()
    const { deliveries } = await listDeliveries(uptime.deps, member, channel.id, {})
    const sent = { id: deliveries[0]?.id, ring: config.ring, headline: 'Incident opened: Hawks' }
    expect(landed).toEqual([sent, sent])
    expect(deliveries).toMatchObject([
      {
        state: 'sent',
        channelType: 'pigeon',
        attempts: [{ result: 'answered 5xx' }, { result: 'accepted' }],
      },
    ])
    await testChannel(uptime.deps, member, channel.id)
    expect(landed).toHaveLength(3)
  })

  it('it is in the document of the API, with its example, and in the refusal of what does not exist', async () => {
    const { buildOpenApi } = await load<typeof OpenApi>('packages/server/src/openapi.ts')
    const document = JSON.stringify(buildOpenApi())
    expect(document).toContain('"config":{"loft":"https://loft.example.com/","ring":"B-2026-1"}')
    expect(document).toContain('"title":"Pigeon"')
    const { createChannel } = await inUptime<typeof CreateChannel>('usecases/create-channel.ts')
    const member = await uptime.found()
    const fax = { type: 'fax', name: 'Fax', config: {} }
    await expect(createChannel(uptime.deps, member, fax)).rejects.toMatchObject({
      detail: expect.stringContaining('slack, pigeon'),
    })
  })
})
