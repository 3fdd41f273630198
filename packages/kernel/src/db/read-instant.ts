import { type CustomTypesConfig, types } from 'pg'

const { TIMESTAMPTZ } = types.builtins
// Safe: what the driver reads instants with.
const readOther = types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date

/** The type parsers of the driver, with a faster one for instants: lists have four or five of them a row. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: (type, format): unknown =>
    type === TIMESTAMPTZ && format !== 'binary' ? readInstant : types.getTypeParser(type, format),
}

const [dash, blank, colon, point, plus, zero] = Array.from('- :.+0', (sign) => sign.charCodeAt(0))

/**
 * Reads what a session in UTC writes for the years 1 to 9999: `2026-12-01 02:43:36.123+00`. Whatever else PostgreSQL
 * writes, such as `infinity` or another zone, is left to the driver.
 */
export function readInstant(text: string): Date {
  const end = text.length - 3
  const isPlain =
    (end === 19 || (end > 20 && end <= 26 && text.charCodeAt(19) === point)) &&
    text.charCodeAt(4) === dash &&
    text.charCodeAt(7) === dash &&
    text.charCodeAt(10) === blank &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon &&
    text.charCodeAt(end) === plus &&
    text.charCodeAt(end + 1) === zero &&
    text.charCodeAt(end + 2) === zero
  const year = digits(text, 0, 4)
  // Date.UTC takes years below 100 for those of the twentieth century.
  if (!isPlain || year < 100) return readOther(text)
  let milliseconds = 0
  for (let at = 20; at < 23; at += 1)
    milliseconds = 10 * milliseconds + (at < end ? digits(text, at, at + 1) : 0)
  return new Date(
    Date.UTC(
      year,
      digits(text, 5, 7) - 1,
      digits(text, 8, 10),
      digits(text, 11, 13),
      digits(text, 14, 16),
      digits(text, 17, 19),
      milliseconds,
    ),
  )
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) value = 10 * value + text.charCodeAt(at) - 48
  return value
}
