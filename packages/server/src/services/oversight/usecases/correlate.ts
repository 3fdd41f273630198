import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { oversightPolicy } from '../policy.ts'

/** The caller's request id, from the body or the header; a malformed header is ignored. */
export function correlate(inBody: string | null, context: Pick<RequestContext, 'header'>): string | null {
  const header = context.header('x-request-id')
  const inHeader = header !== undefined && oversightPolicy.callerIds.pattern.test(header) ? header : null
  return inBody ?? inHeader
}
