import type { SigningKey } from '../audit/index.ts'
import { type Egress, EgressError } from '../egress/index.ts'
import type { Sealer } from '../secrets/index.ts'
import type { WebhookAttempt } from './judge-webhook-attempt.ts'
import { judgeWebhookUrl, webhookEgressPolicy } from './judge-webhook-url.ts'
import { previousSecretPlace, secretPlace } from './manage-webhooks.ts'
import { serviceSignature, signWebhook } from './sign-webhook.ts'
import type { ClaimedWebhook } from './store/claim-store.ts'

export type SendWebhookDeps = {
  readonly egress: Egress
  readonly sealer: Sealer
  /**
   * Signs, beside the secret, for endpoints that ask for it. What else it signs begins with `gatehouse.`, and a message
   * with its id, so that neither can pass for the other.
   */
  readonly signingKey: Pick<SigningKey, 'privateKey'>
  /** Services that sign in a header of their own as well, such as `x-amaneki-signature`. */
  readonly signatureHeaders: ReadonlyMap<string, string>
}

/** Makes one attempt: a status or a class, never a byte of the answer. A redirect is an answer like any other. */
export async function sendWebhook(
  { egress, sealer, signingKey, signatureHeaders }: SendWebhookDeps,
  claimed: ClaimedWebhook,
  nowMs: number,
  signal: AbortSignal,
): Promise<WebhookAttempt> {
  const { orgId, endpointId, messageId: id, url, body, service } = claimed
  if (!judgeWebhookUrl(egress, url).accepted) return { kind: 'failed', code: 'target_forbidden' }
  const secrets = [sealer.open(secretPlace(orgId, endpointId), claimed.sealedSecret)]
  if (claimed.sealedPrevious !== null && (claimed.previousUntilMs ?? 0) > nowMs)
    secrets.push(sealer.open(previousSecretPlace(orgId, endpointId), claimed.sealedPrevious))
  const message = { id, timestampSeconds: Math.floor(nowMs / 1000), body }
  const privateKeys = claimed.asymmetric ? [signingKey.privateKey] : []
  const ownHeader = signatureHeaders.get(service)
  try {
    const { status, headers } = await egress.request({
      url,
      method: 'POST',
      policy: webhookEgressPolicy,
      body,
      headers: {
        'content-type': 'application/json',
        'x-gatehouse-attempt': String(claimed.attemptsMade + 1),
        ...signWebhook(message, secrets, privateKeys),
        ...(ownHeader === undefined ? {} : { [ownHeader]: serviceSignature(message, secrets) }),
      },
      signal,
    })
    return { kind: 'answered', status, retryAfter: headers['retry-after'] }
  } catch (error) {
    if (error instanceof EgressError) return { kind: 'failed', code: error.code }
    throw error
  }
}
