import type { GateRequest, GateVerdict } from '../gate.ts'
import { askFirst, DecisionHeld, type Oversight } from './guard.ts'

/** The reply to an HTTP client whose request has to wait or is blocked. */
export type HeldReply = {
  readonly error: { readonly code: 'HUMAN_REVIEW_REQUIRED' | 'POLICY_BLOCKED'; readonly message: string }
  readonly decision_id: string | null
  /** Lets the client, or a page of yours, ask for the resolution; null if nobody will review it. */
  readonly resume_token: string | null
}

/** Status 202 if a person has to review the request; 403 if it is blocked or the gate gave no valid answer. */
function toReply(held: DecisionHeld): { readonly status: 202 | 403; readonly body: HeldReply } {
  const { verdict, message, resumeToken } = held
  const isBlocked = verdict.route === 'policy_blocked'
  return {
    status: isBlocked ? 403 : 202,
    body: {
      error: { code: isBlocked ? 'POLICY_BLOCKED' : 'HUMAN_REVIEW_REQUIRED', message },
      decision_id: verdict.decision?.id ?? null,
      resume_token: resumeToken ?? null,
    },
  }
}

/** Describes a request to the gate. Return undefined for a request that needs no gate. */
export type Describe<Request> = (request: Request) => GateRequest | undefined

type FastifyReply = { code: (status: number) => { send: (body: unknown) => unknown } }

/** A Fastify hook, for example for `preHandler`. */
export function fastifyGate<Request>(oversight: Oversight, describe: Describe<Request>) {
  return async (request: Request, reply: FastifyReply): Promise<unknown> => {
    const held = await findHeld(oversight, describe(request))
    if (held === undefined) return undefined
    const { status, body } = toReply(held)
    return reply.code(status).send(body)
  }
}

type ExpressResponse = { status: (status: number) => { json: (body: unknown) => unknown } }

/** Express middleware, and any framework with the same three-argument signature. */
export function expressGate<Request>(oversight: Oversight, describe: Describe<Request>) {
  return async (
    request: Request,
    response: ExpressResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    let held: DecisionHeld | undefined
    try {
      held = await findHeld(oversight, describe(request))
    } catch (error) {
      // `describe` may throw; then the request is not carried out.
      return next(error)
    }
    if (held === undefined) return next()
    const { status, body } = toReply(held)
    response.status(status).json(body)
  }
}

async function findHeld(
  oversight: Oversight,
  request: GateRequest | undefined,
): Promise<DecisionHeld | undefined> {
  if (request === undefined) return undefined
  return askFirst(oversight, request).then(
    (_verdict: GateVerdict) => undefined,
    (error: unknown) => {
      if (error instanceof DecisionHeld) return error
      throw error
    },
  )
}
