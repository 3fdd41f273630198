import { expect, it } from 'vitest'
import { sendLines } from './send-lines.ts'

const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `{"line":${at + 1},"text":"日本"}`)

async function sent(
  text: string,
  fromLine: number,
): Promise<readonly (readonly [number, readonly string[]])[]> {
  const parts: (readonly [number, readonly string[]])[] = []
  await sendLines({
    file: new Blob([text]),
    fromLine,
    put: async (from, body) => void parts.push([from, body.trimEnd().split('\n')]),
  })
  return parts
}

it('a file is sent in parts of five thousand lines, each from where it stands', async () => {
  const all = lines(12_500)
  const parts = await sent(`${all.join('\n')}\n`, 1)
  expect(parts.map(([from, some]) => [from, some.length])).toEqual([
    [1, 5_000],
    [5_001, 5_000],
    [10_001, 2_500],
  ])
  expect(parts.flatMap(([, some]) => some)).toEqual(all)
})

it('sending goes on behind what is committed, also where the last line has no end', async () => {
  const all = lines(5)
  expect(await sent(all.join('\n'), 4)).toEqual([[4, all.slice(3)]])
  expect(await sent(all.join('\n'), 6)).toEqual([])
  expect(await sent('', 1)).toEqual([])
})
