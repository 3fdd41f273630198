import { describe, expect, it } from 'vitest'
import { echoConfig } from './config-echo.ts'
import type { MonitorType } from './monitor.ts'
import { toStatusRanges } from './status-range.ts'

const defaults = { timeoutMs: 10_000, graceSeconds: 300 }

describe('a config in a reply', () => {
  it.each<[promise: string, MonitorType, sent: object, echo: object]>([
    [
      'is what was sent, in its order, then the defaults that were left out',
      'http',
      { timeoutMs: 5_000, url: 'HTTPS://Example.com' },
      { timeoutMs: 5_000, url: 'HTTPS://Example.com', method: 'GET', expectedStatus: 200 },
    ],
    [
      'gets no expectedStatus beside expectedStatuses',
      'http',
      { url: 'https://a.example', expectedStatuses: ['200-299'] },
      { url: 'https://a.example', expectedStatuses: ['200-299'], method: 'GET', timeoutMs: 10_000 },
    ],
    [
      'never shows a secret',
      'http',
      {
        url: 'https://a.example',
        auth: { bearer: 'hunter2' },
        method: 'HEAD',
        expectedStatus: 204,
        timeoutMs: 1_000,
      },
      {
        url: 'https://a.example',
        auth: { set: true },
        method: 'HEAD',
        expectedStatus: 204,
        timeoutMs: 1_000,
      },
    ],
    [
      'of tcp gets its time-out',
      'tcp',
      { hostname: 'a', port: 1 },
      { hostname: 'a', port: 1, timeoutMs: 10_000 },
    ],
    ['of a heartbeat gets its grace', 'heartbeat', {}, { graceSeconds: 300 }],
    ['keeps what was given', 'heartbeat', { graceSeconds: 60 }, { graceSeconds: 60 }],
  ])('%s', (_promise, type, sent, echo) =>
    expect(JSON.stringify(echoConfig(type, { ...sent }, defaults))).toBe(JSON.stringify(echo)),
  )
})

describe('expected statuses', () => {
  it('are ranges, single ones and the default of 200', () => {
    expect(toStatusRanges(['200-299', '404'], undefined)).toEqual([
      { from: 200, to: 299 },
      { from: 404, to: 404 },
    ])
    expect(toStatusRanges(undefined, 204)).toEqual([{ from: 204, to: 204 }])
    expect(toStatusRanges(undefined, undefined)).toEqual([{ from: 200, to: 200 }])
    expect(() => toStatusRanges(['299-200'], undefined)).toThrow('rises')
  })
})
