import { expect, it } from 'vitest'
import { checkHouse } from './check-house.ts'
import { layOutTree } from './testing/lay-out-tree.ts'

const sound = {
  'src/keys/judge-key.ts': [
    '// TODO #12: judge rotated keys.',
    '// Safe: the driver returns rows of this shape.',
    'const row = value as unknown as Row',
    '// oxlint-disable-next-line no-console -- a person reads this',
    '// @ts-expect-error Keys are made by mintKey alone.',
    "const todo = 'TODO'",
  ].join('\n'),
  'src/keys/key.test.ts': 'await expect.poll(look, { timeout: 60_000 }).toBe(1)',
  'src/keys/migrations/0001_keys.sql': 'CREATE TABLE key ();',
  'src/keys/policy.ts':
    "const hour = 3_600\n/** A note: of it. */\nexport const policy = {\n  lasts: { daysMax: 90 },\n  'per-key': hour,\n}",
  'src/keys/limit-key.ts': "policy.lasts.daysMax; policy['per-key']",
  'src/keys/long.ts': 'x\n'.repeat(400),
  'packages/kernel/src/design/tokens.ts': "export const ink = '#16181d'",
  'packages/app/src/list.css':
    '.list {\n  color: var(--ink);\n  gap: 0 1px;\n  font: var(--text-14) / 1.4 var(--font);\n  width: 40rem;\n}',
  'packages/app/src/list.ts':
    "// #16181d\nconst where = '#123'\nconst to = '#content'\nclass A { #cafe = 1 }",
  'packages/dashboard/src/part.ts': "// 5 % of it\nconst part = '5%'\nconst rest = all % 5",
  'README.md': 'x\n'.repeat(500),
}

it('a tidy house passes', () => {
  expect(checkHouse(layOutTree(sound))).toEqual([])
})

it.each<[promise: string, rule: string, path: string, text: string]>([
  ['a folder of helpers', 'folder-is-a-concept', 'src/helpers/format.ts', ''],
  ['a folder of types', 'folder-is-a-concept', 'src/keys/types/key.ts', ''],
  ['a file of one line too many', 'file-is-small', 'src/keys/long.ts', 'x\n'.repeat(401)],
  [
    'a verifier of one line too many',
    'file-is-small',
    'packages/kernel/src/audit/verify-audit.mjs',
    'x\n'.repeat(501),
  ],
  ['a promise that nobody tracks', 'promise-has-an-issue', 'src/a.ts', 'x // TODO later'],
  ['a promise in a statement', 'promise-has-an-issue', 'src/migrations/0001_a.sql', '-- FIXME: an index'],
  ['a cast that says nothing', 'cast-says-why', 'src/a.ts', 'const a = b as unknown as C'],
  [
    'a cast whose reason is too far away',
    'cast-says-why',
    'src/a.ts',
    `// Safe: so.\n${'x\n'.repeat(3)}b as unknown as C`,
  ],
  ['a silenced compiler', 'nothing-is-silenced', 'src/a.ts', '// @ts-ignore'],
  ['an expected error without a reason', 'nothing-is-silenced', 'src/a.ts', '// @ts-expect-error'],
  [
    'a linter silenced without a reason',
    'nothing-is-silenced',
    'src/a.ts',
    '// oxlint-disable-next-line no-console',
  ],
  ['a mocked module', 'no-module-mocks', 'src/a.test.ts', "vi.mock('./b.ts')"],
  [
    'a wait that ends too soon for a busy machine',
    'test-waits-for-the-event',
    'src/a.test.ts',
    'await expect.poll(look, { timeout: 10_000 }).toBe(1)',
  ],
  ['an impatient browser', 'test-waits-for-the-event', 'src/a.test.ts', 'page.setDefaultTimeout(9_999)'],
  [
    'a test with a stopwatch',
    'test-waits-for-the-event',
    'src/a.test.ts',
    'expect(performance.now() - startedAt).toBeLessThan(3_000)',
  ],
  [
    'a figure that nothing reads',
    'figure-is-read',
    'src/keys/plans.ts',
    'export const plans = {\n  keysMax: 5,\n}',
  ],
  ['a figure within a line', 'figure-is-read', 'src/keys/plans.ts', 'const a = { lasts: 1, keysMax: 5 }'],
  ['a colour of its own', 'look-is-a-token', 'packages/app/src/a.css', 'a {\n  color: #16181d;\n}'],
  ['a short colour', 'look-is-a-token', 'packages/app/src/a.css', 'a {\n  color: #fff;\n}'],
  [
    'a colour that is computed',
    'look-is-a-token',
    'packages/app/src/a.css',
    'a {\n  color: rgb(0 0 0 / 45%);\n}',
  ],
  ['a colour in code', 'look-is-a-token', 'packages/app/src/a.tsx', 'const fill = <rect fill="#fff" />'],
  ['a size of its own', 'look-is-a-token', 'packages/app/src/a.css', 'a {\n  font-size: 15px;\n}'],
  ['a gap off the grid', 'look-is-a-token', 'packages/app/src/a.css', 'a {\n  gap: 0.9rem;\n}'],
  ['a font of its own', 'look-is-a-token', 'packages/app/src/a.css', 'a {\n  font-family: Arial;\n}'],
  ['a weight of its own', 'look-is-a-token', 'packages/app/src/a.css', 'a {\n  font-weight: 550;\n}'],
  [
    'a look of its own in the style of a page',
    'look-is-a-token',
    'packages/app/src/stylesheet.ts',
    'const css = `body{margin:0;padding:1.25rem}`',
  ],
  [
    'a percentage of another form',
    'percent-is-one-form',
    'packages/server/src/a.ts',
    "const a = '95 % of it'",
  ],
  [
    'a percentage of another form in a template',
    'percent-is-one-form',
    'packages/dashboard/src/a.tsx',
    'const a = `${share} %`',
  ],
  ['a statement outside migrations', 'sql-file-is-a-migration', 'src/keys/find-key.sql', 'SELECT 1;'],
  ['a migration without a number', 'sql-file-is-a-migration', 'src/keys/migrations/keys.sql', 'SELECT 1;'],
])('%s is found', (_promise, rule, path, text) => {
  expect(checkHouse(layOutTree({ ...sound, [path]: text })).map((finding) => finding.rule)).toEqual([rule])
})

it('a figure that only its test reads is found', () => {
  const tree = {
    ...sound,
    'src/keys/plans.ts': 'const plans = { keysMax: 5 }',
    'src/keys/a.test.ts': 'plans.keysMax',
  }
  expect(checkHouse(layOutTree(tree)).map(({ rule, detail }) => [rule, detail])).toEqual([
    ['figure-is-read', 'no code reads “keysMax”'],
  ])
})

it('paths that are excepted are not looked at', () => {
  const root = layOutTree({ ...sound, 'tools/fixtures/utils/a.ts': '' })
  expect(checkHouse(root)).toHaveLength(1)
  expect(checkHouse(root, ['tools/fixtures'])).toEqual([])
})
