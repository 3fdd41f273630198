import {
  type Egress,
  egressDefaults,
  type EgressPolicy,
  judgeAddress,
  type TargetVerdict,
} from '../egress/index.ts'
import { webhookRules } from './webhook-rules.ts'

/** The egress policy of deliveries. Plain http is restricted further: only to an address that the operator allows. */
export const webhookEgressPolicy: EgressPolicy = {
  ...egressDefaults,
  userAgent: 'Gatehouse-Webhooks/1.0',
  totalTimeoutMs: webhookRules.timeoutMs,
}

/**
 * Whether a URL may receive webhooks: judges its spelling and, for an address, the address. Called before every attempt
 * as well.
 */
export function judgeWebhookUrl(egress: Pick<Egress, 'judgeTarget'>, url: string): TargetVerdict {
  return judgeScheme(egress.judgeTarget(url, webhookEgressPolicy))
}

/** Like `judgeWebhookUrl`, and for a name also what it resolves to now, for a user who is saving it. */
export async function judgeWebhookUrlNow(
  egress: Pick<Egress, 'judgeTargetNow'>,
  url: string,
): Promise<TargetVerdict> {
  return judgeScheme(await egress.judgeTargetNow(url, webhookEgressPolicy))
}

function judgeScheme(verdict: TargetVerdict): TargetVerdict {
  if (!verdict.accepted || verdict.target.scheme === 'https') return verdict
  const { literal, hostname } = verdict.target
  // The address is special, so it was accepted only because the operator allows it.
  if (literal && !judgeAddress(hostname).allowed) return verdict
  return { accepted: false, reason: 'scheme', sentence: 'The scheme must be https.' }
}
