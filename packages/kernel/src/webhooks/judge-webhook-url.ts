import {
  type Egress,
  egressDefaults,
  type EgressPolicy,
  judgeAddress,
  type TargetVerdict,
} from '../egress/index.ts'
import { webhookRules } from './webhook-rules.ts'

/** How deliveries leave. Plain http is judged on top of it: only to an address that the operator allows. */
export const webhookEgressPolicy: EgressPolicy = {
  ...egressDefaults,
  userAgent: 'Gatehouse-Webhooks/1.0',
  totalTimeoutMs: webhookRules.timeoutMs,
}

/** May this URL receive? By spelling and, for an address, by the address; said before every attempt too. */
export function judgeWebhookUrl(egress: Pick<Egress, 'judgeTarget'>, url: string): TargetVerdict {
  return judgeScheme(egress.judgeTarget(url, webhookEgressPolicy))
}

/** The same, and for a name what it resolves to now, for a person who is saving it. */
export async function judgeWebhookUrlNow(
  egress: Pick<Egress, 'judgeTargetNow'>,
  url: string,
): Promise<TargetVerdict> {
  return judgeScheme(await egress.judgeTargetNow(url, webhookEgressPolicy))
}

function judgeScheme(verdict: TargetVerdict): TargetVerdict {
  if (!verdict.accepted || verdict.target.scheme === 'https') return verdict
  const { literal, hostname } = verdict.target
  // What the address table refuses by itself was accepted because the operator opened it.
  if (literal && !judgeAddress(hostname).allowed) return verdict
  return { accepted: false, reason: 'scheme', sentence: 'The scheme must be https.' }
}
