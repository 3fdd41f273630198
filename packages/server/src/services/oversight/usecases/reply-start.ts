import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { OversightDeps } from '../deps.ts'

/** The members of every reply: the request's id and the time, UTC with milliseconds. */
export function replyStart(
  { clock }: Pick<OversightDeps, 'clock'>,
  { requestId }: Pick<RequestContext, 'requestId'>,
): { readonly request_id: string; readonly timestamp: string } {
  return { request_id: requestId, timestamp: new Date(clock.now()).toISOString() }
}
