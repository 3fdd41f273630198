import { fetchNoted } from './reach.ts'

/** An answer, or none, that does not say whether the session lives on. */
export class Outage extends Error {
  readonly because: 'unreachable' | 'paused' | 'unavailable'
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined

  constructor(because: Outage['because'], retryAfterMs?: number, options?: ErrorOptions) {
    super(because, options)
    this.name = 'Outage'
    this.because = because
    this.retryAfterMs = retryAfterMs
  }
}

/** Like `fetch`, but only what the server itself decided comes back; everything else is an Outage. */
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
  // A proxy, or the page of a hotel, answers with something that is no JSON.
  const isOurs = response.headers.get('content-type')?.includes('json') === true
  if (response.status >= 500 || !isOurs) throw new Outage('unavailable', retryAfterMs)
  return response
}
