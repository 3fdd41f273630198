import { expect, it } from 'vitest'
import { checkGenerated } from './check-generated.ts'
import { layOutTree } from './testing/lay-out-tree.ts'

const writes = (text: string) => [{ file: 'docs/api.json', script: 'tools/write-api.ts', toText: () => text }]
const fails = [
  {
    file: 'docs/api.json',
    script: 'tools/write-api.ts',
    toText: (): string => {
      throw new Error('no')
    },
  },
]

it('a file that says what its script says passes', () => {
  expect(checkGenerated(layOutTree({ 'docs/api.json': '{}\n' }), writes('{}\n'))).toEqual([])
})

it.each([
  ['one byte of difference', 'out of date', { 'docs/api.json': '{}' }, writes('{}\n')],
  ['a file that nobody wrote', 'missing', {}, writes('{}\n')],
  ['a script that writes nothing', 'nothing', { 'docs/api.json': '' }, writes('')],
  ['a script that fails', 'failed: no', { 'docs/api.json': '{}\n' }, fails],
])('%s is found, and hides no other', (_promise, detail, files, outputs) => {
  const missing = { file: 'docs/other.md', script: 'tools/write-other.ts', toText: () => 'other' }
  const findings = checkGenerated(layOutTree(files), [...outputs, missing])
  expect(findings).toMatchObject([
    { rule: 'generated-file-is-current', where: 'docs/api.json' },
    { rule: 'generated-file-is-current', where: 'docs/other.md' },
  ])
  expect(findings[0]?.detail).toContain(detail)
})
