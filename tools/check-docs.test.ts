import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkDocs } from './check-docs.ts'
import { layOutTree } from './testing/lay-out-tree.ts'

const table = `import { defineProblems } from '@gatehouse/kernel/problem'
export const problems = defineProblems({
  monitor_not_found: [404, 'Monitor not found'],
  'MONITOR_TAKEN': [409, 'Taken'],
})`

// Taken apart, because this very file is held against the rule as well.
const [home, rootHome] = ['home', 'root'].map((folder) => `/${folder}`)

const sound = {
  'package.json': '{ "scripts": { "check": "node tools/check.ts", "start": "node start.js" } }',
  'README.md': [
    '# A house',
    'Start with `npm start`, then `npm run check`. [The guide](docs/guides/first-steps.md#second-step).',
    '![a picture](docs/guides/picture.png) and [the web](https://example.com/nowhere.md), [below](#a-house).',
    'See `packages/kernel/src/keys/`, `keys/problems.ts`, `packages/kernel/src/<concept>/index.ts`, `STYLE.md`.',
    'Not paths: `application/json`, `GET /v1/monitors`, `text/html; charset=utf-8`, `monitors:write`, `mk_<id>/x`.',
    '```',
    'cat packages/of/an/example.ts [text](not/a/link.md)',
    '```',
  ].join('\n'),
  'STYLE.md': '[house]: README.md "the house"',
  'docs/guides/first-steps.md': '# Steps\n## Second step\n[up](../../README.md) and [folder](..)',
  'docs/guides/picture.png': 'picture',
  'docs/problems/monitor_not_found.md': '# Monitor not found',
  'docs/problems/MONITOR_TAKEN.md': '# Taken',
  'docs/problems/README.md': '# Problems',
  'packages/kernel/src/keys/problems.ts': table,
}

it('a house whose pages tell the truth passes', () => {
  expect(checkDocs(layOutTree(sound))).toEqual([])
})

it.each<[promise: string, rule: string, files: Record<string, string>]>([
  ['a link to no file', 'link-leads-somewhere', { 'a.md': '[x](docs/guides/second-steps.md)' }],
  ['an image of no file', 'link-leads-somewhere', { 'a.md': '![x](picture.png)' }],
  ['a named link to no file', 'link-leads-somewhere', { 'a.md': '[x]: nowhere.md' }],
  ['a link out of a folder to no file', 'link-leads-somewhere', { 'docs/a.md': '[x](README.md)' }],
  ['a link to no heading', 'link-leads-somewhere', { 'a.md': '[x](README.md#another-house)' }],
  ['a link to no heading of its own page', 'link-leads-somewhere', { 'a.md': '# One\n[x](#two)' }],
  ['a path to no file', 'path-exists', { 'a.md': 'see `packages/kernel/src/keys/key.ts`' }],
  ['a path to no folder', 'path-exists', { 'a.md': 'see `docs/decisions/`' }],
  [
    'a path that goes wrong before its placeholder',
    'path-exists',
    { 'a.md': '`packages/core/src/<concept>/`' },
  ],
  ['a file that no folder of that name holds', 'path-exists', { 'a.md': 'see `sessions/problems.ts`' }],
  ['a document that is not at the top', 'path-exists', { 'a.md': 'see `SECURITY.md`' }],
  ['a script that is not there', 'script-exists', { 'a.md': '```\nnpm run build\n```' }],
  ['a short script that is not there', 'script-exists', { 'a.md': 'run `npm test`' }],
  [
    'a code without a page',
    'problem-has-page',
    { 'packages/server/src/http/problems.ts': "defineProblems({ gone: [410, 'Gone'] })" },
  ],
  ['a page without a code', 'page-has-problem', { 'docs/problems/gone.md': '# Gone' }],
  ["a path on somebody's machine", 'no-machine-path', { 'a.ts': `const at = '${home}/alice/gatehouse'` }],
  ["a path in the administrator's home", 'no-machine-path', { 'a.sh': `cd ${rootHome}/gatehouse` }],
])('%s is found', (_promise, rule, files) => {
  expect(checkDocs(layOutTree({ ...sound, ...files })).map((finding) => finding.rule)).toEqual([rule])
})

it('a path into the checkout itself is found', () => {
  const root = layOutTree(sound)
  writeFileSync(join(root, 'a.md'), `in ${root}/docs`)
  expect(checkDocs(root)).toEqual([{ rule: 'no-machine-path', where: 'a.md:1', detail: root }])
})

it('a problem table that cannot be read is not passed over', () => {
  const root = layOutTree({ ...sound, 'packages/kernel/src/keys/more.ts': 'defineProblems({ ...others })' })
  expect(() => checkDocs(root)).toThrow('packages/kernel/src/keys/more.ts')
})

it('folders that are excepted are not looked into, but may be named', () => {
  const root = layOutTree({
    ...sound,
    'tools/fixtures/a.md': '[x](nowhere.md)',
    'a.md': 'see `tools/fixtures/`',
  })
  expect(checkDocs(root)).toHaveLength(1)
  expect(checkDocs(root, ['tools/fixtures'])).toEqual([])
})
