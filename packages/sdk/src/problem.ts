/** An error reply of the server, or a reply that the server did not produce, such as a proxy's error page. */
export class GatehouseProblem extends Error {
  /**
   * A documented error code such as `NOT_FOUND`, or `UNREADABLE_ANSWER` for a reply that the server did not produce.
   */
  readonly code: string
  /** The HTTP status. */
  readonly status: number
  /** From the `Retry-After` header; undefined if the server sent none. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, status: number, message: string, retryAfterSeconds?: number) {
    super(message)
    this.name = 'GatehouseProblem'
    this.code = code
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Parses both error formats of the server: its own envelope and RFC 9457 problem details. */
export function parseProblem(status: number, text: string, retryAfter: string | null): GatehouseProblem {
  const body = parseObject(text)
  const given = toObject(body['error']) ?? body
  const { code, message, detail } = given
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined
  if (typeof code !== 'string')
    return new GatehouseProblem(
      'UNREADABLE_ANSWER',
      status,
      `The server answered with status ${status}`,
      seconds,
    )
  const said = [message, detail].find((value) => typeof value === 'string')
  return new GatehouseProblem(code, status, typeof said === 'string' ? said : code, seconds)
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return toObject(JSON.parse(text)) ?? {}
  } catch {
    // Not JSON, for example a proxy's own error page.
    return {}
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // Safe: any object may be read by name.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
