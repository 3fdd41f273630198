import { expect, it } from 'vitest'
import { toExpiry } from './to-expiry.ts'

const nowMs = Date.parse('2026-01-01T00:00:00.000Z')

it('a key that lives until it is revoked names no end', () => {
  expect(toExpiry('never', nowMs)).toEqual({})
})

it('a session key stays within the day that it may live, on a clock that runs a little behind too', () => {
  expect(toExpiry('session', nowMs)).toEqual({ type: 'session', expiresAt: '2026-01-01T23:59:00.000Z' })
})

it('a week ends seven days from now', () => {
  expect(toExpiry('week', nowMs)).toEqual({ type: 'expiring', expiresAt: '2026-01-08T00:00:00.000Z' })
})
