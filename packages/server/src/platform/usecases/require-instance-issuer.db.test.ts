import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { Secret } from '@gatehouse/kernel/secrets'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PlatformDeps } from '../deps.ts'
import { findMembership } from '../store/membership-store.ts'
import { listInstanceRequirements } from '../store/sso-requirement-store.ts'
import { newPerson } from '../testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { changeRole } from './change-role.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { removeMember } from './remove-member.ts'
import { requireInstanceIssuer } from './require-instance-issuer.ts'
import { deleteSingleSignOn, setSingleSignOn } from './set-single-sign-on.ts'

let platform: TestPlatform
let owner: MemberPrincipal
let member: MemberPrincipal
let email: string
let slug: string

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())
beforeEach(async () => {
  const person = await newPerson(platform)
  owner = person.member
  email = person.email
  member = await platform.join(owner.orgId, 'owner')
  const { rows } = await platform.deps.db.pool.query<{ slug: string }>(
    'SELECT slug FROM gatehouse.org WHERE org_id = $1',
    [owner.orgId],
  )
  slug = rows[0]?.slug ?? ''
})

const withIssuer = (requiredExcept: string | undefined, orgSlug = slug): PlatformDeps => ({
  ...platform.deps,
  instanceIssuer: {
    issuer: 'https://login.example.com',
    clientId: 'gatehouse',
    clientSecret: new Secret('a secret of theirs'),
    domains: ['example.com'],
    groupClaim: null,
    groupRoles: [],
    defaultRole: 'viewer',
    clockSkewSeconds: 60,
    orgSlug,
    requiredExcept,
  },
})

/** Whether each may come in by the issuer alone: the owner whom the settings except, and another. */
const needIssuer = async () => {
  const of = async ({ userId }: MemberPrincipal) =>
    (await asGate(platform.deps, (tx) => findMembership(tx, userId, owner.orgId)))?.needsIssuer
  return [await of(owner), await of(member)]
}
const actions = async () =>
  JSON.stringify(await listAuditLogs(platform.deps, owner, { action: 'sso.', limit: 20 })).match(
    /"action":"sso\.\w+"/g,
  ) ?? []

describe('required-sign-on-shuts-every-other-password', () => {
  it('of the organisation of the instance too, but for the owner whom the settings except', async () => {
    await requireInstanceIssuer(withIssuer(email))
    expect(await needIssuer()).toEqual([false, true])
    await requireInstanceIssuer(withIssuer(email))
    expect(await actions()).toEqual(['"action":"sso.require"'])
    await requireInstanceIssuer(withIssuer(undefined))
    expect(await needIssuer()).toEqual([false, false])
    expect(await actions()).toHaveLength(2)
  })

  it.each([
    ['nobody has the address', async () => 'nobody@example.com'],
    ['its person is of another organisation', async () => (await newPerson(platform)).email],
    ['its person has no password', async () => `${member.userId.toLowerCase()}@example.com`],
  ])('and not while %s, so that nobody is locked out', async (_what, toEmail) => {
    await requireInstanceIssuer(withIssuer(await toEmail()))
    expect(await needIssuer()).toEqual([false, false])
  })

  it('the owner who is excepted stays an owner and a member while that is so', async () => {
    await requireInstanceIssuer(withIssuer(email))
    await expect(changeRole(platform.deps, member, owner.userId, 'member')).rejects.toMatchObject({
      code: 'BREAK_GLASS_OWNER',
    })
    await expect(removeMember(platform.deps, member, owner.userId)).rejects.toMatchObject({
      code: 'BREAK_GLASS_OWNER',
    })
    await requireInstanceIssuer(platform.deps)
    await removeMember(platform.deps, member, owner.userId)
  })

  it('an issuer of the organisation’s own comes before that of the instance', async () => {
    await requireInstanceIssuer(withIssuer(email))
    await setSingleSignOn(platform.deps, owner, {
      issuer: 'https://own.example.com',
      clientId: 'gatehouse',
      clientSecret: 'a secret of theirs',
      domains: [],
      groupClaim: null,
      groupRoles: [],
      defaultRole: 'viewer',
      isRequired: false,
      breakGlassUserId: null,
      clockSkewSeconds: 60,
    })
    expect(await needIssuer()).toEqual([false, false])
    await deleteSingleSignOn(platform.deps, owner)
    expect(await needIssuer()).toEqual([false, true])
  })

  it('another organisation that is named takes its place', async () => {
    await requireInstanceIssuer(withIssuer(email))
    const former = owner.orgId
    const other = await newPerson(platform)
    const { rows } = await platform.deps.db.pool.query<{ slug: string }>(
      'SELECT slug FROM gatehouse.org WHERE org_id = $1',
      [other.member.orgId],
    )
    await requireInstanceIssuer(withIssuer(other.email, rows[0]?.slug))
    const held = await asGate(platform.deps, listInstanceRequirements)
    expect(held.map(({ orgId }) => orgId)).toEqual([other.member.orgId])
    expect(held.map(({ orgId }) => orgId)).not.toContain(former)
  })
})
