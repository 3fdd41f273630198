import { describe, expect, it } from 'vitest'
import { judgeAsk, judgeRoom } from './subscription.ts'

const nowMs = 1_000
const asked = { confirmedAtMs: null, expiresAtMs: nowMs + 1, mailsSent: 4, tokenDigest: 'a' }

describe('a request for mails', () => {
  it.each([
    ['of a new address is asked about', undefined, { kind: 'invite', mailsSent: 1 }],
    ['of one that agreed is not', { ...asked, confirmedAtMs: 1, expiresAtMs: null }, { kind: 'quiet' }],
    ['is asked about a last time', asked, { kind: 'invite', mailsSent: 5 }],
    ['is not, after that', { ...asked, mailsSent: 5 }, { kind: 'quiet' }],
    [
      'is, once that is over',
      { ...asked, mailsSent: 5, expiresAtMs: nowMs },
      { kind: 'invite', mailsSent: 1 },
    ],
    [
      'whose mail is sent again counts once',
      { ...asked, mailsSent: 5, tokenDigest: 'b' },
      { kind: 'invite', mailsSent: 5 },
    ],
  ])('%s', (_what, known, verdict) => {
    expect(judgeAsk(known, 'b', nowMs, 5)).toEqual(verdict)
  })
})

it.each([
  [99, 0, 100, 'room'],
  [100, 0, 100, 'full'],
  [1_000_000, 999, null, 'room'],
  [0, 1_000, null, 'full'],
] as const)(
  'a page with %i subscribers and %i who were asked, of at most %j, has %s',
  (confirmed, pending, max, verdict) => {
    expect(judgeRoom({ confirmed, pending }, max, 1_000)).toBe(verdict)
  },
)
