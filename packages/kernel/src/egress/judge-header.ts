export type HeaderVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reason: 'name' | 'value' | 'forbidden'; readonly sentence: string }

/**
 * Names that the client itself writes or that would change how a message is framed. A service adds its own, such as
 * `authorization`; an entry that ends in `*` covers every name with that prefix.
 */
export const connectionHeaders: readonly string[] = [
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'user-agent',
  'proxy-*',
]

/** Whether one header is safe to send. `forbiddenNames` are in lower case. */
export function judgeHeader(name: string, value: string, forbiddenNames: readonly string[]): HeaderVerdict {
  if (!token.test(name)) {
    return { accepted: false, reason: 'name', sentence: `${JSON.stringify(name)} is not a header name.` }
  }
  if (!fieldValue.test(value)) {
    const sentence = `The value of ${name} may not contain line breaks, control characters or letters beyond Latin-1.`
    return { accepted: false, reason: 'value', sentence }
  }
  const lower = name.toLowerCase()
  if (forbiddenNames.some((entry) => isCovered(lower, entry))) {
    return { accepted: false, reason: 'forbidden', sentence: `The header ${name} may not be set.` }
  }
  return { accepted: true }
}

/**
 * Throws on the first header that `judgeHeader` refuses: code that takes headers from a user calls `judgeHeader` first.
 */
export function assertHeaders(
  headers: Readonly<Record<string, string>>,
  forbiddenNames: readonly string[] = connectionHeaders,
): void {
  for (const [name, value] of Object.entries(headers)) {
    const verdict = judgeHeader(name, value, forbiddenNames)
    if (!verdict.accepted) throw new Error(verdict.sentence)
  }
}

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** RFC 9110 §5.5: visible characters, blanks and obs-text. */
const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

function isCovered(lower: string, entry: string): boolean {
  return entry.endsWith('*') ? lower.startsWith(entry.slice(0, -1)) : lower === entry
}
