import type { CheckCode, CheckValues, MessageValues } from './check-message.ts'
import { type JsonCheck, judgeJson } from './judge-json.ts'
import type { Outcome } from './monitor.ts'

export type { MessageValues } from './check-message.ts'
export type { JsonCheck } from './judge-json.ts'

/** How long each phase took, in whole milliseconds; null where it was not reached. */
export type ProbePhases = {
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number
}

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
  | {
      readonly kind: 'unable'
      readonly phases: ProbePhases
      readonly code: string
      readonly values: MessageValues
    }

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

/** Both ends are expected. */
export type StatusRange = { readonly from: number; readonly to: number }

/** What an HTTP check found: up when the status, the keyword rule and every JSON check hold (specification 4.3). */
export function assessHttp(result: ProbeResult, expectation: HttpExpectation): Assessment {
  if (result.kind === 'failed' || result.kind === 'unable') return assessNoAnswer(result)
  if (result.kind === 'connected') throw new Error('An HTTP check is answered, or it failed')
  return (
    assessStatus(result, expectation.expectedStatuses) ??
    assessKeyword(result, expectation) ??
    assessJson(result, expectation.jsonChecks) ??
    assessSpeed(result.phases.totalMs, expectation.degradedAfterMs)
  )
}

/** What a TCP check found: up when the handshake was completed. */
export function assessTcp(result: ProbeResult, degradedAfterMs: number | null): Assessment {
  if (result.kind === 'failed' || result.kind === 'unable') return assessNoAnswer(result)
  return assessSpeed(result.phases.totalMs, degradedAfterMs)
}

/** Whether an answer's body has to be read at all. */
export function needsBody({ keyword, jsonChecks }: HttpExpectation): boolean {
  return keyword !== null || jsonChecks.length > 0
}

type Answer = Extract<ProbeResult, { kind: 'answered' }>

function assessNoAnswer({
  kind,
  code,
  values,
}: Extract<ProbeResult, { kind: 'failed' | 'unable' }>): Assessment {
  return { outcome: kind === 'failed' ? 'down' : 'unknown', code, values }
}

function assessStatus(
  { status, location }: Answer,
  expected: readonly StatusRange[],
): Assessment | undefined {
  if (expected.some(({ from, to }) => status >= from && status <= to)) return undefined
  const wanted = expected.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ')
  const isRedirect = status >= 300 && status < 400 && location !== null
  return down('unexpected_status', { expected: wanted, status, ...(isRedirect ? { location } : {}) })
}

function assessKeyword(
  { body, bodyBytes, truncated }: Answer,
  { keyword, keywordMustExist }: HttpExpectation,
): Assessment | undefined {
  if (keyword === null) return undefined
  const isFound = body?.includes(keyword) ?? false
  if (isFound === keywordMustExist) return undefined
  if (isFound) return down('keyword_present', { keyword })
  return down('keyword_missing', { keyword, bytes: bodyBytes, ...(truncated ? { truncated: 1 } : {}) })
}

function assessJson({ body, truncated }: Answer, checks: readonly JsonCheck[]): Assessment | undefined {
  const fault = judgeJson(body ?? '', checks)
  if (fault === undefined) return undefined
  const isCut = truncated && 'problem' in fault && fault.problem === 'not_json'
  return down('json_mismatch', isCut ? { ...fault, problem: 'truncated' } : fault)
}

function assessSpeed(totalMs: number, limitMs: number | null): Assessment {
  if (limitMs === null || totalMs <= limitMs) return { outcome: 'up', code: null, values: {} }
  return {
    outcome: 'degraded',
    code: 'slow',
    values: { ms: totalMs, limit: limitMs } satisfies CheckValues['slow'],
  }
}

function down<Code extends CheckCode>(code: Code, values: CheckValues[Code] & MessageValues): Assessment {
  return { outcome: 'down', code, values }
}
