import { readFileSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { areas, breaks } from './broken-builds/areas.ts'
import { copyRepository } from './broken-builds/copy-repository.ts'
import { judgeBroken, judgeWhole, type RunReport } from './broken-builds/judge-run.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

it('every promise is broken by a row or more, in the order in which they are listed', () => {
  for (const area of areas)
    expect([...new Set(area.breaks.map(({ promise }) => promise))]).toEqual(area.promises)
})

it.each(breaks)(
  '$promise: there is one place to break, and a test of that name',
  ({ promise, file, find, replace, test }) => {
    expect(read(file).split(find)).toHaveLength(2)
    expect(replace).not.toContain(find)
    expect(textsOf(test).filter((text) => text.includes(promise))).not.toEqual([])
  },
)

/** The test and the modules beside it, since several stores can share the description of what they promise. */
function textsOf(test: string): readonly string[] {
  const text = read(test)
  const modules = text
    .matchAll(/^(?:import|export|\}).* from '(\.\/[^']+)'/gm)
    .map(([, path = '']) => read(join(dirname(test), path)))
  return [text, ...modules]
}

it('a copy runs its own packages, and what was installed', () => {
  const copy = copyRepository(root)
  try {
    const real = (path: string): string => realpathSync(join(copy, 'node_modules', path))
    expect(real('@gatehouse/kernel')).toBe(join(realpathSync(copy), 'packages/kernel'))
    expect(real('vitest')).toBe(realpathSync(join(root, 'node_modules/vitest')))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
})

describe('a run is judged by the tests of the promise alone', () => {
  const report = (...tests: readonly (readonly [fullName: string, failure?: string])[]): RunReport => ({
    success: false,
    testResults: [
      {
        assertionResults: tests.map(([fullName, failure]) => ({
          fullName,
          status: failure === undefined ? 'passed' : 'failed',
          failureMessages: failure === undefined ? [] : [failure],
        })),
      },
    ],
  })
  const assertion = 'AssertionError: expected 200 to be 401\n    at somewhere'

  it.each<[what: string, report: RunReport, holds: boolean, because: string]>([
    ['its assertion', report(['a > kept', assertion]), true, 'AssertionError: expected 200 to be 401'],
    ['another test', report(['a > kept'], ['a > other', assertion]), false, 'no test of the promise failed'],
    ['no test at all', report(), false, 'no test of the promise ran'],
    [
      'a time-out',
      report(['kept', 'Error: Test timed out in 30000ms.']),
      false,
      'not an assertion: Error: Test timed out in 30000ms.',
    ],
    [
      'a slip',
      report(['kept', 'ReferenceError: x is not defined']),
      false,
      'not an assertion: ReferenceError: x is not defined',
    ],
  ])('broken, with a failure of %s', (_what, ofRun, holds, because) =>
    expect(judgeBroken('kept', ofRun)).toEqual({ holds, because }),
  )

  it('whole, it passes and nothing of the same name fails', () => {
    expect(judgeWhole('kept', report(['kept'], ['other', assertion])).holds).toBe(true)
    expect(judgeWhole('kept', report(['kept'], ['kept too', assertion])).holds).toBe(false)
    expect(judgeWhole('kept', report(['other'])).holds).toBe(false)
  })
})
