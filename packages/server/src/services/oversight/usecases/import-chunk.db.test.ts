import { watchStatements } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scoreBody } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import { manyLines } from '../testing/import-lines.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { createImport, putLines } from './imports.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function put(deps: OversightDeps, key: Caller, lines: readonly string[]) {
  const wish = { name: 'the past', on_error: 'stop', dry_run: false, expected_lines: null } as const
  const { import: job } = await createImport(test.deps, key, wish, test.context())
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.join('\n'))
  }
  return (await putLines(deps, key, job.import_id, 1, stream(), test.context())).import
}

it('import-statements-are-as-many-for-forty-operators-as-for-one: a chunk opens and settles all at once', async () => {
  const countStatements = async (people: number): Promise<number> => {
    const key = await test.found()
    let statements = 0
    const db = watchStatements(test.deps.db, () => {
      statements += 1
    })
    const lines = manyLines(200, test.clock.now(), people)
    expect(await put({ ...test.deps, db }, key, lines)).toMatchObject({ counted: 200 })
    return statements
  }
  expect(await countStatements(40)).toBe(await countStatements(1))
})

it('import-line-in-a-session-of-scores-counts-once: under the name of the session, whoever began it', async () => {
  const key = await test.found()
  const [line = ''] = manyLines(1, test.clock.now())
  const score = {
    session_id: 'line-0',
    operator_id: 'person-0',
    domain: 'legal',
    interaction: {
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 4_200,
      decision: 'modified',
      modification_extent: 0.3,
      scenario_type: 'standard',
    },
  }
  await scoreInteraction(test.deps, key, scoreBody.parse(score), 'full', test.context())
  expect(await put(test.deps, key, [line])).toMatchObject({ counted: 1, duplicates: 0 })
  expect(await put(test.deps, key, [line])).toMatchObject({ counted: 0, duplicates: 1 })
})
