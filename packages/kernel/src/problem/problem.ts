/** A named field of a request and what is wrong with it; `field` is a dotted path such as `config.timeoutMs`. */
export type FieldFault = { readonly field: string; readonly message: string }

export type ProblemDetails = {
  readonly detail?: string
  readonly fields?: readonly FieldFault[]
  /** Whole seconds, at least 1; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
  readonly upgradeUrl?: string
  readonly cause?: unknown
}

/** A refusal that is sent to the caller. `detail` is public: no rows, no SQL, no secrets. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly fields: readonly FieldFault[]
  readonly retryAfterSeconds: number | undefined
  readonly upgradeUrl: string | undefined

  constructor(code: string, status: number, title: string, details: ProblemDetails = {}) {
    const detail = details.detail ?? (details.fields?.length ? toSentence(details.fields) : title)
    super(`${code}: ${detail}`, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = status
    this.title = title
    this.detail = detail
    this.fields = details.fields ?? []
    this.retryAfterSeconds = details.retryAfterSeconds
    this.upgradeUrl = details.upgradeUrl
  }
}

/** Joins the first three faults to one sentence, and counts the others. */
export function toSentence(fields: readonly FieldFault[]): string {
  const named = fields.slice(0, 3).map(({ field, message }) => `${field}: ${message}`)
  const rest = fields.length - named.length
  return rest > 0 ? `${named.join('; ')}; and ${rest} more` : named.join('; ')
}
