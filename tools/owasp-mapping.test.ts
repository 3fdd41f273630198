import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { claims } from '../packages/server/src/posture/claims/index.ts'
import { owaspRisks } from '../packages/server/src/posture/owasp.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${root}docs/trust/owasp-api-top-10.md`, 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| API'))
  .map((line) => line.slice(2, -2).split(' | '))

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
  expect(promises.filter((name) => !tests.includes(name))).toEqual([])
})

it('every-owasp-risk-is-answered: by controls, by claims that a probe checks, and by promises', () => {
  expect(rows.map(([risk = '']) => risk)).toEqual(
    Object.entries(owaspRisks).map(([id, title]) => `${id} ${title}`),
  )
  for (const [risk = '', controls = '', claimed = '', promises = ''] of rows) {
    expect([risk, controls]).toEqual([risk, expect.stringMatching(/\S/)])
    expect([risk, promises]).toEqual([risk, expect.stringMatching(/`[a-z0-9-]+`/)])
    const named = [...claimed.matchAll(/`([^`]+)`/g)].map(([, id]) => id)
    const [short = ''] = risk.split(' ', 1)
    expect(named.length).toBeGreaterThan(0)
    expect(named).toEqual(
      claims
        .filter(({ kind, owasp = [] }) => kind === 'verified' && owasp.includes(short))
        .map(({ id }) => id),
    )
  }
})
