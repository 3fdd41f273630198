import { egressDefaults } from '@gatehouse/kernel/egress'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { OwnAnswer, OwnRequest, RunbookContext } from './runbook.ts'

const timeoutMs = 10_000

/** Makes one request to a host that the operator named, over the normal egress. */
export async function askElsewhere(
  { egress, signal }: Pick<RunbookContext, 'egress' | 'signal'>,
  url: string,
  headers: Readonly<Record<string, string>>,
  { method = 'GET', body }: Pick<OwnRequest, 'body' | 'method'> = {},
): Promise<OwnAnswer> {
  const { hostname } = new URL(url)
  const { status, body: bytes } = await egress.forOrg(instanceOrgId).request({
    url,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    policy: {
      ...egressDefaults,
      userAgent: 'Gatehouse-Runbook/1.0',
      hosts: [hostname.replace(/^\[|\]$/g, '').toLowerCase()],
      operatorConfigured: true,
    },
    timeoutMs,
    signal,
    readBody: { bytesMax: 1_048_576 },
  })
  return { status, text: bytes?.toString('utf8') ?? '' }
}
