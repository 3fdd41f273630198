const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const time = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})'
/**
 * The three date formats that a recipient must accept (RFC 9110 §5.6.7); others that Date.parse would accept are no
 * HTTP dates.
 */
const forms = [
  new RegExp(`^[A-Z][a-z]{2}, (?<day>\\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, (?<day>\\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\\d{2}) ${time} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
]
const dayMs = 86_400_000

/**
 * The wait that a `Retry-After` header asks for, in milliseconds from now; 0 when it names none or the time is past.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  return Math.max(0, (parseHttpDate(text, nowMs) ?? nowMs) - nowMs)
}

function parseHttpDate(text: string, nowMs: number): number | undefined {
  const groups = forms.map((form) => form.exec(text)?.groups).find((found) => found !== undefined)
  if (groups === undefined) return undefined
  const { day, month = '', year = '', hour, minute, second } = groups
  const at = (fullYear: number): number =>
    Date.UTC(fullYear, months.indexOf(month), Number(day), Number(hour), Number(minute), Number(second))
  if (!months.includes(month)) return undefined
  if (year.length === 4) return at(Number(year))
  const century = Math.floor(new Date(nowMs).getUTCFullYear() / 100) * 100
  const atMs = at(century + Number(year))
  // A two-digit year that would be more than fifty years ahead means the century before.
  return atMs - nowMs > 50 * 365.25 * dayMs ? at(century - 100 + Number(year)) : atMs
}
