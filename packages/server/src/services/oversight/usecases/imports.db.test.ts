import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { verifyChain, verifyMerklePath } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewImport } from '../contract/imports.ts'
import { batchBody } from '../contract/scoring.ts'
import { foldState } from '../domain/operator-state.ts'
import { findState, firstDayOf, listOperatorDays } from '../store/state-store.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { h80Lines, manyLines } from '../testing/import-lines.ts'
import { lookAsOwner, startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { eraseOperator, readmitOperator } from './erase-operator.ts'
import { getReceipt } from './get-receipt.ts'
import {
  cancelImport,
  createImport,
  finishImport,
  getImport,
  listImportRejects,
  listImports,
  putLines,
} from './imports.ts'
import { listAlerts } from './read-alerts.ts'
import { scoreBatch } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
  await lookAsOwner(test.database)
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function begin(key: Caller, wish: Partial<NewImport> = {}): Promise<string> {
  const body = { name: 'the past', on_error: 'stop', dry_run: false, expected_lines: null, ...wish } as const
  return (await createImport(test.deps, key, body, test.context())).import.import_id
}

async function* stream(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  // Cut anywhere, as a socket does.
  for (let from = 0; from < whole.length; from += 30_011) yield whole.subarray(from, from + 30_011)
}

const put = async (key: Caller, id: string, lines: readonly string[], fromLine = 1) =>
  (await putLines(test.deps, key, id, fromLine, stream(lines), test.context())).import
const read = async (key: Caller, id: string) => (await getImport(test.deps, key, id, test.context())).import

async function rejectsOf(key: Caller, id: string): Promise<readonly object[]> {
  const { body } = await listImportRejects(test.deps, key, id)
  if (typeof body === 'string' || Buffer.isBuffer(body)) throw new Error('Rejects leave as a stream')
  let text = ''
  for await (const part of body) text += String(part)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object)
}

const stateOf = (key: Caller, operatorId: string) =>
  within(test.deps, key, (tx) => findState(tx, { operatorId, domain: 'financial' }))

async function query<Row extends object>(
  sql: string,
  ...values: readonly unknown[]
): Promise<readonly Row[]> {
  const { rows } = await test.database.db.pool.query<Row>(sql, [...values])
  return rows
}

async function count(key: Caller, table: string): Promise<number> {
  const [row] = await query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE org_id = $1`, key.orgId)
  return Number(row?.count)
}

it('imports-are-found-again: the newest first, a page at a time, and by their organisation alone', async () => {
  const [key, theirs] = [await test.found(), await test.found()]
  const ids = [await begin(key), await begin(key), await begin(key)]
  await begin(theirs)
  const page = async (cursor?: string) => listImports(test.deps, key, { limit: 2, cursor }, test.context())
  const { imports, next_cursor: cursor } = await page()
  const rest = await page(cursor ?? undefined)
  const found = [...imports, ...rest.imports].map(({ import_id: id }) => id)
  expect(found).toEqual(ids.toReversed())
  expect(rest.next_cursor).toBeNull()
})

describe('an import', () => {
  it('an import is begun, fed and finished, each with an entry, and counts as the same batch would', async () => {
    const [key, other] = [await test.found(), await test.found()]
    const id = await begin(key, { expected_lines: 160 })
    const lines = h80Lines(test.clock.now())
    expect(await put(key, id, lines)).toMatchObject({
      state: 'open',
      lines_committed: 80,
      counted: 80,
      duplicates: 0,
      rejected: 0,
      out_of_order: 0,
    })
    const { import: finished } = await finishImport(test.deps, key, id, test.context())
    expect(finished).toMatchObject({ state: 'finished', lines_committed: 80 })
    expect(await finishImport(test.deps, key, id, test.context())).toMatchObject({ import: finished })
    const interactions = h80Bodies(test.clock.now()).map(({ interaction }) => interaction)
    const body = { session_id: 'batch', operator_id: 'h80', domain: 'financial', interactions }
    await scoreBatch(test.deps, other, batchBody.parse(body), test.context())
    const [imported, sent] = [await stateOf(key, 'h80'), await stateOf(other, 'h80')]
    expect(imported?.jis).toBe(56.8)
    expect(imported?.state).toEqual(sent?.state)
    expect((await verifyChain(test.deps, key, test.publicKeys)).intact).toBe(true)
    const entries = await query<{ event_type: string }>(
      'SELECT event_type FROM gatehouse.audit_entry WHERE org_id = $1 ORDER BY seq',
      key.orgId,
    )
    expect(entries.map(({ event_type: type }) => type)).toEqual([
      'IMPORT_CREATED',
      'IMPORT_CHUNK',
      'IMPORT_FINISHED',
    ])
  })

  it('goes on behind the last committed line and nowhere else', async () => {
    const key = await test.found()
    const id = await begin(key)
    const lines = manyLines(30, test.clock.now())
    await put(key, id, lines.slice(0, 10))
    for (const fromLine of [1, 10, 12])
      await expect(put(key, id, lines.slice(10), fromLine)).rejects.toMatchObject({
        code: 'IMPORT_POSITION',
        detail: 'from_line must be 11: 10 lines are committed',
      })
    expect(await put(key, id, lines.slice(10), 11)).toMatchObject({ lines_committed: 30, counted: 30 })
  })

  it('sent again as another import counts nothing twice', async () => {
    const key = await test.found()
    const lines = manyLines(1_500, test.clock.now())
    await put(key, await begin(key), lines)
    expect(await put(key, await begin(key), [...lines, ...lines.slice(0, 5)])).toMatchObject({
      lines_committed: 1_505,
      counted: 0,
      duplicates: 1_505,
    })
    expect(await count(key, 'oversight.interaction')).toBe(1_500)
  })

  it('that breaks off keeps whole chunks, and whoever resumes loses and doubles nothing', async () => {
    const key = await test.found()
    const id = await begin(key)
    const lines = manyLines(2_500, test.clock.now())
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${lines.slice(0, 1_700).join('\n')}\n`)
      throw new Error('the client went away')
    }
    await expect(putLines(test.deps, key, id, 1, broken(), test.context())).rejects.toThrow(
      'the client went away',
    )
    const { lines_committed: committed } = await read(key, id)
    expect(committed).toBe(1_000)
    expect(await count(key, 'oversight.interaction')).toBe(1_000)
    expect(await put(key, id, lines.slice(committed), committed + 1)).toMatchObject({ counted: 2_500 })
    expect(await count(key, 'oversight.interaction')).toBe(2_500)
    for (const person of ['person-0', 'person-6']) {
      const stored = await stateOf(key, person)
      const days = await within(test.deps, key, (tx) =>
        listOperatorDays(
          tx,
          { operatorId: person, domain: 'financial' },
          firstDayOf(stored?.state.asOfDay ?? 0),
        ),
      )
      expect(stored?.state).toMatchObject(foldState(days, stored?.state.asOfDay ?? 0))
    }
  })

  it('of two at once takes one, and the other is told where to go on', async () => {
    const key = await test.found()
    const id = await begin(key)
    const lines = manyLines(20, test.clock.now())
    const results = await Promise.allSettled([put(key, id, lines), put(key, id, lines)])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await read(key, id)).toMatchObject({ lines_committed: 20, counted: 20 })
  })
})

describe('a line that cannot be counted', () => {
  const good = (session: string) => manyLines(1, test.clock.now())[0]?.replace('line-0', session) ?? ''

  it('stops an import that was told to stop: what came before is committed, and it goes on with the line', async () => {
    const key = await test.found()
    const id = await begin(key)
    const lines = [good('a'), good('b'), good('b2').replace('"legal"', '"a secret"'), good('c')]
    await expect(put(key, id, lines)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ field: 'lines[3].domain' }],
    })
    expect(await read(key, id)).toMatchObject({ lines_committed: 2, counted: 2, rejected: 0 })
    expect(await put(key, id, [good('b2'), good('c')], 3)).toMatchObject({ lines_committed: 4, counted: 4 })
  })

  it('is passed over by one that was told to skip, and listed without what stood in it', async () => {
    const key = await test.found()
    const id = await begin(key, { on_error: 'skip' })
    const late = good('late').replace(/"client_ts":"[^"]+"/, '"client_ts":"2019-01-01T00:00:00Z"')
    const lines = [
      good('a'),
      'secret',
      '',
      `{"a":${'['.repeat(40)}${']'.repeat(40)}}`,
      'x'.repeat(70_000),
      late,
      good('a').replace('"accepted"', '"rejected"').replace('"decision":"rejected"', '"decision":"secret"'),
      good('a').replace('1000', '2000'),
      good('a').replace('person-0', 'person-1'),
      good('b').replace('"ai_correct"', '"secret"'),
      good('c'),
    ]
    expect(await put(key, id, lines)).toMatchObject({ lines_committed: 11, counted: 2, rejected: 9 })
    const rejects = await rejectsOf(key, id)
    expect(rejects).toEqual([
      { line: 2, field: null, message: 'is not JSON' },
      { line: 3, field: null, message: 'is not JSON' },
      { line: 4, field: null, message: 'is nested too deeply' },
      { line: 5, field: null, message: 'must be at most 65536 bytes' },
      { line: 6, field: 'client_ts', message: 'must be at most 24 months ago' },
      { line: 7, field: 'decision', message: expect.stringContaining('must be one of') as string },
      { line: 8, field: 'session_id', message: 'stands for another interaction' },
      { line: 9, field: 'session_id', message: 'belongs to another operator or domain' },
      { line: 10, field: expect.any(String) as string, message: expect.any(String) as string },
    ])
    expect(await count(key, 'oversight.session')).toBe(2)
  })

  it('with what no hash takes is rejected by name, and the others are counted', async () => {
    const key = await test.found()
    const id = await begin(key, { on_error: 'skip' })
    const lines = ['"a"', '"\\ud800"', '1e999', '"\\u0000"'].map((value, at) =>
      good(`unfit-${at}`).replace(/}$/, `,"decision_metadata":{"note":[${value}]}}`),
    )
    expect(await put(key, id, lines)).toMatchObject({ lines_committed: 4, counted: 2, rejected: 2 })
    const field = 'decision_metadata.note[0]'
    expect(await rejectsOf(key, id)).toEqual([
      { line: 2, field, message: 'must not contain half a character' },
      { line: 3, field, message: 'must not be as large a number' },
    ])
  })
})

it('a dry run counts what would be counted, and keeps nothing', async () => {
  const key = await test.found()
  const lines = manyLines(10, test.clock.now())
  await put(key, await begin(key), lines.slice(0, 4))
  const id = await begin(key, { dry_run: true, on_error: 'skip' })
  expect(await put(key, id, [...lines, 'no line'])).toMatchObject({
    dry_run: true,
    lines_committed: 11,
    counted: 6,
    duplicates: 4,
    rejected: 1,
  })
  expect(await count(key, 'oversight.interaction')).toBe(4)
  expect(await count(key, 'oversight.session')).toBe(4)
})

it('lines of a day before what was counted are counted by their day, and said to be out of order', async () => {
  const key = await test.found()
  const [old, young] = [h80Lines(test.clock.now()).slice(0, 4), h80Lines(test.clock.now()).slice(76)]
  const id = await begin(key)
  expect(await put(key, id, young)).toMatchObject({ counted: 4, out_of_order: 0 })
  expect(await put(key, id, old, 5)).toMatchObject({ counted: 8, out_of_order: 4 })
  const days = await query<{ day: number }>(
    'SELECT day FROM oversight.operator_day WHERE org_id = $1 ORDER BY day',
    key.orgId,
  )
  expect(days).toHaveLength(2)
})

it('lines of somebody who was erased are rejected, until the organisation lets them back', async () => {
  const key = await test.found()
  const lines = manyLines(4, test.clock.now(), 2)
  await put(key, await begin(key), lines.slice(0, 2))
  await eraseOperator(test.deps, key, 'person-0', test.context())
  const id = await begin(key, { on_error: 'skip' })
  expect(await put(key, id, lines)).toMatchObject({ counted: 1, duplicates: 1, rejected: 2 })
  expect(await rejectsOf(key, id)).toEqual([
    { line: 1, field: 'operator_id', message: 'operator_erased' },
    { line: 3, field: 'operator_id', message: 'operator_erased' },
  ])
  await readmitOperator(test.deps, key, 'person-0', test.context())
  expect(await put(key, await begin(key), lines)).toMatchObject({ counted: 2, duplicates: 2 })
})

it('an import never raises an alert', async () => {
  const key = await test.found()
  const lines = manyLines(400, test.clock.now(), 1).map((line) =>
    line
      .replace('"rejected"', '"accepted"')
      .replace('}', ',"hover_events":0,"scroll_depth":0,"alternative_views_checked":0}'),
  )
  await put(key, await begin(key), lines)
  expect((await stateOf(key, 'person-0'))?.jis).toBeLessThan(60)
  expect((await listAlerts(test.deps, key, { limit: 50 }, test.context())).alerts).toEqual([])
})

it('an import that was cancelled takes no more lines, and keeps what is committed', async () => {
  const key = await test.found()
  const id = await begin(key)
  const lines = manyLines(4, test.clock.now())
  await put(key, id, lines.slice(0, 2))
  await cancelImport(test.deps, key, id, test.context())
  await expect(put(key, id, lines.slice(2), 3)).rejects.toMatchObject({ code: 'IMPORT_CLOSED' })
  await expect(finishImport(test.deps, key, id, test.context())).rejects.toMatchObject({
    code: 'IMPORT_CLOSED',
  })
  expect(await read(key, id)).toMatchObject({ state: 'cancelled', counted: 2 })
})

it('of another organisation there is no import', async () => {
  const [key, stranger] = [await test.found(), await test.found()]
  const id = await begin(key)
  for (const attempt of [
    () => put(stranger, id, manyLines(1, test.clock.now())),
    () => read(stranger, id),
    () => finishImport(test.deps, stranger, id, test.context()),
    () => cancelImport(test.deps, stranger, id, test.context()),
    () => rejectsOf(stranger, id),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('the receipt of a chunk proves each of its thousand lines by ten hashes', async () => {
  const key = await test.found()
  await put(key, await begin(key), manyLines(1_000, test.clock.now()))
  const [row] = await query<{ receipt_id: string }>(
    `SELECT receipt_id FROM oversight.receipt WHERE org_id = $1 AND kind = 'import'`,
    key.orgId,
  )
  for (const session of ['line-0', 'line-613', 'line-999']) {
    const { proof } = await getReceipt(test.deps, key, row?.receipt_id ?? '', session, test.context())
    if (proof === null) throw new Error('There is no proof')
    expect(proof.path.length).toBeLessThanOrEqual(10)
    expect(proof.item).toContain(`"${session}"`)
    expect(verifyMerklePath(proof.item, proof.path, proof.root)).toBe(true)
  }
})

it('import-memory-is-bounded: of sixty megabytes of long lines, and of a line of sixty more, a few are held', async () => {
  const key = await test.found()
  const id = await begin(key, { on_error: 'skip' })
  setFlagsFromString('--expose-gc')
  // Safe: the flag above puts it there.
  const collect = runInNewContext('gc') as () => void
  const held = (): number => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const part = Buffer.from('x'.repeat(60_000))
  const before = held()
  let most = 0
  async function* long(): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < 2_000; sent += 1) {
      if (sent % 100 === 99) most = Math.max(most, held() - before)
      yield Buffer.from(part)
      if (sent < 1_000) yield Buffer.from('\n')
    }
  }
  await putLines(test.deps, key, id, 1, long(), test.context())
  expect(await read(key, id)).toMatchObject({ lines_committed: 1_001, rejected: 1_001 })
  expect(most).toBeLessThan(32_000_000)
}, 300_000)
