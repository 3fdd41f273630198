import { text } from 'node:stream/consumers'
import { mutate } from '@gatehouse/kernel/audit'
import { asGate, query } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { openSession } from '@gatehouse/kernel/sessions'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestPlatform, type TestPlatform } from '../src/platform/testing/test-platform.ts'
import { createKey } from '../src/platform/usecases/create-key.ts'
import { createTeam } from '../src/platform/usecases/create-team.ts'
import { approveDevice } from '../src/platform/usecases/decide-device.ts'
import { exportAccount } from '../src/platform/usecases/export-account.ts'
import { invite } from '../src/platform/usecases/invite.ts'
import { requestDeletionCode } from '../src/platform/usecases/request-deletion-code.ts'
import { startDeviceLogin } from '../src/platform/usecases/start-device-login.ts'
import { schema } from '../src/schema.ts'

const { personal: personalTables } = schema

let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform({ personalTables })
})
afterAll(() => platform.database.drop())

type Export = { userId: string; records: Record<string, Record<string, unknown>[]> }

async function exportOf(member: MemberPrincipal): Promise<{ all: string; parsed: Export }> {
  const all = await text(await exportAccount(platform.deps, member))
  // Safe: the file is what this test is about, and each access below fails when it has another form.
  return { all, parsed: JSON.parse(all) as Export }
}

async function leaveTraces(member: MemberPrincipal, trace: string): Promise<void> {
  const { deps, clock } = platform
  await asGate(deps, (tx) => openSession(tx, { ...member, userAgent: trace }, clock.now()))
  await createKey(deps, member, { service: 'uptime', name: trace, scopes: ['read'] })
  await invite(deps, member, { role: 'viewer', email: `${trace}@example.net` })
  await requestDeletionCode(deps, member)
  const { userCode } = await startDeviceLogin(deps, { client: 'cli' }, { ip: '192.0.2.7', userAgent: trace })
  await approveDevice(deps, member, userCode)
  await linkOperator(member, trace)
}

/** Somebody else's way to their own record, as a member hands it out. */
async function linkOperator(member: MemberPrincipal, operatorId: string): Promise<void> {
  const now = platform.clock.now()
  await mutate(platform.deps, member, async (tx) => {
    await sql`
      INSERT INTO oversight.access_link (org_id, id, operator_id, token_digest, created_at, created_by, expires_at)
      VALUES (${tx.orgId}, ${operatorId}, ${operatorId}, ${Buffer.from(operatorId)}, ${new Date(now)},
              ${`member:${member.userId}`}, ${new Date(now + 1_000)})`.execute(query(tx))
    return { result: undefined, entry: { action: 'test.link', resourceId: operatorId, at: now } }
  })
}

it('export-holds-everything-and-only-mine', async () => {
  const { deps } = platform
  const ann = await platform.found('Acme')
  const bob = await platform.join(ann.orgId, 'owner')
  const eve = await platform.found('Elsewhere')
  await leaveTraces(ann, 'trace-of-ann')
  await leaveTraces(bob, 'trace-of-bob')
  await leaveTraces(eve, 'trace-of-eve')
  const second = await createTeam(deps, ann, 'Second')
  await leaveTraces({ ...ann, orgId: second.orgId }, 'trace-elsewhere')

  const { all, parsed } = await exportOf(ann)
  expect(parsed.userId).toBe(ann.userId)
  expect(Object.keys(parsed.records).toSorted()).toEqual(
    [...new Set(personalTables.map(({ table }) => table))].toSorted(),
  )
  const { records } = parsed
  expect(records['platform.user']).toMatchObject([{ id: ann.userId }])
  expect(records['platform.membership']).toHaveLength(2)
  const own = ['trace-elsewhere', 'trace-of-ann']
  expect(records['gatehouse.session']?.map(({ user_agent }) => user_agent).toSorted()).toEqual(own)
  expect(records['gatehouse.api_key']?.map(({ name }) => name).toSorted()).toEqual(own)
  expect(records['platform.invitation']).toHaveLength(2)
  expect(records['oversight.access_link']?.map(({ id }) => id).toSorted()).toEqual(own)
  expect(records['platform.device_login']).toHaveLength(2)
  expect(records['platform.mailed_proof']).toMatchObject([{ purpose: 'delete_account' }])
  expect(records['gatehouse.audit_entry']?.map(({ event_type }) => event_type)).toEqual(
    expect.arrayContaining(['key.create', 'user.ask_deletion', 'user.export']),
  )
  for (const other of [bob, eve]) expect(all).not.toContain(other.userId)
  for (const trace of ['trace-of-bob', 'trace-of-eve', 'digest', 'password']) expect(all).not.toContain(trace)
})

/** Columns that look as if they named a person, and do not. */
const innocent: Readonly<Record<string, string>> = {
  'gatehouse.api_key.replaced_by': 'the key that took its place',
  'gatehouse.webhook_endpoint.registered_by': 'the service whose keys registered it',
  'oversight.attest_proof.enrolled_by': 'the way it was enrolled: by a link or a member',
  'oversight.authenticator.enrolled_by': 'the way it was enrolled: by a link or a member',
  'oversight.telemetry_session.used_by': 'the decision that used it up',
}

it('every column that may name a person is exported, or known not to', async () => {
  const { rows } = await platform.deps.db.pool.query<{ place: string }>(
    `SELECT n.nspname || '.' || c.relname || '.' || a.attname AS place
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'graphile_worker')
        AND n.nspname !~ '^pg_'
        AND a.attname ~ '(^|_)(user|person|member|actor|owner|email)(_id)?$|_by$'
      ORDER BY 1`,
  )
  const places = rows.map(({ place }) => place)
  expect(places).toContain('gatehouse.session.user_id')
  const exported = new Set(
    personalTables.flatMap(({ table, person, columns }) =>
      [person, ...columns].map((column) => `${table}.${column}`),
    ),
  )
  expect(places.filter((place) => !exported.has(place) && innocent[place] === undefined)).toEqual([])
  expect(Object.keys(innocent).filter((place) => !places.includes(place))).toEqual([])
})
