import { expect, it } from 'vitest'
import { readLines } from './read-lines.ts'

async function read(chunks: readonly string[], lineBytesMax = 8): Promise<readonly string[]> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1')
  }
  const lines: string[] = []
  for await (const line of readLines(stream(), lineBytesMax))
    lines.push(line.kind === 'text' ? line.text : `! ${line.message}`)
  return lines
}

const tooLong = '! must be at most 8 bytes'

it.each<[promise: string, chunks: readonly string[], lines: readonly string[]]>([
  ['lines end at line feeds, wherever the stream is cut', ['a\nb', 'c\n', '\nd\n'], ['a', 'bc', '', 'd']],
  ['the last line needs no end', ['a\nb'], ['a', 'b']],
  ['a line feed at the end begins no line', ['a\n'], ['a']],
  ['a carriage return before it belongs to the end', ['a\r\nb\r', '\n'], ['a', 'b']],
  ['a line of just the most bytes is read', ['12345678\n12345678\r\n'], ['12345678', '12345678']],
  ['one more is too long, and the next is read again', ['123456789\na\n'], [tooLong, 'a']],
  ['a very long one is read past', ['1'.repeat(50_000), '1'.repeat(50_000), '\na'], [tooLong, 'a']],
  ['what is no UTF-8 is said to be none', ['\xff\na\n'], ['! is not UTF-8', 'a']],
  ['a character may be cut between two chunks', ['\xe3\x81', '\x82\n'], ['あ']],
  ['nothing has no lines', [], []],
])('%s', async (_promise, chunks, lines) => {
  expect(await read(chunks)).toEqual(lines)
})
