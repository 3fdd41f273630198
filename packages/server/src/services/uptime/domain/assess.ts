import type { Outcome } from './monitor.ts'

/** How long each phase took, in whole milliseconds; null where it was not reached. */
export type ProbePhases = {
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number
}

/** Values that a code's message is written with. */
export type MessageValues = Readonly<Record<string, string | number>>

/** What came back from one look at a target. */
export type ProbeResult =
  | {
      readonly kind: 'answered'
      readonly phases: ProbePhases
      readonly remoteAddress: string
      readonly status: number
      readonly location: string | null
      /** Text of the body when it was asked for, else null. */
      readonly body: string | null
      readonly bodyBytes: number
      readonly truncated: boolean
    }
  | { readonly kind: 'connected'; readonly phases: ProbePhases; readonly remoteAddress: string }
  | {
      readonly kind: 'failed'
      readonly phases: ProbePhases
      readonly remoteAddress: string | null
      /** A failure of the target: a `down` code. */
      readonly code: string
      readonly values: MessageValues
    }
  /** A failure of our own, which says nothing of the target. */
  | { readonly kind: 'unable'; readonly phases: ProbePhases; readonly code: string; readonly values: MessageValues }

export type Assessment = {
  readonly outcome: Outcome
  readonly code: string | null
  readonly values: MessageValues
}

export type HttpExpectation = {
  readonly expectedStatuses: readonly StatusRange[]
  readonly keyword: string | null
  readonly keywordMustExist: boolean
  readonly jsonChecks: readonly JsonCheck[]
  readonly degradedAfterMs: number | null
}

export type StatusRange = { readonly from: number; readonly to: number }

export type JsonCheck = {
  readonly path: string
  readonly op: 'eq' | 'ne' | 'lt' | 'gt' | 'exists'
  readonly value?: string | number | boolean | null | undefined
}

const up: Assessment = { outcome: 'up', code: null, values: {} }

export function assessHttp(result: ProbeResult, expectation: HttpExpectation): Assessment {
  if (result.kind === 'failed') return { outcome: 'down', code: result.code, values: result.values }
  if (result.kind === 'unable') return { outcome: 'unknown', code: result.code, values: result.values }
  if (result.kind === 'connected') throw new Error('An HTTP check is answered, or it failed')
  return (
    assessStatus(result.status, result.location, expectation.expectedStatuses) ??
    assessKeyword(result, expectation) ??
    assessJson(result.body, expectation.jsonChecks) ??
    assessSpeed(result.phases.totalMs, expectation.degradedAfterMs)
  )
}

export function assessTcp(result: ProbeResult, degradedAfterMs: number | null): Assessment {
  if (result.kind === 'failed') return { outcome: 'down', code: result.code, values: result.values }
  if (result.kind === 'unable') return { outcome: 'unknown', code: result.code, values: result.values }
  return assessSpeed(result.phases.totalMs, degradedAfterMs)
}

/** Whether an answer's body has to be read at all. */
export function needsBody({ keyword, jsonChecks }: HttpExpectation): boolean {
  return keyword !== null || jsonChecks.length > 0
}

function assessStatus(
  status: number,
  location: string | null,
  expected: readonly StatusRange[],
): Assessment | undefined {
  if (expected.some(({ from, to }) => status >= from && status <= to)) return undefined
  const wanted = expected.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ')
  const isRedirect = status >= 300 && status < 400 && location !== null
  return down('unexpected_status', { expected: wanted, status, ...(isRedirect ? { location } : {}) })
}

function assessKeyword(
  { body, bodyBytes, truncated }: { readonly body: string | null; readonly bodyBytes: number; readonly truncated: boolean },
  { keyword, keywordMustExist }: HttpExpectation,
): Assessment | undefined {
  if (keyword === null) return undefined
  const found = body?.includes(keyword) ?? false
  if (found === keywordMustExist) return undefined
  if (found) return down('keyword_present', { keyword })
  return down('keyword_missing', { keyword, bytes: bodyBytes, ...(truncated ? { truncated: 1 } : {}) })
}

function assessJson(body: string | null, checks: readonly JsonCheck[]): Assessment | undefined {
  if (checks.length === 0) return undefined
  let document: unknown
  try {
    document = JSON.parse(body ?? '')
  } catch {
    return down('json_mismatch', { path: checks[0]?.path ?? '', value: 'not readable: the answer is not JSON' })
  }
  for (const check of checks) {
    const found = readPath(document, check.path)
    if (!holds(found, check)) return down('json_mismatch', { path: check.path, value: describe(found) })
  }
  return undefined
}

/** The member at `a.b[0].c`; undefined when there is none. */
export function readPath(document: unknown, path: string): unknown {
  let value = document
  for (const step of path.matchAll(/[^.[\]]+/g)) {
    if (typeof value !== 'object' || value === null) return undefined
    // Safe: an own member of a parsed JSON document, arrays included, or undefined.
    value = Object.hasOwn(value, step[0]) ? (value as Record<string, unknown>)[step[0]] : undefined
  }
  return value
}

function holds(found: unknown, { op, value }: JsonCheck): boolean {
  switch (op) {
    case 'exists':
      return found !== undefined
    case 'eq':
      return found === value
    case 'ne':
      return found !== value
    case 'lt':
      return typeof found === 'number' && typeof value === 'number' && found < value
    case 'gt':
      return typeof found === 'number' && typeof value === 'number' && found > value
  }
}

function describe(found: unknown): string {
  if (found === undefined) return 'missing'
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'missing')
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

function assessSpeed(totalMs: number, limitMs: number | null): Assessment {
  if (limitMs === null || totalMs <= limitMs) return up
  return { outcome: 'degraded', code: 'slow', values: { ms: totalMs, limit: limitMs } }
}

function down(code: string, values: MessageValues): Assessment {
  return { outcome: 'down', code, values }
}
