import { GatehouseProblem } from './problem.ts'
import { type CallOptions, type Transport, wait } from './transport.ts'

/** What is about to happen on an AI's word. Members without a name here are hashed by the server and dropped. */
export type GateRequest = {
  readonly model: { readonly provider: string; readonly name?: string }
  readonly domain?: string
  /** Pseudonym of the person who will answer for it. */
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
  /** A resolved decision of the last 24 hours about the same: its route is answered again. */
  readonly resume_of?: string
  /** What the AI answered; the server keeps its hash alone. */
  readonly ai_output?: object
  readonly [member: string]: unknown
}

/** What the server said of it, as far as a program acts on it. */
export type GatedDecision = {
  readonly id: string
  readonly score: number
  readonly reasons: readonly string[]
  readonly expiresAt: string | null
}

/** Whatever is not `auto` must not go on by itself. */
export type GateVerdict =
  | { readonly route: 'auto'; readonly decision: GatedDecision }
  /** A person looks at it: wait with `waitForDecision(resumeToken)`. */
  | {
      readonly route: 'async_review' | 'must_review'
      readonly decision: GatedDecision
      readonly resumeToken: string
    }
  | {
      readonly route: 'policy_blocked'
      /** `policy`: the server says so. Anything else: nobody knows, so it is blocked. */
      readonly because: 'policy' | 'timeout' | 'aborted' | 'network' | 'status' | 'unreadable'
      readonly decision?: GatedDecision
      readonly cause?: unknown
    }

export type GateOptions = {
  /** Default 2,000: longer, and the answer is a block. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Under it the same request is scored once within 24 hours. */
  readonly idempotencyKey?: string
}

export type WaitOptions = Pick<CallOptions, 'signal'> & {
  /** After it the answer is `pending`. Default: as long as it takes. */
  readonly timeoutMs?: number
}

/** How a decision that waited ended. Expired, it fell back to the route that is said. */
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
      /** True for one answer alone, whoever asks how often: what is replayed acts once. */
      readonly firstResume: boolean
    }
  | { readonly state: 'pending' }

const timeoutMsDefault = 2_000
/** As long as the server holds a call open. */
const waitSeconds = 25
const pauseMs = { least: 500, most: 30_000 }

export function gateApi(send: Transport) {
  return {
    /**
     * Asks before something happens on an AI's word, and never rejects: whatever goes wrong on the way, a time-out, another
     * status, an answer that cannot be read or a route that is not known, is a block.
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
     * Waits until a person has decided, or the decision has expired. The token alone opens it, so a process that was
     * restarted goes on waiting with what it kept. Rejects when the server knows no such token.
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
          // A server with too many that wait answers at once.
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

/** Whether the same call can succeed later: the network, a limit, an outage; never a token that nobody knows. */
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
