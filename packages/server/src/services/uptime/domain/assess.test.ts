import { describe, expect, it } from 'vitest'
import { assessHttp, assessTcp, type HttpExpectation, needsBody, type ProbeResult } from './assess.ts'

const phases = { dnsMs: 1, connectMs: 2, tlsMs: 3, ttfbMs: 4, downloadMs: null, totalMs: 800 }

type Answer = Extract<ProbeResult, { kind: 'answered' }>

function answered(status: number, changed: Partial<Answer> = {}): Answer {
  const body = changed.body ?? null
  return {
    kind: 'answered',
    phases,
    remoteAddress: '192.0.2.1',
    status,
    location: null,
    body,
    bodyBytes: body?.length ?? 0,
    truncated: false,
    ...changed,
  }
}

function expecting(changed: Partial<HttpExpectation> = {}): HttpExpectation {
  return {
    expectedStatuses: [{ from: 200, to: 200 }],
    keyword: null,
    keywordMustExist: true,
    jsonChecks: [],
    degradedAfterMs: null,
    ...changed,
  }
}

const up = { outcome: 'up', code: null, values: {} }

describe('an HTTP check', () => {
  const range = expecting({
    expectedStatuses: [
      { from: 200, to: 299 },
      { from: 404, to: 404 },
    ],
  })
  it.each<[promise: string, Answer, HttpExpectation, expected: object]>([
    ['the expected status is up', answered(200), expecting(), up],
    [
      'another status is down, and both are named',
      answered(503),
      expecting(),
      { outcome: 'down', code: 'unexpected_status', values: { expected: '200', status: 503 } },
    ],
    ['the first status of a range is up', answered(200), range, up],
    ['the last status of a range is up', answered(299), range, up],
    ['a single status beside a range is up', answered(404), range, up],
    [
      'one status beyond a range is down',
      answered(300),
      range,
      { outcome: 'down', values: { expected: '200-299, 404', status: 300 } },
    ],
    [
      'a redirect is a status like any other, and its target is named',
      answered(302, { location: 'https://www.example.com/' }),
      expecting(),
      { outcome: 'down', values: { expected: '200', status: 302, location: 'https://www.example.com/' } },
    ],
    [
      'a redirect that is expected is up',
      answered(302),
      expecting({ expectedStatuses: [{ from: 302, to: 302 }] }),
      up,
    ],
    [
      'a keyword that is there is up',
      answered(200, { body: 'all is well' }),
      expecting({ keyword: 'is well' }),
      up,
    ],
    [
      'a keyword in other letters is not there',
      answered(200, { body: 'All Is Well' }),
      expecting({ keyword: 'is well' }),
      { outcome: 'down', code: 'keyword_missing', values: { keyword: 'is well', bytes: 11 } },
    ],
    [
      'a keyword absent from a truncated body is down and says so',
      answered(200, { body: 'aaaa', truncated: true }),
      expecting({ keyword: 'b' }),
      { outcome: 'down', code: 'keyword_missing', values: { keyword: 'b', bytes: 4, truncated: 1 } },
    ],
    [
      'a keyword that must not be there is down',
      answered(200, { body: 'an error' }),
      expecting({ keyword: 'error', keywordMustExist: false }),
      { outcome: 'down', code: 'keyword_present', values: { keyword: 'error' } },
    ],
    [
      'a keyword that must not be there and is not is up',
      answered(200, { body: 'fine' }),
      expecting({ keyword: 'error', keywordMustExist: false }),
      up,
    ],
    ['the slowest acceptable answer is up', answered(200), expecting({ degradedAfterMs: 800 }), up],
    [
      'one millisecond slower is degraded',
      answered(200),
      expecting({ degradedAfterMs: 799 }),
      { outcome: 'degraded', code: 'slow', values: { ms: 800, limit: 799 } },
    ],
    [
      'a wrong answer is down, however slow',
      answered(500),
      expecting({ degradedAfterMs: 1 }),
      { outcome: 'down', code: 'unexpected_status' },
    ],
    [
      'a JSON demand that fails is down and tells what was found',
      answered(200, { body: '{"status":"red"}' }),
      expecting({ jsonChecks: [{ path: 'status', op: 'eq', value: 'green' }] }),
      { outcome: 'down', code: 'json_mismatch', values: { path: 'status', value: 'red' } },
    ],
    [
      'JSON that was cut says so rather than blame its form',
      answered(200, { body: '{"status":', truncated: true }),
      expecting({ jsonChecks: [{ path: 'status', op: 'exists' }] }),
      { outcome: 'down', values: { path: 'status', problem: 'truncated' } },
    ],
  ])('%s', (_promise, result, expectation, expected) =>
    expect(assessHttp(result, expectation)).toMatchObject(expected),
  )

  it('a failure of the target is down and a failure of our own is unknown', () => {
    const failed = {
      kind: 'failed',
      phases,
      remoteAddress: null,
      code: 'connect_timeout',
      values: { seconds: 10 },
    } as const
    const unable = { kind: 'unable', phases, code: 'resolver_unavailable', values: {} } as const
    for (const assess of [
      (result: ProbeResult) => assessHttp(result, expecting()),
      (result: ProbeResult) => assessTcp(result, 1),
    ]) {
      expect(assess(failed)).toEqual({ outcome: 'down', code: 'connect_timeout', values: { seconds: 10 } })
      expect(assess(unable)).toEqual({ outcome: 'unknown', code: 'resolver_unavailable', values: {} })
    }
  })

  it('reads the body only for a keyword or a JSON demand', () => {
    expect(needsBody(expecting())).toBe(false)
    expect(needsBody(expecting({ keyword: 'x' }))).toBe(true)
    expect(needsBody(expecting({ jsonChecks: [{ path: 'a', op: 'exists' }] }))).toBe(true)
  })
})

describe('a TCP check', () => {
  const connected = { kind: 'connected', phases, remoteAddress: '192.0.2.1' } as const
  it('is up when connected, and degraded one millisecond over the limit', () => {
    expect(assessTcp(connected, null)).toEqual(up)
    expect(assessTcp(connected, 800)).toEqual(up)
    expect(assessTcp(connected, 799)).toMatchObject({ outcome: 'degraded', code: 'slow' })
  })
})
