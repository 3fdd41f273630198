import { describe, expect, it } from 'vitest'
import type { Claims } from './judge-claims.ts'
import { judgeLogoutToken } from './judge-logout-token.ts'

const now = 1_800_000_000
const rules = {
  issuer: 'https://login.example.com',
  clientId: 'gatehouse',
  clockSkewSeconds: 60,
  ageSecondsMax: 600,
  lifetimeSecondsMax: 3_600,
}
const event = 'http://schemas.openid.net/event/backchannel-logout'
const token = {
  iss: rules.issuer,
  aud: 'gatehouse',
  iat: now,
  exp: now + 120,
  jti: 'one',
  events: { [event]: {} },
  sub: 'mia',
  sid: 's1',
}
const judge = (given: Claims = {}) => {
  const whole = Object.entries({ ...token, ...given }).filter(([, value]) => value !== undefined)
  return judgeLogoutToken(Object.fromEntries(whole), rules, now * 1_000)
}

it('a whole token names the person, the session, and until when it must not come again', () => {
  expect(judge()).toEqual({
    accepted: true,
    tokenId: 'one',
    expiresAtMs: (now + 180) * 1_000,
    subject: 'mia',
    sid: 's1',
  })
})

describe('as good is one', () => {
  it.each<[string, Claims]>([
    ['for several clients', { aud: ['other', 'gatehouse'] }],
    ['of a person alone', { sid: undefined }],
    ['of a session alone', { sub: undefined }],
    ['from a clock that is a minute ahead', { iat: now + 60, exp: now + 180 }],
    ['that ended within the skew', { iat: now - 120, exp: now - 59 }],
  ])('%s', (_what, given) => expect(judge(given)).toMatchObject({ accepted: true }))
})

describe('is refused', () => {
  it.each<[string, Claims, string]>([
    ['of another issuer', { iss: 'https://other.example.com' }, 'issuer'],
    ['for another client', { aud: 'other' }, 'audience'],
    ['for nobody', { aud: undefined }, 'audience'],
    ['from more than a minute ahead', { iat: now + 61, exp: now + 120 }, 'time'],
    ['that is old', { iat: now - 660, exp: now + 120 }, 'time'],
    ['that has ended', { exp: now - 60 }, 'time'],
    ['without an end', { exp: undefined }, 'time'],
    ['that lasts too long to be remembered', { exp: now + 3_601 }, 'time'],
    ['without a beginning', { iat: undefined }, 'time'],
    ['without an id', { jti: undefined }, 'id'],
    ['without the event', { events: {} }, 'events'],
    ['whose event is no object', { events: { [event]: true } }, 'events'],
    ['whose events are a list', { events: [event] }, 'events'],
    ['that has a nonce, as an ID token does', { nonce: 'n' }, 'nonce'],
    ['that names nobody', { sub: undefined, sid: undefined }, 'whom'],
    ['whose person is a list', { sub: ['mia'] }, 'whom'],
  ])('one %s', (_what, given, reason) => expect(judge(given)).toEqual({ accepted: false, reason }))
})
