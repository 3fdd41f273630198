import { describe, expect, it } from 'vitest'
import { assessContact, unableToLook } from './assess.ts'

const phases = { dnsMs: 1, connectMs: 2, tlsMs: 3, ttfbMs: 4, downloadMs: null, totalMs: 800 }
const contact = { phases, remoteAddress: '192.0.2.1', status: 200 }
const fault = { code: 'unexpected_status', values: { status: 200 } }

describe('a target that answered', () => {
  it.each([
    ['is up without a limit', undefined, null, { outcome: 'up', code: null }],
    ['is up at the slowest acceptable answer', undefined, 800, { outcome: 'up', code: null }],
    [
      'is degraded one millisecond slower',
      undefined,
      799,
      { outcome: 'degraded', code: 'slow', values: { ms: 800, limit: 799 } },
    ],
    ['is down for a wrong answer, however slow', fault, 1, { outcome: 'down', ...fault }],
  ])('%s', (_promise, found, limitMs, expected) =>
    expect(assessContact(contact, found, limitMs)).toMatchObject({
      ...expected,
      phases,
      remoteAddress: '192.0.2.1',
      statusCode: 200,
    }),
  )
})

describe('a failure of our own', () => {
  it('is unknown, and says nothing of the target', () =>
    expect(unableToLook({ code: 'node_overloaded', values: {} }, { totalMs: 5 })).toMatchObject({
      outcome: 'unknown',
      code: 'node_overloaded',
      phases: { totalMs: 5, connectMs: null },
      remoteAddress: null,
    }))
})
