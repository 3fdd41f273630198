import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${root}docs/trust/owasp-api-top-10.md`, 'utf8')

it('every promise that the OWASP page names is the title of a test', () => {
  const promises = [...page.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+){2,})`/g)].map(([, name]) => name ?? '')
  expect(promises.length).toBeGreaterThan(20)
  const tests = execFileSync(
    'git',
    ['grep', '-h', '-E', promises.join('|'), '--', '*.test.ts', '*/testing/*.ts'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  expect(promises.filter((name) => !tests.includes(name) && name !== 'wrong-requests')).toEqual([])
})

it('every risk of 2023 has controls', () => {
  for (let risk = 1; risk <= 10; risk += 1)
    expect(page).toMatch(new RegExp(`^\\| API${risk} .+\\| .+\\| .+\\|$`, 'm'))
})
