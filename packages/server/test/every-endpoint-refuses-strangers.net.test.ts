import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { knockEverywhere } from './fixtures/walk-strangers.ts'

const floorMs = 80
let server: ComposedServer
let owner: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer()
  owner = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, owner)
})
afterAll(() => server.stop())

it('every-endpoint-refuses-strangers: what is not public refuses them with the same bytes, held to the floor', async () => {
  let tried = 0
  for (const service of server.services) {
    const refused = await knockEverywhere(server.client, service, { accessToken: owner.accessToken, key })
    tried += refused.length
    for (const { tookMs, ...answer } of refused)
      expect({ ...answer, isHeld: tookMs >= floorMs }).toEqual({
        ...answer,
        status: 401,
        text: refused[0]?.text,
        isHeld: true,
      })
  }
  expect(tried).toBeGreaterThan(250)
})

/** Where everything belongs to somebody: what is open there is open on purpose. */
const openBehindTheGate: readonly string[] = []

it('every-endpoint-refuses-strangers: what is open among the guarded is known here', () => {
  const open = server.services.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ endpoint: { access, id, path } }) =>
      access.kind === 'public' && /^\/(?:api|dashboard)\//.test(path) ? [id] : [],
    ),
  )
  expect(open.toSorted()).toEqual(openBehindTheGate)
})

it('what is public says why', () => {
  const reasons = server.services.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ endpoint: { access } }) => (access.kind === 'public' ? [access.because] : [])),
  )
  expect(reasons.length).toBeGreaterThan(0)
  expect(reasons.filter((because) => because.trim() === '')).toEqual([])
})
