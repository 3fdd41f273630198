/** Longer strings are cut: a model's input costs tokens, and can manipulate it. */
const stringMax = 2_000

// oxlint-disable-next-line no-control-regex -- these are what is escaped
const hidden = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * A reply as data for a model: every string, including member names, is cut to a maximum, and control characters are
 * escaped.
 */
export function toData(value: unknown): unknown {
  if (typeof value === 'string') return toText(value)
  if (Array.isArray(value)) return value.map(toData)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [toText(name), toData(member)]))
}

function toText(text: string): string {
  const cut = text.length > stringMax ? `${text.slice(0, stringMax - 1).toWellFormed()}…` : text
  return cut.replaceAll(hidden, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
