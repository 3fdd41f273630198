import { createCallLog } from '@gatehouse/kernel/audit'
import { ensurePartitions, kernelPartitions } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { addUpUsage } from './add-up-usage.ts'
import { getUsage } from './get-usage.ts'

let platform: TestPlatform
const signal = new AbortController().signal
const today = '2026-06-15'

beforeAll(async () => {
  platform = await startTestPlatform()
  platform.clock.set(Date.parse(`${today}T12:00:00.000Z`))
  const { database, clock } = platform
  await ensurePartitions(database.db, kernelPartitions, clock.now())
  await startFrom(`${today}T00:00:00.000Z`)
})
afterAll(() => platform.database.drop())

/** Acts as if usage had been added up to this moment. */
async function startFrom(through: string): Promise<void> {
  await platform.database.db.pool.query('UPDATE platform.usage_progress SET through = $1', [through])
}

async function call(
  orgId: string,
  at: string,
  status = 200,
  route = '/api/v1/monitors',
  userId: string | null = null,
): Promise<void> {
  const calls = createCallLog(platform.deps.db, (error) => {
    throw error
  })
  void calls.record({
    orgId,
    atMs: Date.parse(at),
    keyPrefix: userId === null ? 'mk_01234567' : null,
    userId,
    ip: '192.0.2.1',
    method: 'GET',
    route,
    status,
    durationMs: 3,
  })
  await calls.stop()
}

const usage = (member: MemberPrincipal, from = today, to = today) =>
  getUsage(platform.deps, member, { from, to })

it('calls are counted per day, route and class of status, whether or not they are added up yet', async () => {
  const ann = await platform.found()
  await startFrom('2026-06-14T00:00:00.000Z')
  await call(ann.orgId, '2026-06-14T00:00:00.000Z')
  await call(ann.orgId, '2026-06-14T23:59:59.999Z', 404)
  await call(ann.orgId, '2026-06-15T00:00:00.000Z')
  await call(ann.orgId, '2026-06-15T11:59:00.000Z', 204)
  await call(ann.orgId, '2026-06-15T11:00:00.000Z', 503, '/api/v1/monitors/{id}')
  const expected = {
    days: [Date.parse('2026-06-14'), Date.parse('2026-06-15')],
    calls: 5,
    lines: [
      { method: 'GET', route: '/api/v1/monitors', statusClass: 2, calls: 3, perDay: [1, 2] },
      { method: 'GET', route: '/api/v1/monitors', statusClass: 4, calls: 1, perDay: [1, 0] },
      { method: 'GET', route: '/api/v1/monitors/{id}', statusClass: 5, calls: 1, perDay: [0, 1] },
    ],
  }
  expect(await usage(ann, '2026-06-14')).toEqual(expected)
  await addUpUsage(platform.deps, { signal })
  expect(await usage(ann, '2026-06-14')).toEqual(expected)
  platform.clock.advance(600_000)
  await addUpUsage(platform.deps, { signal })
  expect(await usage(ann, '2026-06-14')).toEqual(expected)
  // Both ends are included, and nothing beyond them.
  expect((await usage(ann)).calls).toBe(3)
})

it('usage-is-of-programs: what screens ask for is not counted, before it is added up and after', async () => {
  const ann = await platform.found()
  await startFrom('2026-06-15T00:00:00.000Z')
  await call(ann.orgId, '2026-06-15T01:00:00.000Z')
  for (const route of ['/dashboard/monitors', '/v1/board'])
    await call(ann.orgId, '2026-06-15T01:00:00.000Z', 200, route, ann.userId)
  expect(await usage(ann)).toMatchObject({ calls: 1, lines: [{ route: '/api/v1/monitors' }] })
  await addUpUsage(platform.deps, { signal })
  expect(await usage(ann)).toMatchObject({ calls: 1, lines: [{ route: '/api/v1/monitors' }] })
})

it('two nodes that add up at the same moment count no call twice', async () => {
  const ann = await platform.found()
  await startFrom('2026-06-15T00:00:00.000Z')
  await call(ann.orgId, '2026-06-15T01:00:00.000Z')
  await Promise.all([1, 2, 3].map(() => addUpUsage(platform.deps, { signal })))
  expect((await usage(ann)).calls).toBe(1)
})

it('a call is not added up before every node has written it', async () => {
  const ann = await platform.found()
  await addUpUsage(platform.deps, { signal })
  const recent = new Date(platform.clock.now() - 4 * 60_000).toISOString()
  await call(ann.orgId, recent)
  expect((await usage(ann)).calls).toBe(1)
  await addUpUsage(platform.deps, { signal })
  expect((await usage(ann)).calls).toBe(1)
})

it('what was added up outlives the calls', async () => {
  const ann = await platform.found()
  await startFrom('2026-06-15T00:00:00.000Z')
  await call(ann.orgId, '2026-06-15T02:00:00.000Z')
  await addUpUsage(platform.deps, { signal })
  await platform.database.db.pool.query('TRUNCATE gatehouse.api_call')
  expect((await usage(ann)).calls).toBe(1)
})

it('another organisation sees none of it', async () => {
  const [ann, bob] = [await platform.found(), await platform.found()]
  await call(ann.orgId, '2026-06-15T03:00:00.000Z')
  expect((await usage(bob)).calls).toBe(0)
  await startFrom('2026-06-15T00:00:00.000Z')
  await addUpUsage(platform.deps, { signal })
  expect((await usage(ann)).calls).toBe(1)
  expect((await usage(bob)).calls).toBe(0)
})

it('91 days are refused by the name of the field', async () => {
  const ann = await platform.found()
  expect((await usage(ann, '2026-03-18')).days).toHaveLength(90)
  await expect(usage(ann, '2026-03-17')).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'from' }],
  })
})
