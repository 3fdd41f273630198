import { type Egress, EgressError } from '@gatehouse/kernel/egress'
import { signBody, signWebhook } from '@gatehouse/kernel/webhooks'
import { type Attempt, parseRetryAfter } from '../domain/delivery-schedule.ts'
import { uptimePolicy } from '../policy.ts'
import { renderNoticeMail } from './render-notice-mail.ts'
import { type Destination, type NoticeToSend, type OutgoingMail, webhookPolicy } from './outgoing.ts'

export type SendDeps = {
  readonly egress: Egress
  readonly publicUrl: () => string
  /** Sends one mail now. */
  readonly sendMail: (mail: OutgoingMail) => Promise<Attempt>
}

/** Makes one attempt, and says what came of it: a status or a class, never a byte of the answer. */
export async function sendNotice(
  deps: SendDeps,
  destination: Destination,
  toSend: NoticeToSend,
): Promise<Attempt> {
  switch (destination.type) {
    case 'webhook':
      return sendWebhook(deps.egress, destination, toSend)
    case 'email':
      return deps.sendMail(renderNoticeMail(destination, toSend, deps.publicUrl()))
  }
}

async function sendWebhook(
  egress: Egress,
  { url, secret }: Destination & { type: 'webhook' },
  { deliveryId, notice, nowMs }: NoticeToSend,
): Promise<Attempt> {
  const body = JSON.stringify(notice.body)
  const timestampSeconds = Math.floor(nowMs / 1000)
  try {
    const response = await egress.request({
      url,
      method: 'POST',
      policy: webhookPolicy,
      timeoutMs: uptimePolicy.delivery.timeoutMs,
      body,
      headers: {
        'content-type': 'application/json',
        ...signWebhook({ id: deliveryId, timestampSeconds, body }, [secret]),
        'x-manako-signature': `sha256=${signBody(body, secret)}`,
      },
    })
    const retryAfterSeconds = parseRetryAfter(response.headers['retry-after'], nowMs)
    return { kind: 'answered', status: response.status, retryAfterSeconds }
  } catch (error) {
    if (error instanceof EgressError) return { kind: 'failed', code: error.code }
    throw error
  }
}
