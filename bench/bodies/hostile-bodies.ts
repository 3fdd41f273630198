const bytes = 100_000

const fill = (entry: string): string =>
  Array.from({ length: Math.floor(bytes / (entry.length + 1)) }, () => entry).join(',')
const names = (count: number, toValue: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => `"name${n}":${toValue(n)}`).join(',')

/** Bodies made to cost more than they weigh. */
export const hostileBodies: readonly (readonly [what: string, text: string])[] = [
  ['a list of empty objects', `[${fill('{}')}]`],
  [
    'a list of empty objects, as many as are taken',
    `[${Array.from({ length: 19_000 }, () => '{}').join(',')}]`,
  ],
  ['a list in a member', `{"email":[${Array.from({ length: 19_000 }, () => '{}').join(',')}]}`],
  ['nesting without an end', '{"a":'.repeat(bytes / 5)],
  [
    'lists of a hundred lists',
    `[${Array.from({ length: 99 }, () => `[${Array.from({ length: 99 }, () => '[]').join(',')}]`).join(',')}]`,
  ],
  ['an object of too many members', `{${names(8_000, String)}}`],
  ['an object of as many members as are taken', `{${names(1_000, String)}}`],
  [
    'objects of as many members as are taken',
    `[${Array.from({ length: 10 }, () => `{${names(900, String)}}`).join(',')}]`,
  ],
  ['one name many times', `{${Array.from({ length: 1_000 }, () => '"a":1').join(',')}}`],
  ['a long number', `{"email":${'9'.repeat(bytes)}}`],
  ['a long fraction', `{"email":0.${'0'.repeat(bytes)}1}`],
  ['many long numbers', `[${fill('9'.repeat(400))}]`],
  ['a long string', `{"email":"${'a@'.repeat(bytes / 2)}"}`],
  ['a string of escapes', `{"email":"${String.raw`\u0000`.repeat(bytes / 6)}"}`],
  ['a string of quotes', `{"url":"${String.raw`\"`.repeat(bytes / 2)}"}`],
  ['a long name', `{"${'n'.repeat(bytes)}":1}`],
  ['a name of escapes', `{"${String.raw`\u006e`.repeat(bytes / 6)}":1}`],
  ['a URL of dots', `{"url":"https://${'a.'.repeat(bytes / 2)}"}`],
  [
    'a type that is none, with much beside it',
    `{"type":"smoke","config":{${names(900, (n) => `{"a":[${n}]}`)}}}`,
  ],
]
