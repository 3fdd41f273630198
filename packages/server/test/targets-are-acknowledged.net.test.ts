import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { examineInstance, withLocalInstance } from '../src/local/index.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, join, setUpOwner, type SignedIn } from './fixtures/people.ts'

const path = '/dashboard/acknowledgements/targets'
const reply = z.object({
  data: z.object({
    version: z.int(),
    wording: z.strictObject({ en: z.string().min(50), ja: z.string().min(30) }),
    acknowledged: z
      .strictObject({
        version: z.int(),
        by: z.strictObject({ id: z.string(), name: z.string() }),
        at: z.iso.datetime(),
      })
      .nullable(),
    isCurrent: z.boolean(),
  }),
})

let server: ComposedServer
let ann: SignedIn
let bob: SignedIn
let otherOrg: SignedIn

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  bob = await join(server.client, ann, 'member')
  otherOrg = await foundSecondOrg(server.client, ann)
})
afterAll(() => server.stop())

const read = async ({ accessToken: credential }: SignedIn) =>
  reply.parse(await server.client.ask(path, { credential })).data
const say = ({ accessToken: credential }: SignedIn, body: object) =>
  server.client.send(path, { method: 'PUT', credential, body })
const doctor = () =>
  withLocalInstance({ env: server.env, folder: '/', progress: () => undefined }, async (local) =>
    (await examineInstance(local, { env: server.env, folder: '/' })).find(({ about }) => about === 'targets'),
  )

describe('that what is monitored may be monitored', () => {
  it('targets-are-acknowledged-by-an-owner-once: who, when and to which words, and nothing waits for it', async () => {
    expect(await read(bob)).toMatchObject({ version: 1, acknowledged: null, isCurrent: false })
    expect((await doctor())?.sentence).toMatch(/^2 of 2 organisations have not said/)
    // Clients that know nothing of it go on.
    const key = await createKey(server.client, ann)
    const monitor = { type: 'http', name: 'Example', config: { url: 'https://example.com/' } }
    expect((await server.client.send('/api/v1/monitors', { credential: key, body: monitor })).status).toBe(
      201,
    )
    expect((await say(bob, { version: 1 })).status).toBe(403)
    for (const body of [{}, { version: 2 }, { version: 1, org_id: ann.user.teamId }])
      expect((await say(ann, body)).status).toBe(400)
    expect((await read(ann)).acknowledged).toBeNull()

    expect((await say(ann, { version: 1 })).status).toBe(200)
    const said = await read(bob)
    expect(said).toMatchObject({
      isCurrent: true,
      acknowledged: { version: 1, by: { id: ann.user.id, name: 'Ann' } },
    })
    // Said again, the first one stands.
    expect((await say(ann, { version: 1 })).status).toBe(200)
    expect(await read(ann)).toEqual(said)
    const log = await server.client.send('/dashboard/audit-logs/export', { credential: ann.accessToken })
    expect(log.text.match(/org\.acknowledge_targets/g)?.length).toBeGreaterThan(0)
  })

  it('targets-are-acknowledged-by-an-owner-once: for their own organisation, and the operator sees who has not', async () => {
    expect(await read(otherOrg)).toMatchObject({ acknowledged: null, isCurrent: false })
    expect((await doctor())?.sentence).toMatch(/^1 of 2 organisations have not said/)
  })
})
