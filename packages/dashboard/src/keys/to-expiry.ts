import type { NewApiKey } from '@gatehouse/sdk'

const dayMs = 86_400_000
const spansMs = {
  never: undefined,
  // A minute less than the longest allowed time, because the clocks of two machines differ.
  session: dayMs - 60_000,
  week: 7 * dayMs,
  month: 30 * dayMs,
  quarter: 90 * dayMs,
  year: 365 * dayMs,
} as const

export type Expiry = keyof typeof spansMs

/** The expiry of a new key in the form of the API. */
export function toExpiry(expiry: Expiry, nowMs: number): Pick<NewApiKey, 'type' | 'expiresAt'> {
  const spanMs = spansMs[expiry]
  if (spanMs === undefined) return {}
  const type = expiry === 'session' ? 'session' : 'expiring'
  return { type, expiresAt: new Date(nowMs + spanMs).toISOString() }
}
