import { expect, it } from 'vitest'
import { writeSecurityText } from './security-text.ts'

const dayMs = 86_400_000
const begunMs = Date.UTC(2026, 10, 29, 15)

it.each([0, 1, 179, 400, 4_000])(
  'security-text-is-valid-and-renews-itself: after %s days security.txt still holds for months, and for less than a year',
  (days) => {
    const nowMs = begunMs + days * dayMs
    const text = writeSecurityText({ publicUrl: 'https://example.com/gate', policyDate: '2026-11-30', nowMs })
    const [, expires = ''] = /^Expires: (.+)$/m.exec(text) ?? []
    expect(Date.parse(expires) - nowMs).toBeGreaterThan(90 * dayMs)
    expect(Date.parse(expires) - nowMs).toBeLessThan(365 * dayMs)
  },
)

it('the operator can name another contact', () => {
  const given = {
    publicUrl: 'https://example.com',
    policyDate: '2026-11-30',
    nowMs: begunMs,
    contact: 'https://example.com/report',
  }
  expect(writeSecurityText(given)).toMatch(/^Contact: https:\/\/example\.com\/report$/m)
})
