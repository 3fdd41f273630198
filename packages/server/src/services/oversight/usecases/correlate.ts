import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { oversightPolicy } from '../policy.ts'

/** The caller's own id of the request, in the body or in the header; a header that is malformed is none. */
export function correlate(inBody: string | null, context: Pick<RequestContext, 'header'>): string | null {
  const header = context.header('x-request-id')
  const inHeader = header !== undefined && oversightPolicy.callerIds.pattern.test(header) ? header : null
  return inBody ?? inHeader
}
