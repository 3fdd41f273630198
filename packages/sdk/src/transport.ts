import { GatehouseProblem, parseProblem } from './problem.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Readonly<Record<string, string | number | boolean | undefined>>
export type CallOptions = {
  readonly signal?: AbortSignal
  /** A fresh proof from `sudo.verify`, for calls that can do lasting harm. */
  readonly sudoToken?: string
  /** Under it a POST is carried out once within 24 hours, and may be tried again like a GET. */
  readonly idempotencyKey?: string
}
/** What a call sends besides its path. */
export type Call = CallOptions & {
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: object
  /** Sent as it is. */
  readonly text?: string
  /** What `text` is, for endpoints that want to know. */
  readonly textType?: string
  readonly as?: 'blob' | 'stream'
  /** Of a stream: the last event that was read of it. */
  readonly lastEventId?: string
  /** The header that the service reads its keys from; a session is always a bearer. */
  readonly keyHeader?: 'x-api-key'
}
/** Resolves to the parsed answer, or to its bytes `as` a blob or a stream; rejects with a GatehouseProblem, or as fetch does. */
export type Transport = <T>(method: Method, path: string, call?: Call) => Promise<T>

export type TransportOptions = {
  readonly baseUrl: string
  /** Sent as a bearer; read anew for each attempt. */
  readonly credential: () => string | undefined
  readonly fetch: typeof fetch
}

const attemptsMax = 3
const backoffMs = 250
/** Longer waits are the caller's to decide on. */
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
      // Safe: who asks for a blob or a stream names it as what comes.
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

/** Undefined when another attempt cannot help. The jitter keeps many clients from coming back at once. */
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
