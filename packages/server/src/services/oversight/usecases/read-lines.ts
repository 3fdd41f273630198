/** A line of a stream, without its end; or why it cannot be one. */
export type RawLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bad'; readonly message: string }

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * The lines of a stream of UTF-8, one after the other. No more than one line is held, and no more of it than a line may
 * have; the rest of a longer one is read past. A line that the end of the stream cuts off counts as a line.
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
      keep(chunk.subarray(from, end))
      yield take()
      from = end + 1
    }
    keep(chunk.subarray(from))
  }
  if (size > 0) yield take()

  function keep(part: Uint8Array): void {
    // One byte beyond shows that it is too long; a carriage return may be that byte.
    const room = lineBytesMax + 2 - size
    // Copied, so that a few bytes do not keep the whole chunk that they came in.
    if (room > 0 && part.length > 0) held.push(Buffer.from(part.subarray(0, room)))
    size += part.length
  }
}

function toLine(held: readonly Uint8Array[], size: number, lineBytesMax: number): RawLine {
  const whole = Buffer.concat(held)
  const bytes = size === whole.length && whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole
  if (bytes.length > lineBytesMax) return { kind: 'bad', message: `must be at most ${lineBytesMax} bytes` }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { kind: 'text', text }
  } catch {
    return { kind: 'bad', message: 'is not UTF-8' }
  }
}
