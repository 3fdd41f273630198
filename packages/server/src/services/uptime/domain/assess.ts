import type { Outcome } from './monitor.ts'

/** The values that a code's sentence contains, as they are stored. */
export type MessageValues = Readonly<Record<string, string | number>>

/** A fault, as a code of the error taxonomy (specification 4.6) with the values of its sentence. */
export type Finding = { readonly code: string; readonly values: MessageValues }

/** Duration of each phase in whole milliseconds; null if it was not reached. */
export type ProbePhases = {
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number
}

/** The result of checking a target once. */
export type Looked = {
  readonly outcome: Outcome
  readonly code: string | null
  readonly values: MessageValues
  readonly phases: ProbePhases
  readonly remoteAddress: string | null
  readonly statusCode: number | null
}

type Contact = {
  readonly phases: ProbePhases
  readonly remoteAddress: string
  readonly status?: number
}

/** The outcome for a target that responded: down with a fault, degraded if it took too long, else up. */
export function assessContact(
  { phases, remoteAddress, status }: Contact,
  fault: Finding | undefined,
  degradedAfterMs: number | null,
): Looked {
  const { totalMs } = phases
  const seen = { phases, remoteAddress, statusCode: status ?? null }
  if (fault !== undefined) return { outcome: 'down', code: fault.code, values: fault.values, ...seen }
  if (degradedAfterMs === null || totalMs <= degradedAfterMs)
    return { outcome: 'up', code: null, values: {}, ...seen }
  return { outcome: 'degraded', code: 'slow', values: { ms: totalMs, limit: degradedAfterMs }, ...seen }
}

/** The outcome of an internal failure, which says nothing about the target. */
export function unableToLook({ code, values }: Finding, phases: Partial<ProbePhases> = {}): Looked {
  const none = { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, downloadMs: null, totalMs: 0 }
  return {
    outcome: 'unknown',
    code,
    values,
    phases: { ...none, ...phases },
    remoteAddress: null,
    statusCode: null,
  }
}
