import { GatehouseProblem } from './problem.ts'
import { type CallOptions, type Transport, wait } from './transport.ts'

/**
 * A decision request: what is about to happen because an AI said so. The server keeps only a hash of members that are
 * not listed here.
 */
export type GateRequest = {
  readonly model: { readonly provider: string; readonly name?: string }
  readonly domain?: string
  /** Pseudonym of the person who will be accountable for the decision. */
  readonly operator_id?: string
  readonly decision_category?: string
  /** From 0 to 1. */
  readonly stakes?: number
  /** From 0 to 1. */
  readonly model_confidence?: number
  readonly tags?: readonly string[]
  readonly session_id?: string
  readonly request_id?: string
  readonly reviewer_pool?: string
  /** Id of a decision on the same subject that was resolved in the last 24 hours: its route is returned again. */
  readonly resume_of?: string
  /** The AI's output. The server stores only its hash. */
  readonly ai_output?: object
  readonly [member: string]: unknown
}

/** The members of the server's reply that a program needs to act on the verdict. */
export type GatedDecision = {
  readonly id: string
  readonly score: number
  readonly reasons: readonly string[]
  readonly expiresAt: string | null
}

/** The verdict of the gate. Proceed automatically on route `auto` only. */
export type GateVerdict =
  | { readonly route: 'auto'; readonly decision: GatedDecision }
  /** A person has to review it: wait with `waitForDecision(resumeToken)`. */
  | {
      readonly route: 'async_review' | 'must_review'
      readonly decision: GatedDecision
      readonly resumeToken: string
    }
  | {
      readonly route: 'policy_blocked'
      /** `policy`: the server blocked it. Any other value: no valid answer was received, so it is blocked. */
      readonly because: 'policy' | 'timeout' | 'aborted' | 'network' | 'status' | 'unreadable'
      readonly decision?: GatedDecision
      readonly cause?: unknown
    }

export type GateOptions = {
  /** Time limit in milliseconds; when it is exceeded, the verdict is a block. Default 2,000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Requests with the same key are scored only once within 24 hours. */
  readonly idempotencyKey?: string
}

export type WaitOptions = Pick<CallOptions, 'signal'> & {
  /** Time limit in milliseconds, after which the result is `pending`. Default: no limit. */
  readonly timeoutMs?: number
}

/** How a held decision ended. If it expired, `final_route` is the route it fell back to. */
export type Resolution = {
  readonly action: string
  readonly by: 'reviewer' | 'expiry'
  readonly reviewer_id: string | null
  readonly final_route: 'auto' | 'policy_blocked'
  readonly reason_code: string | null
  readonly edited_output_hash: string | null
  readonly at: string
}

export type WaitedDecision =
  | {
      readonly state: 'resolved' | 'expired'
      readonly resolution: Resolution
      /**
       * True in exactly one reply per decision, so that code that acts on it acts only once, even if several
       * processes ask.
       */
      readonly firstResume: boolean
    }
  | { readonly state: 'pending' }

const timeoutMsDefault = 2_000
/** The longest time the server holds one long-polling call open. */
const waitSeconds = 25
const pauseMs = { least: 500, most: 30_000 }

export function gateApi(send: Transport) {
  return {
    /**
     * Asks the server before an AI-driven action and never rejects. Any failure (a time-out, an error status, an
     * unreadable answer, an unknown route) yields a block.
     */
    gate: async (
      request: GateRequest,
      { timeoutMs = timeoutMsDefault, signal, idempotencyKey }: GateOptions = {},
    ): Promise<GateVerdict> => {
      const timeout = AbortSignal.timeout(timeoutMs)
      const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
      try {
        const reply = await send<unknown>('POST', '/v1/decision/score', {
          body: request,
          signal: either,
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        })
        return toVerdict(reply)
      } catch (cause) {
        return { route: 'policy_blocked', because: toReason(cause, timeout, signal), cause }
      }
    },
    /**
     * Waits until a reviewer has decided or the decision has expired. The token is all that is needed, so a restarted
     * process can continue with a stored one. Rejects if the server does not know the token.
     */
    waitForDecision: async (
      resumeToken: string,
      { timeoutMs = Infinity, signal }: WaitOptions = {},
    ): Promise<WaitedDecision> => {
      const endsAtMs = Date.now() + timeoutMs
      for (let failures = 0; ;) {
        const leftMs = endsAtMs - Date.now()
        const waitS = Math.max(0, Math.min(waitSeconds, Math.floor(leftMs / 1_000)))
        try {
          const reply = await send<Resumed>('POST', '/v1/decision/resume', {
            body: { resume_token: resumeToken, wait_s: waitS },
            ...(signal === undefined ? {} : { signal }),
          })
          if (reply.state !== 'pending')
            return { state: reply.state, resolution: reply.resolution, firstResume: reply.first_resume }
          failures = 0
          // A server with too many waiting calls answers immediately instead of holding the call.
          if (waitS < waitSeconds && leftMs <= 1_000) return { state: 'pending' }
          await wait(pauseMs.least, signal)
        } catch (error) {
          if (!isPassing(error, signal)) throw error
          const pause = Math.min(pauseMs.least * 2 ** failures, pauseMs.most) * (0.5 + Math.random() / 2)
          const asked = error instanceof GatehouseProblem ? (error.retryAfterSeconds ?? 0) * 1_000 : 0
          failures += 1
          await wait(Math.max(pause, asked), signal)
        }
        if (Date.now() >= endsAtMs) return { state: 'pending' }
      }
    },
  }
}

type Resumed =
  | { readonly state: 'pending' }
  | {
      readonly state: 'resolved' | 'expired'
      readonly resolution: Resolution
      readonly first_resume: boolean
    }

/** Whether a retry can succeed: after a network error, a rate limit or an outage, but not after an unknown token. */
function isPassing(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true) return false
  return !(error instanceof GatehouseProblem) || error.status === 429 || error.status >= 500
}

function toVerdict(reply: unknown): GateVerdict {
  const blocked = { route: 'policy_blocked', because: 'unreadable' } as const
  if (typeof reply !== 'object' || reply === null) return blocked
  // Safe: any object may be read by name, and each member is judged before it is used.
  const said = reply as Readonly<Record<string, unknown>>
  const {
    ai_decision_log_id: id,
    routing_decision: route,
    drs,
    drs_reason_codes: reasons,
    expires_at: at,
  } = said
  if (typeof id !== 'string' || typeof drs !== 'number') return blocked
  const decision: GatedDecision = {
    id,
    score: drs,
    reasons: Array.isArray(reasons) ? reasons.map(String) : [],
    expiresAt: typeof at === 'string' ? at : null,
  }
  switch (route) {
    case 'auto':
      return { route, decision }
    case 'async_review':
    case 'must_review': {
      const { resume_token: resumeToken } = said
      return typeof resumeToken === 'string' ? { route, decision, resumeToken } : { ...blocked, decision }
    }
    case 'policy_blocked':
      return { route, because: 'policy', decision }
    default:
      return { ...blocked, decision }
  }
}

type Because = Extract<GateVerdict, { readonly route: 'policy_blocked' }>['because']

function toReason(cause: unknown, timeout: AbortSignal, signal: AbortSignal | undefined): Because {
  if (signal?.aborted === true) return 'aborted'
  if (timeout.aborted) return 'timeout'
  if (!(cause instanceof GatehouseProblem)) return 'network'
  return cause.code === 'UNREADABLE_ANSWER' && cause.status < 300 ? 'unreadable' : 'status'
}
