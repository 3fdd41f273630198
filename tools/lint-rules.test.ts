import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { layOutTree } from './testing/lay-out-tree.ts'

const root = join(import.meta.dirname, '..')

it.each<[promise: string, rule: string, text: string]>([
  [
    'a promise that nobody awaits',
    'no-floating-promises',
    'declare function save(): Promise<void>\nexport function run() {\n  save()\n}',
  ],
  [
    'a promise where none is awaited',
    'no-misused-promises',
    'export function each(list: readonly string[]) {\n  list.forEach(async (item) => Promise.resolve(item))\n}',
  ],
  [
    'an await of a value',
    'await-thenable',
    'export async function run(value: number) {\n  const same = await value\n  return same\n}',
  ],
  ['any', 'no-explicit-any', 'export function run(value: any) {\n  return value === 1\n}'],
  [
    'a value of unknown shape that is used',
    'no-unsafe-member-access',
    'export const name = String(JSON.parse("{}").name)',
  ],
  [
    'a value that is sworn to be there',
    'no-non-null-assertion',
    'export const first = (list: string[]) => list[0]!',
  ],
  ['a default export', 'no-default-export', 'export default function run() {}'],
  [
    'a state that a switch forgets',
    'switch-exhaustiveness-check',
    "export function run(state: 'up' | 'down') {\n  switch (state) {\n    case 'up':\n      return 1\n  }\n  return 2\n}",
  ],
  [
    'a switch on a union with a default',
    'switch-exhaustiveness-check',
    "export function run(state: 'up' | 'down') {\n  switch (state) {\n    case 'up':\n    case 'down':\n      return 1\n    default:\n      return 2\n  }\n}",
  ],
  ['a loose comparison', 'eqeqeq', 'export const isOne = (value: string) => value == `1`'],
  ['a line on the console', 'no-console', "console.log('up')"],
  [
    'a type imported as a value',
    'consistent-type-imports',
    "import { Stats } from 'node:fs'\nexport type Size = Stats['size']",
  ],
  ['a file that is not in kebab case', 'filename-case', 'export const up = true'],
])('%s is found', (_promise, rule, text) => {
  const path =
    rule === 'filename-case' ? 'packages/server/src/runChecks.ts' : 'packages/server/src/run-checks.ts'
  expect(lint({ [path]: `${text}\n` })).toEqual([rule])
})

it('the command line may write to the console', () => {
  expect(lint({ 'packages/cli/src/run.ts': "console.log('up')\n" })).toEqual([])
})

/** The rules that the house's own configuration finds broken in these files. */
function lint(files: Readonly<Record<string, string>>): readonly string[] {
  const tree = layOutTree({
    ...files,
    '.oxlintrc.json': readFileSync(join(root, '.oxlintrc.json'), 'utf8'),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        noUncheckedIndexedAccess: true,
        target: 'esnext',
        module: 'nodenext',
        noEmit: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: ['packages'],
    }),
  })
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const run = spawnSync(process.execPath, [oxlint, '--type-aware', '--format', 'unix'], {
    cwd: tree,
    encoding: 'utf8',
  })
  return [...run.stdout.matchAll(/\[Error\/[\w-]+\(([\w-]+)\)\]$/gm)].map((match) => match[1] ?? '')
}
