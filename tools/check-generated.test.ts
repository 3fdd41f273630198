import { expect, it } from 'vitest'
import { checkGenerated } from './check-generated.ts'
import { layOutTree } from './testing/lay-out-tree.ts'

const outputs = [{ file: 'docs/api.json', script: 'write-api.ts' }]
const writer = "if (process.argv[2] === '--print') process.stdout.write('{}\\n')"

it('a file that says what its script says passes', () => {
  const root = layOutTree({ 'write-api.ts': writer, 'docs/api.json': '{}\n' })
  expect(checkGenerated(root, outputs)).toEqual([])
})

it.each<[promise: string, detail: string, files: Record<string, string>]>([
  ['one byte of difference', 'out of date', { 'write-api.ts': writer, 'docs/api.json': '{}' }],
  ['a file that nobody wrote', 'missing', { 'write-api.ts': writer }],
  ['a script that prints nothing', 'nothing', { 'write-api.ts': '', 'docs/api.json': '' }],
  ['a script that fails', 'failed', { 'write-api.ts': "throw new Error('no')", 'docs/api.json': '{}\n' }],
  ['a script that is not there', 'failed', { 'docs/api.json': '{}\n' }],
])('%s is found', (_promise, detail, files) => {
  const findings = checkGenerated(layOutTree(files), outputs)
  expect(findings).toMatchObject([{ rule: 'generated-file-is-current', where: 'docs/api.json' }])
  expect(findings[0]?.detail).toContain(detail)
})
