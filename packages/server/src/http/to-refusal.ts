import type { Problem } from '@gatehouse/kernel/problem'
import type { Envelope } from '../service/envelope.ts'
import { type Told, toWireError } from './to-wire-error.ts'

export type Refusal = {
  readonly status: number
  readonly body: string
  readonly headers: Record<string, string>
}

/** The statuses after which the rest of the request cannot be read, or is not worth reading. */
const closing: ReadonlySet<number> = new Set([408, 413, 431])

/** The answer for a Problem, whether an endpoint refused or no endpoint was reached. */
export function toRefusal(problem: Problem, envelope: Envelope, told: Told): Refusal {
  const { status, mediaType, body } = toWireError(problem, envelope, told)
  const headers: Refusal['headers'] = { 'content-type': mediaType, 'cache-control': 'no-store' }
  if (problem.retryAfterSeconds !== undefined) headers['retry-after'] = String(problem.retryAfterSeconds)
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  // RFC 9110 §15.5.22
  if (status === 426) headers['upgrade'] = 'websocket'
  if (closing.has(status)) headers['connection'] = 'close'
  return { status, body, headers }
}
