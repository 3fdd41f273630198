import { egressDefaults, EgressError, type EgressPolicy } from '@gatehouse/kernel/egress'
import type { VolatilityDeps } from '../deps.ts'

const answerBytesMax = 1_048_576
const timeoutMs = 4_000

type PaddleAnswer =
  | { readonly isAnswered: true; readonly status: number; readonly json: unknown }
  /** The class of the network failure. */
  | { readonly isAnswered: false; readonly code: string }

/** Calls the payment provider's API with the operator's key. Throws if none is configured. */
export async function askPaddle(
  { billing, egress }: Pick<VolatilityDeps, 'billing' | 'egress'>,
  orgId: string,
  { path, body }: { readonly path: string; readonly body?: string },
): Promise<PaddleAnswer> {
  const { apiKey, apiUrl } = billing
  if (apiKey === undefined) throw new Error('PADDLE_API_KEY is not set')
  try {
    const { status, body: bytes } = await egress.forOrg(orgId).request({
      url: `${apiUrl}${path}`,
      method: body === undefined ? 'GET' : 'POST',
      policy: toPolicy(apiUrl),
      timeoutMs,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        authorization: `Bearer ${apiKey.reveal()}`,
      },
      readBody: { bytesMax: answerBytesMax },
    })
    return { isAnswered: true, status, json: readJson(bytes?.toString('utf8') ?? '') }
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    return { isAnswered: false, code: error.code }
  }
}

/** Allows only the one host that the operator configured. */
function toPolicy(apiUrl: string): EgressPolicy {
  const { hostname } = new URL(apiUrl)
  return {
    ...egressDefaults,
    userAgent: 'Gatehouse-Billing/1.0',
    hosts: [hostname.replace(/^\[|\]$/g, '').toLowerCase()],
    operatorConfigured: true,
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
