import { expect, it } from 'vitest'
import { judgePoll, type PollState, type PollVerdict, toKeyName } from './device-login.ts'

const waiting: PollState = { state: 'waiting' }
const approved: PollState = { state: 'approved', userId: 'u', orgId: 'o', scopes: ['a:read'] }
const letIn: PollVerdict = { kind: 'approved', userId: 'u', orgId: 'o', scopes: ['a:read'] }
const nowMs = 1_000_000

it.each<[promise: string, state: PollState, polledAtMs: number | null, verdict: PollVerdict]>([
  ['the first question is never too early', waiting, null, { kind: 'pending', waitSeconds: null }],
  ['a question on time is answered', waiting, nowMs - 5_000, { kind: 'pending', waitSeconds: null }],
  ['a millisecond early costs five seconds', waiting, nowMs - 4_999, { kind: 'pending', waitSeconds: 10 }],
  ['an approved device is let in whatever its pace', approved, nowMs, letIn],
  ['one that was turned away hears so whatever its pace', { state: 'denied' }, nowMs, { kind: 'denied' }],
  ['a device that was turned away hears so', { state: 'denied' }, null, { kind: 'denied' }],
  ['an approved device hears by whom', approved, null, letIn],
])('%s', (_promise, state, polledAtMs, verdict) =>
  expect(judgePoll(state, polledAtMs, 5, 5, nowMs)).toEqual(verdict),
)

it('a key says which device it went to, and when', () => {
  expect(toKeyName('cli', Date.UTC(2026, 5, 1))).toBe('CLI log-in of 2026-06-01')
})
