import { describe, expect, it } from 'vitest'
import { judgeVisibility, type PagePass } from './page-access.ts'

const nowMs = 1_000
const open = { access: 'public', passwordDigest: null, feedKeyDigest: null } as const
const locked = { access: 'password', passwordDigest: 'a', feedKeyDigest: 'k' } as const
const members = { access: 'members', passwordDigest: null, feedKeyDigest: 'k' } as const
const member: PagePass = { kind: 'member', untilMs: nowMs + 1 }
const pass: PagePass = { kind: 'password', passwordDigest: 'a', untilMs: nowMs + 1 }
const key: PagePass = { kind: 'feed_key', digest: 'k' }

describe('one-rule-decides-who-sees-a-page', () => {
  it.each([
    ['a public one', open, undefined, 'shown'],
    ['none', undefined, pass, 'missing'],
    ['one of members', members, undefined, 'missing'],
    ['one of members, to whom once had a password', { ...members, passwordDigest: 'a' }, pass, 'missing'],
    ['one of members, to a program with its key', members, key, 'missing'],
    ['one of members, to one who came by a link', members, member, 'shown'],
    ['one of members, to one who came too long ago', members, { ...member, untilMs: nowMs }, 'missing'],
    ['one with a password, to a member who did not give it', locked, member, 'locked'],
    ['one with a password', locked, undefined, 'locked'],
    ['one with a password, to whom gave it', locked, pass, 'shown'],
    ['one with a password, to whom gave it too long ago', locked, { ...pass, untilMs: nowMs }, 'locked'],
    ['one with a password, to a program with its key', locked, key, 'shown'],
    ['one whose key is another by now', { ...locked, feedKeyDigest: 'l' }, key, 'locked'],
    ['one that never had a key', { ...locked, feedKeyDigest: null }, key, 'locked'],
    ['one whose password is another by now', { ...locked, passwordDigest: 'b' }, pass, 'locked'],
  ] as const)('%s', (_what, page, given, visibility) => {
    expect(judgeVisibility(page, given, nowMs)).toBe(visibility)
  })
})
