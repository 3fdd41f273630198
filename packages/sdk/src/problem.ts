/** A refusal by the server, or an answer that is none of its own. */
export class GatehouseProblem extends Error {
  /** One of the codes the API documents, such as `NOT_FOUND`; `UNREADABLE_ANSWER` for what is not its own. */
  readonly code: string
  /** The HTTP status. */
  readonly status: number
  /** How long to wait before asking again; undefined when the server did not say. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, status: number, message: string, retryAfterSeconds?: number) {
    super(message)
    this.name = 'GatehouseProblem'
    this.code = code
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Both forms that the server speaks: its wire envelope, and RFC 9457. */
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
    // A proxy's own page, not an answer of the API.
    return {}
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // Safe: any object may be read by name.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
