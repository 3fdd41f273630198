import type { GateRequest, GateVerdict } from '../gate.ts'
import { askFirst, DecisionHeld, type Oversight } from './guard.ts'

/** What is said to a client whose request has to wait, or may not happen. */
export type HeldReply = {
  readonly error: { readonly code: 'HUMAN_REVIEW_REQUIRED' | 'POLICY_BLOCKED'; readonly message: string }
  readonly decision_id: string | null
  /** With it the client, or a page of yours, learns how it ended. */
  readonly resume_token: string | null
}

/** 202: a person looks at it. 403: it may not happen, or nobody could say. */
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

/** Undefined: this request does nothing on an AI's word. */
export type Describe<Request> = (request: Request) => GateRequest | undefined

type FastifyReply = { code: (status: number) => { send: (body: unknown) => unknown } }

/** A hook of Fastify, such as `preHandler`. */
export function fastifyGate<Request>(oversight: Oversight, describe: Describe<Request>) {
  return async (request: Request, reply: FastifyReply): Promise<unknown> => {
    const held = await findHeld(oversight, describe(request))
    if (held === undefined) return undefined
    const { status, body } = toReply(held)
    return reply.code(status).send(body)
  }
}

type ExpressResponse = { status: (status: number) => { json: (body: unknown) => unknown } }

/** A middleware of Express, and of whatever else takes three arguments. */
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
      // What describes a request can be wrong about it; then nothing happens.
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
