import { fetchNoted } from './reach.ts'

/** No answer, or one that does not tell whether the session is still valid. */
export class Outage extends Error {
  readonly because: 'unreachable' | 'paused' | 'unavailable'
  /** The server's `Retry-After`. */
  readonly retryAfterMs: number | undefined

  constructor(because: Outage['because'], retryAfterMs?: number, options?: ErrorOptions) {
    super(because, options)
    this.name = 'Outage'
    this.because = because
    this.retryAfterMs = retryAfterMs
  }
}

/** Like `fetch`, but returns only the server's own decisions; everything else throws an Outage. */
export async function askServer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetchNoted(input, init)
  } catch (cause) {
    throw new Outage('unreachable', undefined, { cause })
  }
  const retryAfter = response.headers.get('retry-after') ?? ''
  const retryAfterMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined
  if (response.status === 429) throw new Outage('paused', retryAfterMs)
  // A proxy or a captive portal answers with something other than JSON.
  const isOurs = response.headers.get('content-type')?.includes('json') === true
  if (response.status >= 500 || !isOurs) throw new Outage('unavailable', retryAfterMs)
  return response
}
