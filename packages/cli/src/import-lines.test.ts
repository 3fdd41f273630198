import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseMap, readImportLines } from './import-lines.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(name: string, content: string | Buffer, map = '', isSorted = false): Promise<unknown[]> {
  const file = join(folder, name)
  await writeFile(file, content)
  const lines: unknown[] = []
  for await (const line of readImportLines(file, parseMap(map), isSorted)) lines.push(JSON.parse(line))
  return lines
}

const csv =
  'user,domain,time_to_decision_ms,ai_available,initial_decision.correct,client_ts,note\n' +
  'a,financial,4200,true,no,2026-01-02T00:00:00Z,"one, ""two""\nthree"\n' +
  'b,financial,,0,,2026-01-01T00:00:00Z,\n'

it('a row of CSV becomes a line by its header: types, quotes, empty cells, objects', async () => {
  expect(await read('a.csv', csv, 'operator_id=user')).toEqual([
    {
      operator_id: 'a',
      domain: 'financial',
      time_to_decision_ms: 4_200,
      ai_available: true,
      initial_decision: { correct: false },
      client_ts: '2026-01-02T00:00:00Z',
      note: 'one, "two"\nthree',
    },
    { operator_id: 'b', domain: 'financial', ai_available: false, client_ts: '2026-01-01T00:00:00Z' },
  ])
})

it('what cannot be read as what it should be is sent as it is', async () => {
  expect(await read('odd.csv', 'time_to_decision_ms,ai_available\nsoon,perhaps\n')).toEqual([
    { time_to_decision_ms: 'soon', ai_available: 'perhaps' },
  ])
})

it('NDJSON and gzip are read, and a sort goes by time, in the order of the file where it is the same', async () => {
  const lines = ['2026-01-03', '2026-01-01', '2026-01-03', 'x'].map((day, at) => ({
    session_id: `s${at}`,
    client_ts: day === 'x' ? 'x' : `${day}T00:00:00Z`,
  }))
  const text = lines.map((line) => JSON.stringify(line)).join('\n\n')
  expect(await read('a.ndjson', text)).toEqual(lines)
  const sorted = await read('a.jsonl.gz', gzipSync(text), '', true)
  expect(sorted.map((line) => (line as { session_id: string }).session_id)).toEqual(['s1', 's0', 's2', 's3'])
})

it.each([
  ['a.xlsx', 'x', 'must end in .csv, .ndjson or .jsonl'],
  ['c.csv', 'a,b\n1\n', 'Invalid Record Length'],
  ['d.csv.gz', 'not packed', 'incorrect header check'],
])('%s of %j is refused', async (name, content, sentence) => {
  await expect(read(name, content)).rejects.toThrow(sentence)
})

it('a line that is no object goes as it is, for the server to reject under its number', async () => {
  const file = join(folder, 'odd.ndjson')
  await writeFile(file, '{"a":1}\n\n{\n[1]\n')
  const lines: string[] = []
  for await (const line of readImportLines(file, parseMap(''), true)) lines.push(line)
  expect(lines).toEqual(['{"a":1}', '{', '[1]'])
})

it('a map that is none is named', () => {
  expect([...parseMap('operator_id=user, client_ts = at')]).toEqual([
    ['user', 'operator_id'],
    ['at', 'client_ts'],
  ])
  expect(() => parseMap('operator_id')).toThrow('"operator_id" is none')
})
