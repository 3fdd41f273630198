import { describe, expect, it } from 'vitest'
import { echoConfig } from './config-echo.ts'
import { toStatusRanges } from './status-range.ts'

describe('a config in a reply', () => {
  it.each<[promise: string, sent: object, parsed: object, echo: object]>([
    [
      'is what was sent, in its order, then the defaults that were left out',
      { timeoutMs: 5_000, url: 'HTTPS://Example.com' },
      { url: 'HTTPS://Example.com', method: 'GET', timeoutMs: 5_000, expectedStatus: 200 },
      { timeoutMs: 5_000, url: 'HTTPS://Example.com', method: 'GET', expectedStatus: 200 },
    ],
    [
      'never shows a secret',
      { url: 'https://a.example', auth: { bearer: 'hunter2' }, method: 'HEAD' },
      { url: 'https://a.example', auth: { bearer: 'hunter2' }, method: 'HEAD' },
      { url: 'https://a.example', auth: { set: true }, method: 'HEAD' },
    ],
    ['of nothing is the defaults', {}, { graceSeconds: 300 }, { graceSeconds: 300 }],
  ])('%s', (_promise, sent, parsed, echo) =>
    expect(JSON.stringify(echoConfig({ ...sent }, { ...parsed }, ['auth']))).toBe(JSON.stringify(echo)),
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
