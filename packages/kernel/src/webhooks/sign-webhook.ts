import { createHmac, type KeyObject, sign } from 'node:crypto'
import { createFastHmac, type FastHmac, type Secret, signingKeyOf } from '../secrets/index.ts'

/** One message to sign; `body` is sent exactly as it is signed. */
export type WebhookMessage = {
  /** The same on every attempt, so that a receiver can recognise a repeat. */
  readonly id: string
  /** The time of this attempt, in Unix seconds. */
  readonly timestampSeconds: number
  readonly body: string
}

/** Makes the headers in which a service signs in addition to the standard ones; the newest secret comes first. */
export type SignOwn = (
  message: WebhookMessage,
  secrets: readonly Secret[],
) => Readonly<Record<string, string>>

/**
 * The three headers of Standard Webhooks 1.0: `v1`, HMAC-SHA-256 over `id.timestamp.body`, with one signature per
 * currently valid secret, so that a rotation has an overlap; and `v1a`, Ed25519 over the same bytes, for each private
 * key.
 */
export function signWebhook(
  message: WebhookMessage,
  secrets: readonly Secret[],
  privateKeys: readonly KeyObject[] = [],
): Record<string, string> {
  const { id, timestampSeconds, body } = message
  const content = `${id}.${timestampSeconds}.${body}`
  const signatures = [
    ...secrets.map((secret) => `v1,${hmacOf(secret)(content, 'base64')}`),
    ...privateKeys.map((key) => `v1a,${sign(null, Buffer.from(content, 'utf8'), key).toString('base64')}`),
  ]
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  }
}

/** Lower-case hex HMAC-SHA-256 of the raw body alone: the form for older receivers, which cannot detect a replay. */
export function signBody(body: string, secret: Secret): string {
  return createHmac('sha256', signingKeyOf(secret.reveal())).update(body).digest('hex')
}

/**
 * `t=…,v1=…` over `t.body`, keyed with the ASCII of each whole secret: the form that verifiers for Stripe's signatures
 * read.
 */
export function serviceSignature(
  { timestampSeconds, body }: Omit<WebhookMessage, 'id'>,
  secrets: readonly Secret[],
): string {
  const signatures = secrets.map(
    (secret) =>
      `v1=${createHmac('sha256', secret.reveal()).update(`${timestampSeconds}.${body}`).digest('hex')}`,
  )
  return [`t=${timestampSeconds}`, ...signatures].join(',')
}

const hmacs = new WeakMap<Secret, FastHmac>()

function hmacOf(secret: Secret): FastHmac {
  const known = hmacs.get(secret)
  if (known !== undefined) return known
  const made = createFastHmac(signingKeyOf(secret.reveal()))
  hmacs.set(secret, made)
  return made
}
