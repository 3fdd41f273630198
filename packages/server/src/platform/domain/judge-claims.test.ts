import { describe, expect, it } from 'vitest'
import { type Claims, judgeClaims } from './judge-claims.ts'
import type { RoleRules } from './single-sign-on.ts'

const rules: RoleRules = {
  groupClaim: 'groups',
  groupRoles: [
    { group: 'staff', role: 'member' },
    { group: 'admins', role: 'owner' },
  ],
  defaultRole: null,
}
const connection = { orgId: 'org', issuer: 'https://login.example.com', domains: ['example.com'], ...rules }
const claims = {
  sub: 'mia',
  sid: 's1',
  email: 'Mia@Example.com',
  email_verified: true,
  name: 'Mia',
  groups: ['staff'],
}
const readEmail = (text: string): string | undefined =>
  /^[^@\s]+@[^@\s]+$/.test(text) ? text.replace(/@.*$/, (domain) => domain.toLowerCase()) : undefined
const judge = (given: Claims, changed: Partial<typeof connection> = {}) =>
  judgeClaims({ ...claims, ...given }, { ...connection, ...changed }, readEmail)

it('somebody of a proven domain arrives with the role of their groups', () => {
  expect(judge({})).toEqual({
    accepted: true,
    arrival: {
      orgId: 'org',
      issuer: 'https://login.example.com',
      subject: 'mia',
      sid: 's1',
      email: 'mia@example.com',
      name: 'Mia',
      role: 'member',
    },
  })
})

describe('an issuer vouches for nobody', () => {
  it.each<[string, Claims, string]>([
    ['without a subject', { sub: '' }, 'subject_missing'],
    ['with a subject of more than 255 characters', { sub: 'x'.repeat(256) }, 'subject_missing'],
    ['without an address', { email: undefined }, 'email_missing'],
    ['with an address that is none', { email: 'mia' }, 'email_missing'],
    ['with an address that is a list', { email: ['mia@example.com'] }, 'email_missing'],
    ['whose address it has not verified', { email_verified: false }, 'email_unverified'],
    ['of whose address it does not say so', { email_verified: undefined }, 'email_unverified'],
    ['whose verification is a word', { email_verified: 'yes' }, 'email_unverified'],
    ['of another domain', { email: 'mia@example.org' }, 'email_foreign'],
    ['of a domain below', { email: 'mia@a.example.com' }, 'email_foreign'],
    ['of a domain that ends alike', { email: 'mia@notexample.com' }, 'email_foreign'],
    ['whose groups give no role', { groups: ['guests'] }, 'no_role'],
    ['who has no groups', { groups: [] }, 'no_role'],
    ['whose groups are not said', { groups: undefined }, 'groups_missing'],
  ])('%s', (_whom, given, reason) => {
    const { groups, ...others } = { ...claims, ...given }
    const whole = groups === undefined ? others : { groups, ...others }
    expect(judgeClaims(whole, connection, readEmail)).toMatchObject({ accepted: false, reason })
  })
})

describe('the role', () => {
  const roleOf = (given: Claims, changed: Partial<typeof connection> = {}) => {
    const verdict = judge(given, changed)
    return verdict.accepted ? verdict.arrival.role : verdict.reason
  }

  it.each<[string, Claims, Partial<typeof connection>, string]>([
    ['is the highest of several groups', { groups: ['staff', 'admins', 'guests'] }, {}, 'owner'],
    ['may come of a single group that is no list', { groups: 'admins' }, {}, 'owner'],
    ['of nobody’s groups is the default', { groups: ['guests'] }, { defaultRole: 'viewer' }, 'viewer'],
    ['is never lowered by the default', { groups: ['staff'] }, { defaultRole: 'viewer' }, 'member'],
    ['without a claim of groups is the default', {}, { groupClaim: null, defaultRole: 'member' }, 'member'],
    ['without both is none', {}, { groupClaim: null }, 'no_role'],
    [
      'may be found below another claim',
      { realm: { roles: ['admins'] } },
      { groupClaim: 'realm.roles' },
      'owner',
    ],
    [
      'is found by a name with dots first',
      { 'a.b': ['staff'], a: { b: ['admins'] } },
      { groupClaim: 'a.b' },
      'member',
    ],
    ['is not inherited', {}, { groupClaim: 'constructor.name' }, 'groups_missing'],
  ])('%s', (_promise, given, changed, role) => expect(roleOf(given, changed)).toBe(role))
})

it.each<[unknown, unknown, string]>([
  ['  Mia \u202e Müller\n', undefined, 'Mia Müller'],
  ['x'.repeat(200), undefined, 'x'.repeat(100)],
  ['\u0000', 'mia.m', 'mia.m'],
  [undefined, undefined, 'mia'],
  [7, {}, 'mia'],
])('a name of %j and %j is shown as %j', (name, username, shown) => {
  expect(judge({ name, preferred_username: username })).toMatchObject({ arrival: { name: shown } })
})
