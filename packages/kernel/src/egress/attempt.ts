import type { Clock } from '../clock/index.ts'
import type { Phases } from './phases.ts'
import { EgressError, type EgressErrorCode, type EgressErrorDetails } from './egress-error.ts'

export type Phase = 'dnsMs' | 'connectMs' | 'tlsMs' | 'ttfbMs' | 'downloadMs'

/** One attempt from the look-up to the last byte: its deadline, its durations, and errors that carry both. */
export type Attempt = {
  /** Aborts at the deadline or when the caller gives up. */
  readonly signal: AbortSignal
  /** The milliseconds left of a budget that started with the attempt; never more than its deadline leaves. */
  readonly remainingMs: (budgetMs: number) => number
  /** Starts to measure the next phase. */
  readonly begin: () => void
  readonly finish: (phase: Phase) => void
  readonly phases: () => Phases
  readonly failure: (code: EgressErrorCode, details?: EgressErrorDetails) => EgressError
  /** The error that an aborted attempt throws: the caller's own reason if the caller aborted, else `code`. */
  readonly interruption: (code: EgressErrorCode, details?: EgressErrorDetails) => unknown
  /** Must be called at the end, or the deadline's timer outlives the attempt. */
  readonly release: () => void
}

export function startAttempt(clock: Clock, timeoutMs: number, callerSignal?: AbortSignal): Attempt {
  callerSignal?.throwIfAborted()
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, timeoutMs)
  callerSignal?.addEventListener('abort', abort)

  const startedAtMs = clock.monotonic()
  let phaseStartedAtMs = startedAtMs
  const finished: Record<Phase, number | null> = {
    dnsMs: null,
    connectMs: null,
    tlsMs: null,
    ttfbMs: null,
    downloadMs: null,
  }
  const begin = (): void => {
    phaseStartedAtMs = clock.monotonic()
  }
  const phases = (): Phases => ({ ...finished, totalMs: Math.round(clock.monotonic() - startedAtMs) })
  const failure: Attempt['failure'] = (code, details) => new EgressError(code, phases(), details)
  return {
    signal: controller.signal,
    remainingMs: (budgetMs) => Math.max(0, startedAtMs + Math.min(budgetMs, timeoutMs) - clock.monotonic()),
    begin,
    finish: (phase) => {
      finished[phase] = Math.round(clock.monotonic() - phaseStartedAtMs)
      begin()
    },
    phases,
    failure,
    interruption: (code, details) =>
      callerSignal?.aborted === true ? toReason(callerSignal) : failure(code, details),
    release: () => {
      clearTimeout(timer)
      callerSignal?.removeEventListener('abort', abort)
    },
  }
}

/** The reason of an abort can be any value; the error that is thrown for it is always an Error. */
function toReason({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('The request was aborted', { cause: reason })
}
