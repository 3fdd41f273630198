import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'

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

/** What a stranger may try, with a credential that proves something else, or nothing. */
function attempts(kind: 'key' | 'session'): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
  return {
    missing: {},
    'of another scheme': { authorization: 'Basic YW5uOnBhc3N3b3Jk' },
    malformed: bearer('mk_short'),
    'well formed and unknown': bearer(kind === 'key' ? `mk_${'0'.repeat(64)}` : forged(owner.accessToken)),
    'for the other door': bearer(kind === 'key' ? owner.accessToken : key),
  }
}

/** The same token with another signature. */
function forged(token: string): string {
  return token.replace(/\.[^.]*$/, `.${'A'.repeat(43)}`)
}

it('every-endpoint-refuses-strangers: what is not public refuses them with the same bytes, held to the floor', async () => {
  const guarded = server.services.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ endpoint: { access, method, path } }) =>
      access.kind === 'public' ? [] : [{ kind: access.kind, method, path }],
    ),
  )
  expect(guarded.length).toBeGreaterThan(50)
  const { text: body } = await server.client.send('/api/v1/monitors')
  for (const { kind, method, path } of guarded) {
    const url = path.replaceAll(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV')
    const answers = await Promise.all(
      Object.entries(attempts(kind)).map(async ([what, headers]) => {
        const startedAt = performance.now()
        const { status, text } = await server.client.send(url, { method, headers })
        const isHeld = performance.now() - startedAt >= floorMs
        return { what, status, text, isHeld }
      }),
    )
    for (const { what, ...answer } of answers) {
      const expected = { status: 401, text: body, isHeld: true }
      expect({ method, path, what, answer }).toEqual({ method, path, what, answer: expected })
    }
  }
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
