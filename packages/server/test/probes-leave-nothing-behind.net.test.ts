import { afterAll, beforeAll, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { defineClaim, isVerified, type Probe } from '../src/posture/define-claim.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { listLeft } from './fixtures/left-rows.ts'

let server: ComposedServer
beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

function ownClaim(probe: Probe) {
  const nothing = { en: '', ja: '' }
  return defineClaim({
    id: 'test.probe',
    control: 'T7',
    sources: [],
    sentence: () => nothing,
    why: nothing,
    owner: 'test',
    probe,
    method: nothing,
    everyMinutes: 60,
    orgs: 'own',
  })
}

/** One of each kind, and one in orgs of its own; `every-claim-can-fail` looks after all of them. */
const some = ['webhooks.are-signed', 'tenancy.row-security-is-forced', 'limits.dashboard-by-person']

it('probes-leave-nothing-behind: after a run every table holds what it held', async () => {
  const probed = claims.filter(isVerified).filter(({ id }) => some.includes(id))
  expect(probed).toHaveLength(some.length)
  expect(await listLeft(server.db, () => server.probe({ claims: probed }))).toEqual([])
})

it('probes-leave-nothing-behind: nor does a probe that breaks off in the middle', async () => {
  const made: number[] = []
  const breaking = ownClaim({
    kind: 'inside',
    run: async ({ db, target }) => {
      const { rows } = await db.pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM gatehouse.org',
      )
      made.push(rows[0]?.count ?? 0)
      await target.send('/api/v1/monitors', { credential: target.orgs[0]?.keys['uptime'] ?? '' })
      throw new Error('it broke')
    },
  })
  const left = await listLeft(server.db, async () => {
    const [result] = await server.probe({ claims: [breaking] })
    expect(result?.finding).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('it broke'),
    })
  })
  expect(left).toEqual([])
  // The instance's own org, and the two that the probe acted in.
  expect(made).toEqual([3])
})
