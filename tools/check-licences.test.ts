import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseLock } from '../packages/server/src/sbom/read-lock.ts'
import { isAllowed, judgeLicences, listLicences } from './check-licences.ts'

const packages = parseLock(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8'))

it('what-runs-has-a-licence-that-lets-it: all of it, and each choice and each part counts', () => {
  expect(judgeLicences(packages)).toEqual([])
  for (const [expression, verdict] of [
    ['MIT', true],
    ['(GPL-3.0-only OR MIT)', true],
    ['Apache-2.0 AND MIT', true],
    ['Apache-2.0 AND GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['SEE LICENSE IN FILE', false],
  ] as const)
    expect(isAllowed(expression)).toBe(verdict)
  const [one] = packages
  if (one === undefined) throw new Error('Something runs')
  expect(judgeLicences([{ ...one, license: 'SSPL-1.0' }])).toMatchObject([{ where: one.place }])
  expect(listLicences(packages).get('MIT')?.length).toBeGreaterThan(100)
})
