import { verifyChain } from '@gatehouse/kernel/audit'
import { asEraser, asGate, ensurePartitions, type OrgTable, query } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { policy } from '../src/platform/policy.ts'
import { writeMoment } from '../src/mail/write-moment.ts'
import { findMembership } from '../src/platform/store/membership-store.ts'
import { deleteOrgRows } from '../src/platform/store/org-life-store.ts'
import { runQueue } from '../src/platform/testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../src/platform/testing/test-platform.ts'
import { cancelTeamDeletion } from '../src/platform/usecases/cancel-team-deletion.ts'
import { createTeam } from '../src/platform/usecases/create-team.ts'
import { deleteTeam } from '../src/platform/usecases/delete-team.ts'
import { eraseDueOrgs } from '../src/platform/usecases/erase-due-orgs.ts'
import { eraseOrg } from '../src/platform/usecases/erase-org.ts'
import { schema } from '../src/schema.ts'
import { toCanaryRows } from './fixtures/canary-rows.ts'
import { findTraces, listTables, lookPastRowSecurity, releaseCanaries } from './fixtures/org-canaries.ts'

const { orgs: orgTables, partitions } = schema

let platform: TestPlatform
const dayMs = 86_400_000
const never = new AbortController().signal
let words = 0

beforeAll(async () => {
  platform = await startTestPlatform({ orgTables })
  await lookPastRowSecurity(platform.deps.db)
  await ensurePartitions(platform.deps.db, partitions, platform.clock.now())
})
afterAll(() => platform.database.drop())

/** A new org with a row in every table, and the words that find it. */
async function furnish(): Promise<{ readonly owner: MemberPrincipal; readonly words: readonly string[] }> {
  words += 1
  const word = `canary${words}`
  const owner = await platform.found(word)
  await releaseCanaries(platform.deps.db, { ...owner, word })
  return { owner, words: [word, owner.orgId] }
}

const traces = (searched: readonly string[]) => findTraces(platform.deps.db, searched)
const chainOf = ({ orgId }: MemberPrincipal) =>
  verifyChain(platform.deps, { kind: 'system', orgId, because: 'test' }, platform.deps.auditKeys)

async function pass30Days(): Promise<void> {
  platform.clock.advance(policy.deletionDays * dayMs)
}

it('every table that holds data of orgs says what becomes of it, column by column', async () => {
  const { rows } = await platform.deps.db.pool.query<{ table: string; columns: string[] }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, array_agg(a.attname::text) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema)'
      GROUP BY 1 HAVING 'org_id' = ANY (array_agg(a.attname::text))`,
  )
  const listed = new Map(orgTables.map((place) => [place.table, place]))
  expect(listed.size).toBe(orgTables.length)
  expect(rows.map(({ table }) => table).filter((table) => !listed.has(table))).toEqual([])
  for (const { table, columns } of rows) {
    const place: OrgTable = listed.get(table) ?? { table, columns: [] }
    const { columns: shown, withheld = {} } = place
    const unsaid = columns.filter(
      (column) => column !== 'org_id' && !shown.includes(column) && withheld[column] === undefined,
    )
    expect({ table, unsaid: '*' in withheld ? [] : unsaid }).toEqual({ table, unsaid: [] })
    const unknown = [...shown, ...Object.keys(withheld)].filter(
      (column) => column !== '*' && !columns.includes(column),
    )
    expect({ table, unknown }).toEqual({ table, unknown: [] })
  }
})

it('canaries are in every table that can name an org', async () => {
  const { rows } = await platform.deps.db.pool.query<{ table: string }>(
    `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS table
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attname ~ '(^|_)org(_id)?$'
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema)'`,
  )
  // These are written by making an org.
  const made = [
    'gatehouse.org',
    'gatehouse.audit_head',
    'gatehouse.audit_entry',
    'gatehouse.audit_checkpoint',
    'platform.membership',
  ]
  // These hold rows of the instance alone, as a condition of theirs says.
  const ofInstance = [
    'platform.security_incident',
    'platform.security_incident_org',
    'platform.disclosure_case',
    'platform.credit',
    'posture.evidence',
    'posture.policy',
    'posture.run',
  ]
  const covered = new Set([
    ...made,
    ...ofInstance,
    ...(await toCanaryRows({ orgId: '', userId: '', word: '' })).map(([table]) => table),
  ])
  expect(rows.map(({ table }) => table).filter((table) => !covered.has(table))).toEqual([])
})

it('deleted-org-is-gone: 30 days after an owner asked, and not a millisecond sooner', async () => {
  const { deps, clock } = platform
  const { owner: ann, words: acme } = await furnish()
  const { words: other } = await furnish()
  const askedMs = clock.now()
  expect(await deleteTeam(deps, ann)).toBe(askedMs + 30 * dayMs)
  await deps.db.pool.query(
    `INSERT INTO gatehouse.api_call (org_id, at, ip, method, route, status, duration_ms)
     SELECT $1, $2, '192.0.2.1', 'GET', '/' || n, 200, 1 FROM generate_series(1, 2500) AS n`,
    [ann.orgId, new Date(askedMs)],
  )
  const [before, others] = [await traces(acme), await traces(other)]
  clock.set(askedMs + 30 * dayMs - 1)
  await eraseDueOrgs(deps, never)
  expect(await traces(acme)).toEqual(before)

  clock.advance(1)
  await eraseDueOrgs(deps, never)
  const left = await traces(acme)
  expect(Object.keys(left).toSorted()).toEqual([
    'gatehouse.audit_checkpoint',
    'gatehouse.audit_entry',
    'gatehouse.audit_head',
    'gatehouse.org',
  ])
  expect(await traces([acme[0] ?? ''])).toEqual({})
  expect(await traces(other)).toEqual(others)
  expect(await asGate(deps, (tx) => findMembership(tx, ann.userId, ann.orgId))).toBeUndefined()

  expect(await chainOf(ann)).toMatchObject({ intact: true, faults: [] })
  const { rows } = await deps.db.pool.query(
    `SELECT count(*)::int AS entries, count(payload)::int AS bodies, count(actor_id)::int AS actors
       FROM gatehouse.audit_entry WHERE org_id = $1`,
    [ann.orgId],
  )
  expect(rows).toEqual([{ entries: 4, bodies: 0, actors: 0 }])
  const { rows: told } = await deps.db.pool.query(
    `SELECT actor_id FROM gatehouse.audit_entry
      WHERE org_id = $1 AND event_type = 'org.erase' AND resource_id = $2`,
    [instanceOrgId, ann.orgId],
  )
  expect(told).toEqual([{ actor_id: 'system:org deletion' }])
})

it('an erasure that was stopped goes on, and lets nobody in meanwhile', async () => {
  const { deps } = platform
  const { owner, words: searched } = await furnish()
  await deleteTeam(deps, owner)
  await pass30Days()
  const stopping = new AbortController()
  const principal = { kind: 'system', orgId: owner.orgId, because: 'test' } as const
  const stopped = eraseOrg(
    deps,
    principal,
    () => {
      stopping.abort()
      return true
    },
    stopping.signal,
  )
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  expect(Object.keys(await traces(searched))).toContain('uptime.monitor')
  expect(await asGate(deps, (tx) => findMembership(tx, owner.userId, owner.orgId))).toMatchObject({
    isOrgSuspended: true,
  })
  await expect(cancelTeamDeletion(deps, owner)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await eraseDueOrgs(deps, never)
  expect(Object.keys(await traces(searched))).not.toContain('uptime.monitor')
})

it('what was written down while the org went is swept away for another day', async () => {
  const { deps, clock } = platform
  const { owner, words: searched } = await furnish()
  await deleteTeam(deps, owner)
  await pass30Days()
  await eraseDueOrgs(deps, never)
  const call = (): Promise<unknown> =>
    deps.db.pool.query(
      `INSERT INTO gatehouse.api_call (org_id, at, ip, method, route, status, duration_ms)
       VALUES ($1, $2, '192.0.2.1', 'GET', '/', 200, 1)`,
      [owner.orgId, new Date(Date.UTC(2026, 5, 1))],
    )
  await call()
  clock.advance(dayMs - 1)
  await eraseDueOrgs(deps, never)
  expect(Object.keys(await traces(searched))).not.toContain('gatehouse.api_call')
})

it('whoever is also somewhere else stays logged in there', async () => {
  const { deps } = platform
  const { owner } = await furnish()
  const { orgId: second } = await createTeam(deps, owner, 'Second')
  await deleteTeam(deps, owner)
  await pass30Days()
  await eraseDueOrgs(deps, never)
  const { rows } = await deps.db.pool.query(`SELECT active_org FROM gatehouse.session WHERE user_id = $1`, [
    owner.userId,
  ])
  expect(rows).toEqual([{ active_org: second }])
})

it('owners hear of it, and an org that they keep stays as it was', async () => {
  const { deps, clock } = platform
  const { owner, words: searched } = await furnish()
  const atMs = await deleteTeam(deps, owner)
  await runQueue(deps)
  expect(platform.mails.at(-1)).toMatchObject({ subject: `${searched[0]} will be deleted` })
  expect(platform.mails.at(-1)?.text).toContain(writeMoment(atMs, { language: 'en', timeZone: null }))
  const heard = platform.mails.length
  clock.advance(dayMs)
  expect(await deleteTeam(deps, owner)).toBe(atMs)
  await runQueue(deps)
  expect(platform.mails).toHaveLength(heard)
  await cancelTeamDeletion(deps, owner)
  await expect(cancelTeamDeletion(deps, owner)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
  await pass30Days()
  await eraseDueOrgs(deps, never)
  expect(Object.keys(await traces(searched))).toContain('uptime.monitor')
})

it('the database lets nobody erase an org whose erasure has not begun, nor another one', async () => {
  const { deps } = platform
  const { owner } = await furnish()
  const { owner: other } = await furnish()
  const wipe = (orgId: string) =>
    asEraser(deps, orgId, async (tx) => {
      const { numAffectedRows } = await sql`DELETE FROM uptime.incident_update`.execute(query(tx))
      return numAffectedRows
    })
  expect(await wipe(owner.orgId)).toBe(0n)
  await deps.db.pool.query(
    `UPDATE gatehouse.org SET suspended_at = now(), erasing_at = now() WHERE org_id = $1`,
    [owner.orgId],
  )
  expect(await wipe(other.orgId)).toBe(0n)
  expect(await wipe(owner.orgId)).toBe(1n)
  // The chain stays, and so does the place that it refers to, although the erasure has ended: it is no org of a probe.
  await deps.db.pool.query(`UPDATE gatehouse.org SET erased_at = now() WHERE org_id = $1`, [owner.orgId])
  for (const table of ['audit_entry', 'audit_checkpoint', 'audit_head', 'org']) {
    const gone = await asEraser(deps, owner.orgId, (tx) => deleteOrgRows(tx, `gatehouse.${table}`, 1_000))
    expect([table, gone]).toEqual([table, 0])
  }
  const { rows } = await deps.db.pool.query(
    `SELECT FROM gatehouse.org o JOIN gatehouse.audit_entry e USING (org_id) WHERE org_id = $1`,
    [owner.orgId],
  )
  expect(rows.length).toBeGreaterThan(0)
  await expect(
    deps.db.pool.query(`UPDATE gatehouse.org SET throw_away = true WHERE org_id = $1`, [owner.orgId]),
  ).rejects.toThrow('said when it is made')
})

it('the tables of the catalogue are many', async () => {
  expect((await listTables(platform.deps.db)).length).toBeGreaterThan(40)
})
