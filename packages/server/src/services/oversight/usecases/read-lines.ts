/** A line of a stream without its line break, or why it is invalid. */
export type RawLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bad'; readonly message: string }

const lineFeed = 0x0a
const carriageReturn = 0x0d
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Splits a UTF-8 stream into lines. At most one line is held in memory, and of a line that is too long only the
 * allowed length; the rest is skipped. An unterminated last line counts as a line.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<RawLine> {
  let held: Uint8Array[] = []
  let size = 0
  const take = (): RawLine => {
    const line = toLine(held, size, lineBytesMax)
    held = []
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      keep(chunk.subarray(from, end), 'whole')
      yield take()
      from = end + 1
    }
    keep(chunk.subarray(from), 'cut')
  }
  if (size > 0) yield take()

  function keep(part: Uint8Array, end: 'whole' | 'cut'): void {
    // One byte more than allowed is kept, to detect a line that is too long; it may also be a carriage return.
    const room = lineBytesMax + 2 - size
    const kept = part.subarray(0, Math.max(0, room))
    // What outlasts its chunk is copied, because a slice would keep the whole chunk in memory.
    if (kept.length > 0) held.push(end === 'cut' ? Buffer.from(kept) : kept)
    size += part.length
  }
}

const empty = new Uint8Array()

function toLine(held: readonly Uint8Array[], size: number, lineBytesMax: number): RawLine {
  const [first = empty] = held
  const whole = held.length > 1 ? Buffer.concat(held) : first
  const bytes = size === whole.length && whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole
  if (bytes.length > lineBytesMax) return { kind: 'bad', message: `must be at most ${lineBytesMax} bytes` }
  try {
    return { kind: 'text', text: utf8.decode(bytes) }
  } catch {
    return { kind: 'bad', message: 'is not UTF-8' }
  }
}
