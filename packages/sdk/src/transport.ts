import { GatehouseProblem, parseProblem } from './problem.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Readonly<Record<string, string | number | boolean | undefined>>
export type CallOptions = {
  readonly signal?: AbortSignal
  /** A recent proof from `sudo.verify`, required by sensitive operations. */
  readonly sudoToken?: string
  /**
   * Requests with the same key are carried out only once within 24 hours. A request with a key is also retried
   * automatically, as GET requests are.
   */
  readonly idempotencyKey?: string
}
/** The parts of a request besides its method and path. */
export type Call = CallOptions & {
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: object
  /** Sent unchanged. */
  readonly text?: string
  /** The `Content-Type` of `text`. */
  readonly textType?: string
  readonly as?: 'blob' | 'stream'
  /** For a stream: the id of the last event that was read. */
  readonly lastEventId?: string
  /** The header in which the service expects API keys. Access tokens are always sent as `Authorization: Bearer`. */
  readonly keyHeader?: 'x-api-key'
}
/**
 * Resolves to the parsed JSON reply, or to a blob or a byte stream if `as` says so. Rejects with a GatehouseProblem,
 * or with what `fetch` rejects with.
 */
export type Transport = <T>(method: Method, path: string, call?: Call) => Promise<T>

export type TransportOptions = {
  readonly baseUrl: string
  /** Sent as a bearer token; called before each attempt. */
  readonly credential: () => string | undefined
  readonly fetch: typeof fetch
}

const attemptsMax = 3
const backoffMs = 250
/** A longer `Retry-After` is not waited for: the error is passed to the caller. */
const waitMsMax = 30_000

export function createTransport({ baseUrl, credential, fetch: send }: TransportOptions): Transport {
  const origin = baseUrl.replace(/\/+$/, '')

  return async <T>(method: Method, path: string, call: Call = {}): Promise<T> => {
    const { query, body, text: plain, textType, signal, sudoToken, idempotencyKey } = call
    const { as, keyHeader, lastEventId } = call
    const url = `${origin}${path}${toSearch(query)}`
    for (let attempt = 1; ; attempt += 1) {
      const bearer = credential()
      const response = await send(url, {
        method,
        headers: {
          accept: as === 'stream' ? 'text/event-stream' : 'application/json',
          ...(bearer === undefined
            ? {}
            : { [keyHeader ?? 'authorization']: keyHeader === undefined ? `Bearer ${bearer}` : bearer }),
          ...(sudoToken === undefined ? {} : { 'x-sudo-token': sudoToken }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(textType === undefined ? {} : { 'content-type': textType }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(plain === undefined ? {} : { body: plain }),
        ...(signal === undefined ? {} : { signal }),
      })
      // Safe: a caller that asks for a blob or a stream names it as the result type.
      if (response.ok && as === 'blob') return (await response.blob()) as T
      if (response.ok && as === 'stream') return response.body as T
      const text = await response.text()
      if (response.ok) {
        // Safe: the server parses every reply with the schema that these types describe.
        return parseAnswer(response.status, text) as T
      }
      const problem = parseProblem(response.status, text, response.headers.get('retry-after'))
      const waitMs = toWaitMs(problem, attempt)
      const isSafe = method === 'GET' || idempotencyKey !== undefined
      if (!isSafe || attempt === attemptsMax || waitMs === undefined) throw problem
      await wait(waitMs, signal)
    }
  }
}

function toSearch(query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search.toString()}`
}

function parseAnswer(status: number, text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    throw new GatehouseProblem('UNREADABLE_ANSWER', status, 'The answer is not JSON')
  }
}

/** Undefined if a retry cannot help. The jitter keeps many clients from retrying at the same moment. */
function toWaitMs({ status, retryAfterSeconds }: GatehouseProblem, attempt: number): number | undefined {
  if (status !== 429 && status !== 503) return undefined
  const jitterMs = Math.random() * backoffMs
  const waitMs =
    retryAfterSeconds === undefined
      ? backoffMs * 2 ** (attempt - 1) + jitterMs
      : retryAfterSeconds * 1_000 + jitterMs
  return waitMs > waitMsMax ? undefined : waitMs
}

export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
