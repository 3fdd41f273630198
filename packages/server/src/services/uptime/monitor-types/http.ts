import { connectionHeaders, judgeHeader } from '@gatehouse/kernel/egress'
import { text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { decodeText } from '../domain/decode-text.ts'
import { type JsonFault, judgeJson } from '../domain/judge-json.ts'
import { toStatusRanges } from '../domain/status-range.ts'
import { kept, timeoutMs } from './config-fields.ts'
import { type Contact, defineMonitorType } from './define-monitor-type.ts'
import type { Sentence } from './sentence.ts'

/**
 * Headers that are refused because they would carry a credential in clear, besides those that every client sets
 * itself.
 */
const forbiddenHeaders = [...connectionHeaders, 'authorization', 'cookie', 'set-cookie']

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1 to 64 letters, digits and hyphens')

/** RFC 9110 §5.5, limited to characters that could end the header. */
const oneLine = /^[^\r\n\0]*$/

const noControls = /^[^\x00-\x1f\x7f-\x9f]*$/

/** A bearer token or a header's value: one line of bytes, without outer blanks, which a server would strip. */
const credential = text(1, 4_096)
  .regex(/^[\x20-\x7e\xa0-\xff]*$/, 'must not contain control characters or letters beyond Latin-1')
  .regex(/^\S(?:.*\S)?$/s, 'must not begin or end with a blank')

/** RFC 7617 §2: the user name ends at the first colon. */
const basicUser = text(1, 256)
  .regex(noControls, 'must not contain control characters')
  .regex(/^[^:]*$/, 'must not contain a colon')

const basicPassword = text(0, 4_096).regex(noControls, 'must not contain control characters')

/** Received in clear, stored sealed, never shown again. */
const httpAuth = z.union([
  z.strictObject({ basic: z.strictObject({ user: basicUser, password: basicPassword }) }),
  z.strictObject({ bearer: credential }),
  z.strictObject({ header: z.strictObject({ name: headerName, value: credential }) }),
])

const headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be named with 1 to 64 letters, digits and hyphens'),
    z
      .string()
      .max(1_024, 'must be at most 1024 characters long')
      .regex(oneLine, 'must not contain CR, LF or NUL'),
  )
  .refine((given) => Object.keys(given).length <= 20, 'must be at most 20 headers')

const jsonCheck = z.strictObject({
  path: text(1, 200),
  op: z.enum(['eq', 'ne', 'lt', 'gt', 'exists']),
  value: z.union([text(0, 500), z.number(), z.boolean(), z.null()]).optional(),
})

const statusRange = z
  .string()
  .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, 'must be a status such as "200", or a range such as "200-299"')
  .refine((given) => isRising(given), 'must name the lower status first')

const config = z
  .strictObject({
    url: text(1, 2_048),
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    /** 200, unless `expectedStatuses` is given instead. */
    expectedStatus: wholeNumber(100, 599).optional(),
    expectedStatuses: z.array(statusRange).min(1).max(10).optional(),
    timeoutMs,
    headers: headers.optional(),
    keyword: text(1, 500).optional(),
    keywordMustExist: z.boolean().optional(),
    body: text(0, 65_536).optional(),
    contentType: text(1, 100)
      .regex(/^[\x20-\x7e]+$/, 'must be a media type')
      .optional(),
    auth: z.union([kept, httpAuth]).optional(),
    jsonChecks: z.array(jsonCheck).max(5).optional(),
    tlsVerify: z.boolean().optional(),
  })
  .check(({ value, issues }) => {
    const refuse = (message: string, ...path: string[]): void => {
      issues.push({ code: 'custom', message, path, input: value })
    }
    if (value.expectedStatus !== undefined && value.expectedStatuses !== undefined)
      refuse('must not be given beside expectedStatus', 'expectedStatuses')
    if (value.body !== undefined && value.method !== 'POST')
      refuse('must not be given unless method is POST', 'body')
    if (value.contentType !== undefined && value.body === undefined)
      refuse('must not be given without body', 'contentType')
    if (value.method === 'HEAD' && value.keyword !== undefined)
      refuse('must not be given when method is HEAD', 'keyword')
    if (value.method === 'HEAD' && value.jsonChecks?.length)
      refuse('must not be given when method is HEAD', 'jsonChecks')
    for (const [name, content] of Object.entries(value.headers ?? {})) {
      const verdict = judgeHeader(name, content, forbiddenHeaders)
      if (!verdict.accepted && oneLine.test(content)) refuse(verdict.sentence, 'headers')
    }
    if (value.auth !== undefined && 'header' in value.auth) {
      const { name, value: content } = value.auth.header
      const verdict = judgeHeader(name, content, connectionHeaders)
      if (!verdict.accepted && verdict.reason !== 'value') refuse(verdict.sentence, 'auth', 'header', 'name')
    }
  })
  .overwrite((given) =>
    given.expectedStatuses === undefined ? { ...given, expectedStatus: given.expectedStatus ?? 200 } : given,
  )

type HttpConfig = z.output<typeof config>
type HttpAuth = z.output<typeof httpAuth>

type Answer = Contact & {
  readonly status: number
  readonly location: string | null
  /** The body's text if it was needed, else null. */
  readonly body: string | null
  readonly bodyBytes: number
  readonly truncated: boolean
}

const unexpectedStatus: Sentence<{
  readonly expected: string
  readonly status: number
  /** Present only if a redirect named one. */
  readonly location?: string
}> = {
  en: ({ expected, status, location }) =>
    `Expected status ${expected}, got ${status}.${
      location === undefined
        ? ''
        : ` Redirects are not followed. Monitor ${location} instead, or expect ${status}.`
    }`,
  ja: ({ expected, status, location }) =>
    `ステータス ${expected} を期待しましたが、${status} でした。${
      location === undefined
        ? ''
        : `リダイレクトは追跡しません。${location} を監視するか、${status} を期待値にしてください。`
    }`,
}

const keywordMissing: Sentence<{
  readonly keyword: string
  readonly bytes: number
  /** 1 if the response is longer than what was read. */
  readonly truncated?: 1
}> = {
  en: ({ keyword, bytes, truncated }) =>
    `The text “${keyword}” was not found in the first ${bytes} bytes.${
      truncated === undefined ? '' : ' The answer goes on beyond what is read.'
    }`,
  ja: ({ keyword, bytes, truncated }) =>
    `先頭${bytes}バイトに「${keyword}」が見つかりませんでした。${
      truncated === undefined ? '' : '応答の続きは読み取りません。'
    }`,
}

const keywordPresent: Sentence<{ readonly keyword: string }> = {
  en: ({ keyword }) => `The text “${keyword}” was found.`,
  ja: ({ keyword }) => `「${keyword}」が見つかりました。`,
}

const jsonProblems = {
  missing: { en: 'was missing.', ja: 'がありませんでした。' },
  not_json: {
    en: 'could not be read: the answer is not JSON.',
    ja: 'を読み取れません: 応答がJSONではありません。',
  },
  truncated: {
    en: 'could not be read: the answer goes on beyond what is read.',
    ja: 'を読み取れません: 応答が読み取れる大きさを超えています。',
  },
} as const

/** `value` is the value found, if there was one. */
const jsonMismatch: Sentence<
  { readonly path: string } & ({ readonly value: string } | { readonly problem: keyof typeof jsonProblems })
> = {
  en: (found) =>
    'value' in found
      ? `${found.path} was ${found.value}.`
      : `${found.path} ${jsonProblems[found.problem].en}`,
  ja: (found) =>
    'value' in found
      ? `${found.path} は ${found.value} でした。`
      : `${found.path} ${jsonProblems[found.problem].ja}`,
}

/** Up when the status, the keyword rule and every JSON check hold (specification 4.3). */
export const http = defineMonitorType({
  title: 'HTTP',
  config,
  example: { url: 'https://example.com/', expectedStatus: 200 },
  secrets: z.strictObject({ auth: httpAuth.optional() }),
  sentences: {
    unexpected_status: unexpectedStatus,
    keyword_missing: keywordMissing,
    keyword_present: keywordPresent,
    json_mismatch: jsonMismatch,
  },
  target: ({ url }) => ({ field: 'url', input: url }),
  check: async (given, look, { auth }): Promise<Answer> => {
    const { url, method, body, contentType, tlsVerify = true } = given
    const answer = await look.request({
      url,
      method,
      headers: {
        ...given.headers,
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(auth === undefined ? {} : toAuthHeader(auth)),
      },
      ...(body === undefined ? {} : { body }),
      verifyCertificate: tlsVerify,
      readsBody: readsBody(given),
    })
    return {
      phases: answer.phases,
      remoteAddress: answer.remoteAddress,
      status: answer.status,
      location: answer.headers.location?.slice(0, 2_048) ?? null,
      body: answer.body === undefined ? null : decodeText(answer.body, answer.headers['content-type']),
      bodyBytes: answer.body?.length ?? 0,
      truncated: answer.truncated,
    }
  },
  assess: (answer, expected) =>
    assessStatus(answer, expected) ?? assessKeyword(answer, expected) ?? assessJson(answer, expected),
})

/** The body is read only if a keyword or a JSON assertion needs it. */
function readsBody({ keyword, jsonChecks = [] }: HttpConfig): boolean {
  return keyword !== undefined || jsonChecks.length > 0
}

function assessStatus({ status, location }: Answer, expected: HttpConfig) {
  const ranges = toStatusRanges(expected.expectedStatuses, expected.expectedStatus)
  if (ranges.some(({ from, to }) => status >= from && status <= to)) return undefined
  const wanted = ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ')
  const isRedirect = status >= 300 && status < 400 && location !== null
  return {
    code: 'unexpected_status',
    values: { expected: wanted, status, ...(isRedirect ? { location } : {}) },
  } as const
}

function assessKeyword(
  { body, bodyBytes, truncated }: Answer,
  { keyword, keywordMustExist = true }: HttpConfig,
) {
  if (keyword === undefined) return undefined
  const isFound = body?.includes(keyword) ?? false
  if (isFound === keywordMustExist) return undefined
  if (isFound) return { code: 'keyword_present', values: { keyword } } as const
  return {
    code: 'keyword_missing',
    values: { keyword, bytes: bodyBytes, ...(truncated ? ({ truncated: 1 } as const) : {}) },
  } as const
}

function assessJson({ body, truncated }: Answer, { jsonChecks = [] }: HttpConfig) {
  const fault = judgeJson(body ?? '', jsonChecks)
  if (fault === undefined) return undefined
  return { code: 'json_mismatch', values: truncated ? toCut(fault) : fault } as const
}

function toCut(fault: JsonFault) {
  return 'problem' in fault && fault.problem === 'not_json'
    ? ({ path: fault.path, problem: 'truncated' } as const)
    : fault
}

function toAuthHeader(auth: HttpAuth): Record<string, string> {
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer}` }
  if ('header' in auth) return { [auth.header.name]: auth.header.value }
  const { user, password } = auth.basic
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` }
}

function isRising(range: string): boolean {
  const [low = '', high = low] = range.split('-')
  return low <= high
}
