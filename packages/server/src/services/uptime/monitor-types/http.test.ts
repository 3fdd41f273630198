import { describe, expect, it } from 'vitest'
import type { Look } from './define-monitor-type.ts'
import { toConfigFaults } from '../../../service/to-config-faults.ts'
import { http } from './http.ts'
import { lookOnce, parseConfig, toLookTask } from './watch.ts'

type Answered = Awaited<ReturnType<Look['request']>>
type Asked = Parameters<Look['request']>[0]

const url = 'https://example.com/'
const phases = { dnsMs: 1, connectMs: 2, tlsMs: 3, ttfbMs: 4, downloadMs: null, totalMs: 800 }

function answered(
  status: number,
  {
    body,
    location,
    contentType,
    truncated = false,
  }: { body?: string | Buffer; location?: string; contentType?: string; truncated?: boolean } = {},
): Answered {
  return {
    status,
    statusText: '',
    headers: {
      ...(location === undefined ? {} : { location }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
    body: body === undefined ? undefined : Buffer.from(body),
    truncated,
    remoteAddress: '192.0.2.1',
    phases,
  }
}

/** What an HTTP monitor with this config makes of an answer, and what it asked for. */
async function lookAt(sent: object, answer: Answered, secrets: unknown = {}) {
  const parsed = parseConfig('http', sent)
  if (!parsed.success) throw parsed.error
  const asked: Asked[] = []
  const look: Look = {
    request: async (request) => {
      asked.push(request)
      return answer
    },
    connect: () => Promise.reject(new Error('An HTTP check makes a request')),
  }
  return { ...(await lookOnce(toLookTask(parsed.watch, secrets), look)), asked }
}

describe('an HTTP check', () => {
  const range = { expectedStatuses: ['200-299', '404'] }
  it.each<[promise: string, Answered, sent: object, fault: object | undefined]>([
    ['the expected status is up', answered(200), {}, undefined],
    [
      'another status is down, and both are named',
      answered(503),
      {},
      { code: 'unexpected_status', values: { expected: '200', status: 503 } },
    ],
    ['the first status of a range is up', answered(200), range, undefined],
    ['the last status of a range is up', answered(299), range, undefined],
    ['a single status beside a range is up', answered(404), range, undefined],
    [
      'one status beyond a range is down',
      answered(300),
      range,
      { values: { expected: '200-299, 404', status: 300 } },
    ],
    [
      'a redirect is a status like any other, and its target is named',
      answered(302, { location: 'https://www.example.com/' }),
      {},
      { values: { expected: '200', status: 302, location: 'https://www.example.com/' } },
    ],
    ['a redirect that is expected is up', answered(302), { expectedStatuses: ['302'] }, undefined],
    [
      'a keyword that is there is up',
      answered(200, { body: 'all is well' }),
      { keyword: 'is well' },
      undefined,
    ],
    [
      'a keyword in other letters is not there',
      answered(200, { body: 'All Is Well' }),
      { keyword: 'is well' },
      { code: 'keyword_missing', values: { keyword: 'is well', bytes: 11 } },
    ],
    [
      'a keyword absent from a truncated body is down and says so',
      answered(200, { body: 'aaaa', truncated: true }),
      { keyword: 'b' },
      { code: 'keyword_missing', values: { keyword: 'b', bytes: 4, truncated: 1 } },
    ],
    [
      'a keyword that must not be there is down',
      answered(200, { body: 'an error' }),
      { keyword: 'error', keywordMustExist: false },
      { code: 'keyword_present', values: { keyword: 'error' } },
    ],
    [
      'a keyword that must not be there and is not is up',
      answered(200, { body: 'fine' }),
      { keyword: 'error', keywordMustExist: false },
      undefined,
    ],
    [
      'a JSON demand that fails is down and tells what was found',
      answered(200, { body: '{"status":"red"}' }),
      { jsonChecks: [{ path: 'status', op: 'eq', value: 'green' }] },
      { code: 'json_mismatch', values: { path: 'status', value: 'red' } },
    ],
    [
      'JSON that was cut says so rather than blame its form',
      answered(200, { body: '{"status":', truncated: true }),
      { jsonChecks: [{ path: 'status', op: 'exists' }] },
      { values: { path: 'status', problem: 'truncated' } },
    ],
  ])('%s', async (_promise, answer, sent, expected) => {
    const { fault } = await lookAt({ url, ...sent }, answer)
    if (expected === undefined) expect(fault).toBeUndefined()
    else expect(fault).toMatchObject(expected)
  })

  it.each([
    ['nothing', {}, false],
    ['a keyword', { keyword: 'x' }, true],
    ['a JSON demand', { jsonChecks: [{ path: 'a', op: 'exists' }] }, true],
    ['no JSON demand', { jsonChecks: [] }, false],
  ])('that asks for %s reads the body: %#', async (_what, sent, readsBody) => {
    const { asked } = await lookAt({ url, ...sent }, answered(200))
    expect(asked).toMatchObject([{ url, method: 'GET', readsBody, verifyCertificate: true }])
  })

  it.each<[secrets: object, headers: object]>([
    [{ auth: { bearer: 'abc' } }, { authorization: 'Bearer abc' }],
    [{ auth: { basic: { user: 'ä', password: 'b:c' } } }, { authorization: 'Basic w6Q6Yjpj' }],
    [{ auth: { header: { name: 'X-Key', value: 'k' } } }, { 'X-Key': 'k' }],
    [{}, {}],
  ])('sends the credential %j', async (secrets, headers) => {
    const { asked } = await lookAt({ url }, answered(200), secrets)
    expect(asked[0]?.headers).toEqual(headers)
  })
})

describe('a body that is not plain UTF-8', () => {
  const shiftJis = Buffer.from('90b38fed', 'hex')
  it.each([
    ['by its header', shiftJis, 'text/html; charset=Shift_JIS'],
    ['by the page', Buffer.concat([Buffer.from('<meta charset=sjis>'), shiftJis]), 'text/html'],
  ])('is searched for the keyword in its charset: %s', async (_how, body, contentType) => {
    const answer = answered(200, { body, contentType })
    expect((await lookAt({ url, keyword: '正常' }, answer)).fault).toBeUndefined()
    expect((await lookAt({ url, keyword: '異常' }, answer)).fault).toMatchObject({ code: 'keyword_missing' })
  })

  it.each([
    ['UTF-8', Buffer.from('\ufeff{"status":"green"}', 'utf8')],
    ['UTF-16', Buffer.from('\ufeff{"status":"green"}', 'utf16le')],
  ])('is JSON behind a byte order mark of %s', async (_charset, body) => {
    const answer = answered(200, { body, contentType: 'application/json' })
    const check = { path: 'status', op: 'eq' }
    expect((await lookAt({ url, jsonChecks: [{ ...check, value: 'green' }] }, answer)).fault).toBeUndefined()
    expect((await lookAt({ url, jsonChecks: [{ ...check, value: 'red' }] }, answer)).fault).toMatchObject({
      values: { path: 'status', value: 'green' },
    })
  })
})

describe('credentials-that-cannot-be-sent-are-refused:', () => {
  const faultsOf = (auth: unknown): readonly string[] => {
    const parsed = http.config.safeParse({ url, auth })
    return parsed.success ? [] : toConfigFaults(parsed.error).map(({ field }) => field)
  }
  it.each<[auth: object, field: string]>([
    [{ bearer: 'abc\n' }, 'config.auth.bearer'],
    [{ bearer: 'a\r\nHost: b' }, 'config.auth.bearer'],
    [{ bearer: 'a\tb' }, 'config.auth.bearer'],
    [{ bearer: '\u007f' }, 'config.auth.bearer'],
    [{ bearer: '\u0085x' }, 'config.auth.bearer'],
    [{ bearer: '秘密' }, 'config.auth.bearer'],
    [{ bearer: ' abc' }, 'config.auth.bearer'],
    [{ bearer: 'abc ' }, 'config.auth.bearer'],
    [{ bearer: '\u00a0abc' }, 'config.auth.bearer'],
    [{ basic: { user: 'a:b', password: 'x' } }, 'config.auth.basic.user'],
    [{ basic: { user: 'a\u0000b', password: 'x' } }, 'config.auth.basic.user'],
    [{ basic: { user: 'a', password: 'x\n' } }, 'config.auth.basic.password'],
    [{ basic: { user: 'a', password: '\u001b[0m' } }, 'config.auth.basic.password'],
    [{ basic: { user: 'a', password: '\ud800' } }, 'config.auth.basic.password'],
    [{ header: { name: 'X-Key', value: 'a\nb' } }, 'config.auth.header.value'],
    [{ header: { name: 'X-Key', value: '秘密' } }, 'config.auth.header.value'],
    [{ header: { name: 'X Key', value: 'a' } }, 'config.auth.header.name'],
    [{ header: { name: 'Host', value: 'a' } }, 'config.auth.header.name'],
    [{ header: { name: 'content-length', value: '1' } }, 'config.auth.header.name'],
  ])('%j names its member', (auth, field) => expect(new Set(faultsOf(auth))).toEqual(new Set([field])))

  it.each([
    { bearer: 'eyJhbGciOi.J9-_~+/=' },
    { bearer: 'two words' },
    { bearer: 'é' },
    { basic: { user: 'ユーザー', password: 'pass:word 密' } },
    { basic: { user: 'a', password: '' } },
    { header: { name: 'Authorization', value: 'Digest a="b"' } },
    { set: true },
  ])('%j can be sent', (auth) => expect(faultsOf(auth)).toEqual([]))
})

describe('the config of an HTTP monitor', () => {
  it('is what was sent, with the defaults that replies show', () => {
    expect(http.config.parse({ url })).toEqual({ url, method: 'GET', expectedStatus: 200, timeoutMs: 10_000 })
    expect(http.config.parse({ url, expectedStatuses: ['200'] })).toEqual({
      url,
      expectedStatuses: ['200'],
      method: 'GET',
      timeoutMs: 10_000,
    })
  })
})
