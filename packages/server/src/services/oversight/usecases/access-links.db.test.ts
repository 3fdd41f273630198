import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scoreBody } from '../contract/scoring.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import {
  createAccessLink,
  getTiedMember,
  listAccessLinks,
  revokeAccessLink,
  tieMember,
  verifyAccessLink,
} from './access-links.ts'
import { eraseOperator } from './erase-operator.ts'
import { getOwnRecord } from './own-record.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

const dayMs = 86_400_000

/** A key of an org in which one decision of `h80` is known. */
async function found(): Promise<Caller> {
  const key = await test.found()
  const body = scoreBody.parse(h80Bodies(test.clock.now())[0])
  await scoreInteraction(test.deps, key, body, 'full', test.context())
  return key
}

const member = ({ orgId }: Caller, role: MemberPrincipal['role'], userId = 'mia'): MemberPrincipal => ({
  kind: 'member',
  orgId,
  userId,
  sessionId: 's',
  role,
  ip: '192.0.2.3',
})

const hand = (who: Caller | MemberPrincipal, days = 30) =>
  createAccessLink(test.deps, who, 'h80', { days }, test.context())

const tokenOf = ({ url }: { readonly url: string }): string => new URL(url).hash.slice(1)

async function actionsOf(key: Caller): Promise<readonly string[]> {
  return within(test.deps, key, async (tx) => {
    const rows = await listEntries(tx, {}, { limit: 100 })
    return rows.map((row) => row.event_type)
  })
}

describe('a link to a person’s record', () => {
  it('opens it, to the last millisecond of its time; its making is an entry, and its token is nowhere', async () => {
    const key = await found()
    const made = await hand(key, 1)
    expect(made.url).toMatch(/^https:\/\/gatehouse\.example\/app\/own-record#own_[\w-]{43}$/)
    const token = tokenOf(made)
    const verdict = await verifyAccessLink(test.deps, token)
    expect(verdict).toEqual({ accepted: true, orgId: key.orgId, linkId: made.link.link_id, subject: 'h80' })
    expect(await actionsOf(key)).toContain('access_link.create')
    const { rows } = await test.database.db.pool.query<{ found: boolean }>(
      `SELECT count(*) > 0 AS found FROM oversight.access_link WHERE position($1 in access_link::text) > 0`,
      [token.slice(4)],
    )
    expect(rows[0]?.found).toBe(false)
    test.clock.advance(dayMs - 1)
    expect(await verifyAccessLink(test.deps, token)).toMatchObject({ accepted: true })
    test.clock.advance(1)
    expect(await verifyAccessLink(test.deps, token)).toMatchObject({ reason: 'link_expired' })
    test.clock.advance(-dayMs)
  })

  it('is dead as soon as it is revoked, and its end is an entry', async () => {
    const key = await found()
    const made = await hand(key)
    const at = { operator_id: 'h80', id: made.link.link_id }
    const { link } = await revokeAccessLink(test.deps, key, at, test.context())
    expect(link.revoked_at).not.toBeNull()
    expect(await verifyAccessLink(test.deps, tokenOf(made))).toMatchObject({ reason: 'link_revoked' })
    expect(await actionsOf(key)).toContain('access_link.revoke')
    const { links } = await listAccessLinks(test.deps, key, 'h80', test.context())
    expect(links).toEqual([link])
    // Of another operator, and of another organisation, it is one that never was.
    for (const [who, operatorId] of [
      [key, 'other'],
      [await found(), 'h80'],
    ] as const)
      await expect(
        revokeAccessLink(test.deps, who, { ...at, operator_id: operatorId }, test.context()),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('opens nothing of a suspended organisation, and nothing of whoever was erased', async () => {
    const [key, other] = [await found(), await found()]
    const [suspended, erased] = [tokenOf(await hand(key)), tokenOf(await hand(other))]
    await test.database.db.pool.query(`
      ALTER TABLE gatehouse.org NO FORCE ROW LEVEL SECURITY;
      UPDATE gatehouse.org SET suspended_at = now() WHERE org_id = '${key.orgId}';
      ALTER TABLE gatehouse.org FORCE ROW LEVEL SECURITY`)
    expect(await verifyAccessLink(test.deps, suspended)).toMatchObject({ reason: 'org_suspended' })
    await eraseOperator(test.deps, other, 'h80', test.context())
    expect(await verifyAccessLink(test.deps, erased)).toMatchObject({ reason: 'link_unknown' })
  })

  it('is handed out by an owner, or by the very person, and by nobody else', async () => {
    const key = await found()
    await expect(hand(member(key, 'member'))).rejects.toMatchObject({ code: 'FORBIDDEN_SCOPE' })
    await expect(hand(member(key, 'viewer'))).rejects.toMatchObject({ code: 'FORBIDDEN_SCOPE' })
    await hand(member(key, 'owner'))
    await tieMember(test.deps, member(key, 'owner'), 'h80', { user_id: 'mia' }, test.context())
    expect(await actionsOf(key)).toContain('operator.tie')
    await hand(member(key, 'viewer'))
    await expect(hand(member(key, 'member', 'ben'))).rejects.toMatchObject({ code: 'FORBIDDEN_SCOPE' })
    await expect(
      createAccessLink(test.deps, key, 'nobody', { days: 1 }, test.context()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a member whose account is tied to an operator', () => {
  it('sees that record with a log-in of their own, until the tie is another’s', async () => {
    const key = await found()
    const [owner, mia] = [member(key, 'owner', 'ann'), member(key, 'viewer')]
    const tied = () => getTiedMember(test.deps, owner, 'h80', test.context())
    const read = () => getOwnRecord(test.deps, mia, { window: '90' }, test.context())
    await expect(read()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await tieMember(test.deps, owner, 'h80', { user_id: 'mia' }, test.context())
    expect(await read()).toMatchObject({ operator_id: 'h80', expires_at: null })
    expect(await tied()).toMatchObject({ operator_id: 'h80', user_id: 'mia' })
    await tieMember(test.deps, owner, 'h80', { user_id: 'ben' }, test.context())
    await expect(read()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await tieMember(test.deps, owner, 'h80', { user_id: null }, test.context())
    expect(await tied()).toMatchObject({ user_id: null })
    expect(await actionsOf(key)).toContain('operator.untie')
    await expect(getTiedMember(test.deps, owner, 'nobody', test.context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
