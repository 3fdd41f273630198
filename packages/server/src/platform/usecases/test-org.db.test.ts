import { asGate, toTestOrgId } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unpackArchive } from '../../../test/fixtures/unpack-archive.ts'
import { findAllowedOrigins, listOrgs } from '../store/org-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { createKey } from './create-key.ts'
import { eraseOrg } from './erase-org.ts'
import { exportTeam } from './export-team.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { openTestOrg } from './test-org.ts'
import { updateTeam } from './update-team.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform({
    services: new Map([
      [
        'oversight',
        {
          keyShape: {
            prefixes: ['ck_live_', 'ck_test_'],
            testPrefix: 'ck_test_',
            alphabet: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
            bodyLength: 26,
            visibleLength: 16,
            check: null,
          },
          scopes: ['operators:read'],
          title: 'Oversight',
          defaultScopes: ['read'],
          deviceScopes: null,
        },
      ],
    ]),
  })
  const { db } = platform.deps
  // The tables' owner may bypass row-level security here, to see two orgs at the same time.
  await db.pool.query('ALTER TABLE gatehouse.org NO FORCE ROW LEVEL SECURITY')
})
afterAll(() => platform.database.drop())

const wish = { service: 'oversight', name: 'trial', scopes: ['read'], mode: 'test' } as const

type OrgRow = {
  readonly name: string
  readonly plan: string
  readonly test_of: string | null
  readonly erased_at: Date | null
}

async function readOrg(orgId: string): Promise<OrgRow | undefined> {
  const { rows } = await platform.deps.db.pool.query<OrgRow>(
    'SELECT name, plan, test_of, erased_at FROM gatehouse.org WHERE org_id = $1',
    [orgId],
  )
  return rows[0]
}

const inTestOrg = (owner: MemberPrincipal): MemberPrincipal => ({ ...owner, orgId: toTestOrgId(owner.orgId) })
const actionsOf = async (principal: MemberPrincipal): Promise<readonly string[]> => {
  const { auditLogs } = await listAuditLogs(platform.deps, principal, { limit: 100 })
  return auditLogs.map(({ eventType }) => eventType)
}

it('the first test key makes the test org, of the same plan and marked by its name; the next one finds it', async () => {
  const owner = await platform.found('Acme')
  const testOrgId = toTestOrgId(owner.orgId)
  const live = await createKey(platform.deps, owner, { ...wish, mode: 'live' })
  expect(live.record).toMatchObject({ testOrgId: null, prefix: expect.stringMatching(/^ck_live_/) })
  expect(await readOrg(testOrgId)).toBeUndefined()
  for (let made = 0; made < 2; made += 1) {
    const { record } = await createKey(platform.deps, owner, wish)
    expect(record).toMatchObject({ testOrgId, prefix: expect.stringMatching(/^ck_test_/) })
  }
  expect(await readOrg(testOrgId)).toMatchObject({
    name: 'Acme (test)',
    plan: 'unlimited',
    test_of: owner.orgId,
  })
  expect(await actionsOf(inTestOrg(owner))).toEqual(['org.create'])
  expect((await actionsOf(owner)).filter((action) => action === 'key.create')).toHaveLength(3)
})

it('of requests that make the test org at once one does, and all get it', async () => {
  const owner = await platform.found()
  const ids = await Promise.all([1, 2, 3, 4].map(() => openTestOrg(platform.deps, owner)))
  expect(new Set(ids)).toEqual(new Set([toTestOrgId(owner.orgId)]))
  expect(await actionsOf(inTestOrg(owner))).toEqual(['org.create'])
})

it('a key can act in the test org of its own org and in no other', async () => {
  const { db } = platform.deps
  const [ann, eve] = [await platform.found(), await platform.found()]
  const { record } = await createKey(platform.deps, ann, wish)
  await openTestOrg(platform.deps, eve)
  await db.pool.query('ALTER TABLE gatehouse.api_key NO FORCE ROW LEVEL SECURITY')
  const bind = (orgId: string) =>
    db.pool.query('UPDATE gatehouse.api_key SET test_org_id = $1 WHERE id = $2', [orgId, record.id])
  for (const orgId of [toTestOrgId(eve.orgId), eve.orgId, ann.orgId])
    await expect(bind(orgId)).rejects.toMatchObject({ code: '23503' })
  expect((await bind(toTestOrgId(ann.orgId))).rowCount).toBe(1)
  await db.pool.query('ALTER TABLE gatehouse.api_key FORCE ROW LEVEL SECURITY')
})

it('name, origins and plan of the test org follow those of its org', async () => {
  const { deps } = platform
  const owner = await platform.found('Acme')
  const testOrgId = await openTestOrg(deps, owner)
  await updateTeam(deps, owner, { name: 'New', allowedOrigins: ['https://app.example.com'] })
  await deps.db.pool.query(`UPDATE gatehouse.org SET plan = 'pro' WHERE org_id = $1`, [owner.orgId])
  expect(await readOrg(testOrgId)).toMatchObject({ name: 'New (test)', plan: 'pro' })
  expect(await findAllowedOrigins(deps, testOrgId)).toEqual(['https://app.example.com'])
})

it('an operator who names an org, or none, never means a test org', async () => {
  const owner = await platform.found('Named')
  const testOrgId = await openTestOrg(platform.deps, owner)
  const listed = (await asGate(platform.deps, listOrgs)).map(({ id }) => id)
  expect(listed).toContain(owner.orgId)
  expect(listed).not.toContain(testOrgId)
})

it('the export of an org holds its test org, in a folder of its own', async () => {
  const owner = await platform.found('Packed')
  const before = await unpackArchive(await exportTeam(platform.deps, owner))
  expect([...before.keys()].filter((name) => name.startsWith('test/'))).toEqual([])
  await openTestOrg(platform.deps, owner)
  const files = await unpackArchive(await exportTeam(platform.deps, owner))
  const orgOf = (name: string) => files.get(name)?.toString('utf8')
  expect(orgOf('tables/gatehouse.org.ndjson')).toContain('"Packed"')
  expect(orgOf('test/tables/gatehouse.org.ndjson')).toContain('"Packed (test)"')
  expect(orgOf('test/audit.ndjson')).toContain('org.create')
  expect(orgOf('audit.ndjson')).not.toContain('Packed (test)')
})

it('the test org is erased with its org, keys and all, and may be erased again', async () => {
  const { deps } = platform
  const owner = await platform.found('Gone')
  await createKey(deps, owner, wish)
  const testOrgId = toTestOrgId(owner.orgId)
  const principal = { kind: 'system', orgId: owner.orgId, because: 'test' } as const
  expect(await eraseOrg(deps, principal, () => false)).toEqual({ erased: false })
  expect((await readOrg(testOrgId))?.erased_at).toBeNull()
  for (let times = 0; times < 2; times += 1)
    expect(await eraseOrg(deps, principal, () => true)).toMatchObject({ erased: true })
  expect(await readOrg(owner.orgId)).toMatchObject({ name: 'Erased', erased_at: expect.any(Date) })
  expect(await readOrg(testOrgId)).toMatchObject({ name: 'Erased', erased_at: expect.any(Date) })
})
