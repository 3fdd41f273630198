import { expect, it } from 'vitest'
import { jsonBounds, judgeJson, type JsonVerdict } from './judge-json.ts'

const { depthMax, nodesMax, membersMax } = jsonBounds
const accepted: JsonVerdict = { accepted: true }
const refused = (because: 'too_deep' | 'too_many_nodes' | 'too_many_members'): JsonVerdict => ({
  accepted: false,
  because,
})
const listOf = (count: number, entry: string): string =>
  `[${Array.from({ length: count }, () => entry).join(',')}]`
const objectOf = (count: number, toMember: (n: number) => string): string =>
  `{${Array.from({ length: count }, (_, n) => toMember(n)).join(', ')}}`

it.each<[what: string, text: string, verdict: JsonVerdict]>([
  ['the deepest nesting', `${'['.repeat(depthMax)}${']'.repeat(depthMax)}`, accepted],
  ['one level more', `${'['.repeat(depthMax + 1)}${']'.repeat(depthMax + 1)}`, refused('too_deep')],
  ['nesting without an end', '{"a":'.repeat(100_000), refused('too_deep')],
  ['the most nodes, of numbers', listOf(nodesMax - 1, '1'), accepted],
  ['one number more', listOf(nodesMax, '1'), refused('too_many_nodes')],
  ['the most nodes, of strings', listOf(nodesMax - 1, String.raw`"\"[,:{"`), accepted],
  ['one string more', listOf(nodesMax, '""'), refused('too_many_nodes')],
  ['the most nodes, of empty objects', listOf(nodesMax - 1, '{}'), accepted],
  ['one object more', listOf(nodesMax, ' { } '), refused('too_many_nodes')],
  ['the most nodes, of members', listOf((nodesMax - 2) / 3 - 1, '{"a":{"b":true}}'), accepted],
  ['the most members', objectOf(membersMax, (n) => `"n${n}":null`), accepted],
  ['one member more', objectOf(membersMax + 1, (n) => `"n${n}":null`), refused('too_many_members')],
  [
    'one name twice',
    '{"a": [{"n": 1}, {"b": 1, "n" : 2, "n" : 3}]}',
    { accepted: false, because: 'named_twice', name: 'a[1].n' },
  ],
  [
    'one name twice, spelled in two ways',
    String.raw`{"n":1,"\u006e":2}`,
    { accepted: false, because: 'named_twice', name: 'n' },
  ],
  ['one name in objects beside and within each other', '[{"n":{"n":1}},{"n":2}]', accepted],
  [
    'many members over several objects',
    listOf(
      9,
      objectOf(membersMax, (n) => `"${n}":[]`),
    ),
    accepted,
  ],
  ['a long number', '9'.repeat(100_000), accepted],
  ['a long string of escapes', `"${String.raw`\\\"`.repeat(30_000)}"`, accepted],
  ['a string that does not end', String.raw`["a\"`, accepted],
  ['more ends than beginnings', ']'.repeat(50), accepted],
  ['nothing', '', accepted],
])('%s', (_what, text, verdict) => expect(judgeJson(Buffer.from(text))).toEqual(verdict))
