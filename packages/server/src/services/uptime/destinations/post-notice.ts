import { type Attempt, toAttempt, toHttpAttempt } from '@gatehouse/kernel/delivery'
import { type EgressResponse, EgressError } from '@gatehouse/kernel/egress'
import { uptimePolicy } from '../policy.ts'
import { channelEgressPolicy, type ChannelTools } from './channel.ts'

const { timeoutMs } = uptimePolicy.delivery

/**
 * Posts a notification as JSON and returns the result: a status or an error class, never a byte of the response. For
 * services whose 2xx proves nothing, `isTaken` judges the first bytes of the response.
 */
export async function postNotice(
  { egress, nowMs, signal }: ChannelTools,
  request: {
    readonly url: string
    readonly body: string
    readonly headers?: Readonly<Record<string, string>>
    readonly isTaken?: (answer: string) => boolean
  },
): Promise<Attempt> {
  const { url, body, headers = {}, isTaken } = request
  try {
    const answer = await egress.request({
      url,
      method: 'POST',
      policy: channelEgressPolicy,
      timeoutMs,
      body,
      headers: { 'content-type': 'application/json', ...headers },
      signal,
      ...(isTaken === undefined ? {} : { readBody: { bytesMax: answerBytesMax } }),
    })
    return judgeAnswer(answer, nowMs, isTaken)
  } catch (error) {
    if (error instanceof EgressError) return toAttempt('again', error.code)
    throw error
  }
}

const answerBytesMax = 1_024

function judgeAnswer(
  answer: EgressResponse,
  nowMs: number,
  isTaken: ((answer: string) => boolean) | undefined,
): Attempt {
  const attempt = toHttpAttempt(answer, nowMs, uptimePolicy.delivery)
  if (attempt.outcome !== 'accepted' || isTaken === undefined) return attempt
  const text = answer.body?.toString('utf8') ?? ''
  return isTaken(text)
    ? attempt
    : { ...attempt, outcome: 'again', error: 'answered 2xx, but not as expected' }
}
