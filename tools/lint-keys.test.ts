import { expect, it } from 'vitest'
import { lintKeys } from './lint-keys.ts'

const texts = {
  'a.ts': "import { b } from './b.ts'",
  'b.ts': "export { c } from './deep/c.ts'\nimport type { N } from '@gatehouse/named'",
  'deep/c.ts': "import { b } from '../b.ts'\nexport const c = 1",
  'lazy.ts': "const { c } = await import('./deep/c.ts')",
  'named.ts': 'export type N = 1',
  'alone.ts': 'export const alone = 1',
  'data.json': '{}',
}
const resolve = (name: string) => (name === '@gatehouse/named' ? 'named.ts' : undefined)

/** The files that are linted again after these changes. */
function changed(changes: Readonly<Record<string, string>>): readonly string[] {
  const before = lintKeys({ texts: new Map(Object.entries(texts)), resolve })
  const after = lintKeys({ texts: new Map(Object.entries({ ...texts, ...changes })), resolve })
  return [...after].filter(([path, key]) => before.get(path) !== key).map(([path]) => path)
}
const all = ['a.ts', 'alone.ts', 'b.ts', 'deep/c.ts', 'lazy.ts', 'named.ts']

it.each<[what: string, changes: Readonly<Record<string, string>>, again: readonly string[]]>([
  ['nothing, nothing', {}, []],
  ['a file that nobody imports, itself', { 'alone.ts': 'export const alone = 2' }, ['alone.ts']],
  ['what imports others, itself', { 'a.ts': `${texts['a.ts']}\n` }, ['a.ts']],
  [
    'what others import by several steps and in a ring, all of these',
    { 'deep/c.ts': `${texts['deep/c.ts']}\n` },
    ['a.ts', 'b.ts', 'deep/c.ts', 'lazy.ts'],
  ],
  [
    'what is imported by a name, all that reach it',
    { 'named.ts': 'export type N = 2' },
    ['a.ts', 'b.ts', 'deep/c.ts', 'lazy.ts', 'named.ts'],
  ],
  ['the rules, everything', { '.oxlintrc.json': '{}' }, all],
  ['what is installed, everything', { 'package-lock.json': '{}' }, all],
  ['options of the compiler, everything', { 'packages/x/tsconfig.json': '{}' }, all],
  ['a declaration, everything', { 'x.d.ts': 'declare const x: 1' }, [...all, 'x.d.ts']],
  [
    'a file that declares for all, everything',
    { 'g.ts': 'declare global {}' },
    [...all.slice(0, 4), 'g.ts', ...all.slice(4)],
  ],
  ['data that nobody imports, nothing', { 'data.json': '{"a":1}' }, []],
])('after a change of %s is linted again', (_what, changes, again) => {
  expect(changed(changes)).toEqual(again)
})

it('a file that an import named in vain, and that is there now, has its importer linted again', () => {
  const importer = { 'early.ts': "import { late } from './late.ts'" }
  const before = lintKeys({ texts: new Map(Object.entries(importer)), resolve })
  const after = lintKeys({ texts: new Map(Object.entries({ ...importer, 'late.ts': '' })), resolve })
  expect(after.get('early.ts')).not.toBe(before.get('early.ts'))
})
