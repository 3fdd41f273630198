import {
  type Attempt,
  type AttemptContext,
  type DestinationKind,
  toAttempt,
  toHttpAttempt,
} from '@gatehouse/kernel/delivery'
import { type Egress, EgressError } from '@gatehouse/kernel/egress'
import type { Secret } from '@gatehouse/kernel/secrets'
import { webhookEgressPolicy, webhookRules } from '@gatehouse/kernel/webhooks'
import type { ToldEvent } from '../domain/event-words.ts'

/** A message for one subscription: to a receiver the exact bytes of one event, to a chat a text about several. */
export type RegimeMessage = {
  /** The same on every attempt. */
  readonly id: string
  readonly body: string
  readonly attempt: number
  readonly secret: Secret | undefined
  /** Oldest first; `more` is the number of omitted events. */
  readonly events: readonly ToldEvent[]
  readonly more: number
}

export type ReceiverTools = AttemptContext & { readonly egress: Pick<Egress, 'request'> }

export type ReceiverKind = DestinationKind<RegimeMessage, ReceiverTools>

/** How to interpret a chat service's responses beyond their status. */
export type ChatAnswers = {
  /** Statuses after which the address no longer exists. */
  readonly gone: readonly number[]
  /** Judges the body of a 2xx, for services where the status proves nothing. Default: any body. */
  readonly isTaken?: (answer: string) => boolean
  /** Reads from the body of a 429 how many seconds to wait. */
  readonly patience?: (answer: unknown) => unknown
}

const answerBytesMax = 4_096

/** Posts once and returns the result: a status or an error class, never a byte of the response. */
export async function post(
  { egress, nowMs, signal }: ReceiverTools,
  {
    url,
    body,
    headers = {},
  }: { readonly url: string; readonly body: string; readonly headers?: Readonly<Record<string, string>> },
  chat?: ChatAnswers,
): Promise<Attempt> {
  try {
    const answer = await egress.request({
      url,
      method: 'POST',
      policy: webhookEgressPolicy,
      body,
      headers: { 'content-type': 'application/json', ...headers },
      signal,
      ...(chat === undefined ? {} : { readBody: { bytesMax: answerBytesMax } }),
    })
    const attempt = toHttpAttempt(answer, nowMs, webhookRules)
    return chat === undefined ? attempt : judgeChat(attempt, answer.body?.toString('utf8') ?? '', chat)
  } catch (error) {
    if (error instanceof EgressError) return toAttempt('again', error.code)
    throw error
  }
}

function judgeChat(attempt: Attempt, text: string, { gone, isTaken, patience }: ChatAnswers): Attempt {
  const { status, outcome, waitMs } = attempt
  if (status !== null && gone.includes(status)) return { ...attempt, outcome: 'gone' }
  if (outcome === 'accepted' && isTaken?.(text) === false)
    return { ...attempt, outcome: 'again', error: 'answered 2xx, but not as expected' }
  if (status !== 429 || patience === undefined) return attempt
  const seconds = patience(parseJson(text))
  return typeof seconds === 'number' && seconds > 0
    ? { ...attempt, waitMs: Math.max(waitMs, Math.ceil(seconds * 1_000)) }
    : attempt
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A member of an untrusted JSON value. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined
}
