import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readPage, readTable } from './fixtures/guide-text.ts'

const figures = readTable('README.md', 'What it costs')

it.each(figures)(
  'the-figures-of-the-readme-were-measured: %s, %s',
  (name = '', unit = '', ours = '', beside = '', command = '') => {
    expect(readPage('docs/performance.md')).toContain(`| ${name} | ${unit} | ${ours} | ${beside} |`)
    expect(command).toBe(`\`npm run bench -- ${name.replaceAll('`', '')}\``)
  },
)

it('there are figures, and each picture weighs less than 150 kB', () => {
  expect(figures.length).toBeGreaterThan(5)
  const pictures = [...readPage('README.md').matchAll(/\]\((docs\/pictures\/[^)]+)\)/g)].map(
    ([, path]) => path,
  )
  expect(pictures).toHaveLength(4)
  for (const path of pictures)
    expect(statSync(new URL(`../../../${path}`, import.meta.url)).size).toBeLessThan(150_000)
})
