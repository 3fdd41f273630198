import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { decideAsSystem, readLines, toPublicKeys, verifyExport } from '@gatehouse/kernel/audit'
import { RawReply } from '@gatehouse/kernel/endpoint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withLocalInstance } from '../src/local/index.ts'
import type { ServiceModule } from '../src/service/define-service.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { setUpOwner, type SignedIn } from './fixtures/people.ts'

/** Together far more than the buffers of two sockets hold. */
const entriesMin = 12_000
const noteLength = 4_000
let server: ComposedServer
let ann: SignedIn

/** One export, as the server's side sees it. */
type Taken = { lines: number; readonly source: Readable }
const taken: Taken[] = []

beforeAll(async () => {
  server = await composeServer({}, { wrapService: countLines })
  ann = await setUpOwner(server.client, server.ownerToken)
  const principal = { kind: 'system', orgId: ann.user.teamId, because: 'test' } as const
  const note = 'x'.repeat(noteLength)
  await withLocalInstance({ env: server.env, folder: '/', progress: () => undefined }, async (local) => {
    for (let written = 0; written < entriesMin; written += 1_000)
      await decideAsSystem(local, principal, async (_tx, decide) => {
        for (let n = 0; n < 1_000; n += 1)
          await decide({ action: 'test.write', detail: { note }, at: Date.now() })
      })
  })
})
afterAll(() => server.stop())

function countLines(service: ServiceModule): ServiceModule {
  const endpoints = service.endpoints.map((bound) =>
    bound.endpoint.id === 'exportAuditLogs'
      ? {
          ...bound,
          handle: async (...call: Parameters<typeof bound.handle>) => {
            const reply = await bound.handle(...call)
            if (!(reply instanceof RawReply && reply.body instanceof Readable))
              throw new Error('An export is a stream')
            const one: Taken = { lines: 0, source: reply.body }
            taken.push(one)
            return new RawReply(Readable.from(count(one)), reply.headers)
          },
        }
      : bound,
  )
  return { ...service, endpoints }
}

async function* count(one: Taken): AsyncGenerator {
  for await (const line of one.source) {
    one.lines += 1
    yield line
  }
}

async function download(): Promise<IncomingMessage> {
  const request = get(`${server.origin}/dashboard/audit-logs/export`, {
    headers: { authorization: `Bearer ${ann.accessToken}` },
    agent: false,
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(200)
  return response
}

async function verify(response: IncomingMessage) {
  const { text } = await server.client.send('/.well-known/gatehouse-keys.json')
  return verifyExport(readLines(response), toPublicKeys(text), { withSignatures: false })
}

it('what nobody reads is not read from the database either, and a reader who leaves ends it', async () => {
  const stalled = await download()
  // Somebody else reads everything in the meantime, so the first had all the time that it takes.
  const { intact, entries } = await verify(await download())
  expect(intact).toBe(true)
  expect(entries).toBeGreaterThan(entriesMin)
  const [first, second] = taken
  expect(second?.lines).toBeGreaterThan(entries)
  expect(first?.lines).toBeLessThan(entriesMin / 2)
  expect(first?.source.destroyed).toBe(false)
  const closed = new Promise((resolve) => void first?.source.once('close', resolve))
  stalled.destroy()
  await closed
  const readUntilThen = first?.lines
  expect(await verify(await download())).toMatchObject({ intact: true, entries: entries + 1 })
  expect(first?.lines).toBe(readUntilThen)
  const { waitingCount } = server.db.pool
  expect(waitingCount).toBe(0)
})

it('a slow reader gets every entry', async () => {
  const response = await download()
  const waited = await verify(await download())
  expect(await verify(response)).toMatchObject({ intact: true, entries: waited.entries - 1 })
})
