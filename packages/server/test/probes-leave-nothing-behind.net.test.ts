import { afterAll, beforeAll, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { defineClaim, isVerified, type Probe, type VerifiedClaim } from '../src/posture/define-claim.ts'
import { fails, holds } from '../src/posture/finding.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { listLeft } from './fixtures/left-rows.ts'

let server: ComposedServer
beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

function ownClaim(probe: Probe, more: Partial<VerifiedClaim> = {}) {
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
    ...more,
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

it('probes-leave-nothing-behind: however many share their orgs, no limit of those refuses one of them', async () => {
  const greedy = Array.from({ length: 8 }, (_, at) =>
    ownClaim(
      {
        kind: 'outside',
        run: async (target) => {
          const credential = target.orgs[0]?.owner?.accessToken ?? ''
          for (let call = 0; call < 12; call += 1)
            if ((await target.send('/dashboard/monitors', { credential })).status !== 200)
              return fails('Its owner was refused')
          return holds()
        },
      },
      { id: `test.greedy-${at}`, orgs: 'shared' },
    ),
  )
  const results = await server.probe({ claims: greedy })
  expect(results.map(({ finding }) => finding.verdict)).toEqual(greedy.map(() => 'holds'))
}, 500_000)
