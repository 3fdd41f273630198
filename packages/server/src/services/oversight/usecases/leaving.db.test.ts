import { verifyChain } from '@gatehouse/kernel/audit'
import { query, within } from '@gatehouse/kernel/db'
import type { LinkPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contestBody } from '../contract/own-record.ts'
import { decisionBody } from '../contract/decision-bodies.ts'
import { scoreBody } from '../contract/scoring.ts'
import { sumOrgDays } from '../store/view-store.ts'
import { flatMustReview } from '../testing/decision-bodies.ts'
import { useDecisions } from '../testing/use-decisions.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { memberOf, payloadsOf, personOf, sendH80 } from '../testing/people.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { openContest } from './contests.ts'
import { eraseOperator, getErasure, readmitOperator } from './erase-operator.ts'
import { exportOperator, exportOwnRecord } from './export-operator.ts'
import { getProfile } from './get-profile.ts'
import { getDecision } from './read-decisions.ts'
import { scoreDecision } from './score-decision.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight
const decisions = useDecisions(() => test)

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

const entriesOf = (key: Caller, action: string) => payloadsOf(test, key, action)

const contest = (who: LinkPrincipal, body: object) =>
  openContest(test.deps, who, contestBody.parse({ reason: 'not_me', ...body }), test.context())

const look = (key: Caller, operatorId: string) =>
  getProfile(test.deps, memberOf(key), operatorId, { window: '90' }, test.context())

async function readLines(
  reply: Awaited<ReturnType<typeof exportOperator>>,
): Promise<Record<string, unknown>[]> {
  const { body } = reply
  if (typeof body === 'string' || Buffer.isBuffer(body)) throw new Error('It is not a stream')
  let text = ''
  for await (const part of body) text += String(part)
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('an export of a person', () => {
  it('holds everything, a line each, and says how many there are; that it was taken is an entry and a look', async () => {
    const key = await test.found()
    await sendH80(test, key)
    await sendH80(test, key, 'other', 2)
    await contest(personOf(key), { session_id: 'h80:h80-002', statement: 'Not mine.' })
    const lines = await readLines(await exportOperator(test.deps, memberOf(key), 'h80'))
    const of = (kind: string) => lines.filter((line) => line['record'] === kind)
    expect(of('interaction')).toHaveLength(80)
    expect(of('ledger_event')).toHaveLength(80)
    expect(of('session')).toHaveLength(80)
    expect(of('contest')).toMatchObject([{ statement: 'Not mine.' }])
    expect(lines.at(-1)).toEqual({ record: 'end', lines: lines.length - 1 })
    expect(JSON.stringify(lines)).not.toContain('other')
    expect(await entriesOf(key, 'OPERATOR_EXPORTED')).toHaveLength(1)
    expect(await entriesOf(key, 'PROFILE_VIEWED')).toHaveLength(1)
    // The person gets the same, and looks at nobody but themselves.
    const own = await readLines(await exportOwnRecord(test.deps, personOf(key)))
    expect(own.filter((line) => line['record'] === 'interaction')).toHaveLength(80)
    expect(await entriesOf(key, 'PROFILE_VIEWED')).toHaveLength(1)
  })
})

it('an export of a person holds the reviews that they gave, those that they got, and none of others', async () => {
  const key = await test.found()
  await sendH80(test, key, 'pilot-7')
  const ids = new Map<string, string>()
  for (const operatorId of ['pilot-7', 'somebody', 'third']) {
    const { ai_decision_log_id: id } = await decisions.send(key, {
      ...flatMustReview,
      operator_id: operatorId,
    })
    ids.set(operatorId, id)
  }
  const review = (operatorId: string, reviewer: string, note: string) =>
    decisions.act(key, ids.get(operatorId) ?? '', { action: 'approve', reviewer_id: reviewer, note })
  await review('pilot-7', 'somebody', 'got')
  await review('somebody', 'pilot-7', 'given')
  await review('third', 'somebody', 'of-others')
  const notesOf = async (reply: Awaited<ReturnType<typeof exportOperator>>) =>
    (await readLines(reply))
      .filter(({ record }) => record === 'decision_review')
      .map(({ note }) => String(note))
      .toSorted((one, other) => one.localeCompare(other))
  expect(await notesOf(await exportOwnRecord(test.deps, personOf(key, 'pilot-7')))).toEqual(['given', 'got'])
  expect(await notesOf(await exportOperator(test.deps, memberOf(key), 'pilot-7'))).toEqual(['given', 'got'])
  // Whoever only reviewed has no record of their own, and is held of all the same.
  await decisions.act(key, (await decisions.send(key, flatMustReview)).ai_decision_log_id, {
    action: 'approve',
    reviewer_id: 'only-reviewed',
    note: 'by a guest',
  })
  expect(await notesOf(await exportOperator(test.deps, memberOf(key), 'only-reviewed'))).toEqual([
    'by a guest',
  ])
  await expect(exportOperator(test.deps, memberOf(key), 'nobody-ever')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

/** Every column of every table that holds the text, whatever it is of. */
async function findText(text: string): Promise<readonly string[]> {
  const { rows: columns } = await test.database.db.pool.query<{ table: string; column: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS table, column_name AS column
      FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`)
  const found: string[] = []
  const client = await test.database.db.pool.connect()
  try {
    for (const { table, column } of columns) {
      const { rows } = await client.query(
        `SELECT FROM ${table} WHERE position($1 in "${column}"::text) > 0 LIMIT 1`,
        [text],
      )
      if (rows.length > 0) found.push(`${table}.${column}`)
    }
  } finally {
    client.release()
  }
  return found
}

describe('erased-operator-leaves-only-hashes', () => {
  it('no table holds the person any more, the sums are those of the others, and the chain verifies', async () => {
    const key = await test.found()
    await sendH80(test, key, 'gone-4711')
    await sendH80(test, key, 'stays', 30)
    const decided = { operator_id: 'gone-4711', domain: 'aviation', session_id: 'gone-4711:s' } as const
    const body = { ...decided, decision: 'accepted', modification_extent: 0, time_to_decision_ms: 400 }
    const { ai_decision_log_id: decisionId } = await scoreDecision(
      test.deps,
      key,
      decisionBody.parse(body),
      test.context(),
    )
    await contest(personOf(key, 'gone-4711'), { session_id: 'gone-4711:h80-002', statement: 'Not mine.' })
    await look(key, 'gone-4711')
    // The test looks as the owner of the tables, whom row security would confine, too.
    await test.database.db.pool.query(`
      DO $$ DECLARE target regclass; BEGIN
        FOR target IN SELECT oid FROM pg_class WHERE relforcerowsecurity LOOP
          EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', target);
        END LOOP;
      END $$`)
    await test.database.db.pool.query(
      `INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, state, created_at, updated_at,
         finished_at)
       VALUES ($1, 'webhooks', 'x', 'x', 'x', '{"operator_id":"gone-4711"}', 'delivered', now(), now(), now())`,
      [key.orgId],
    )
    expect((await findText('gone-4711')).length).toBeGreaterThan(10)
    const reply = await eraseOperator(test.deps, memberOf(key), 'gone-4711', test.context())
    expect(reply).toMatchObject({ erased: true })
    expect(await findText('gone-4711')).toEqual([])
    // The decision stays, as nobody's.
    expect(await getDecision(test.deps, key, decisionId, test.context())).toMatchObject({ operator_id: null })
    const { whole, own } = await within(test.deps, key, async (tx) => ({
      whole: await sumOrgDays(tx, 'financial', null),
      own: await query(tx)
        .selectNoFrom(
          sql<string[]>`(SELECT oversight.sum_counters(counters)::text[] FROM oversight.operator_day)`.as(
            'sum',
          ),
        )
        .executeTakeFirstOrThrow(),
    }))
    expect(whole.counters).toEqual(own.sum.map(Number))
    expect(await verifyChain(test.deps, key, test.publicKeys)).toMatchObject({ intact: true })
    const [entry] = await entriesOf(key, 'OPERATOR_ERASED')
    expect(entry).toMatchObject({ detail: { operator_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    await expect(
      getProfile(test.deps, key, 'gone-4711', { window: '90' }, test.context()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('nobody comes back by accident, until the organisation lets them', async () => {
    const key = await test.found()
    await sendH80(test, key, 'back', 3)
    await eraseOperator(test.deps, memberOf(key), 'back', test.context())
    const [first] = h80Bodies(test.clock.now(), 'back')
    const send = () => scoreInteraction(test.deps, key, scoreBody.parse(first), 'full', test.context())
    await expect(send()).rejects.toMatchObject({ code: 'OPERATOR_ERASED', status: 409 })
    await expect(sendH80(test, key, 'back', 3)).rejects.toMatchObject({ code: 'OPERATOR_ERASED' })
    // Somebody of the same name elsewhere is somebody else.
    await sendH80(test, await test.found(), 'back', 3)
    await readmitOperator(test.deps, memberOf(key), 'back', test.context())
    expect(await send()).toMatchObject({ duplicate: false })
    await expect(readmitOperator(test.deps, memberOf(key), 'back', test.context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await entriesOf(key, 'operator.readmit')).toHaveLength(1)
  })

  it('an-erased-person-is-not-one-who-never-was: members are told when, until the person is readmitted', async () => {
    const [key, other] = [await test.found(), await test.found()]
    const when = (who = key, id = 'left') => getErasure(test.deps, memberOf(who), id, test.context())
    await sendH80(test, key, 'left', 3)
    await expect(when()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await eraseOperator(test.deps, memberOf(key), 'left', test.context())
    const erasedAt = new Date(test.clock.now()).toISOString()
    expect(await when()).toMatchObject({ operator_id: 'left', erased_at: erasedAt })
    await expect(when(key, 'never-here')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(when(other)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await readmitOperator(test.deps, memberOf(key), 'left', test.context())
    await expect(when()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('a decision that comes in at the same moment is refused or erased, never left over', async () => {
    const key = await test.found()
    await sendH80(test, key, 'torn', 3)
    const bodies = h80Bodies(test.clock.now(), 'torn').slice(10, 30)
    const sent = bodies.map((body) =>
      scoreInteraction(
        test.deps,
        key,
        scoreBody.parse({ ...body, session_id: `${body.session_id}-late` }),
        'full',
        test.context(),
      ),
    )
    const erased = eraseOperator(test.deps, memberOf(key), 'torn', test.context())
    await Promise.allSettled([...sent, erased])
    await erased
    await expect(getProfile(test.deps, key, 'torn', { window: '90' }, test.context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const whole = await within(test.deps, key, (tx) => sumOrgDays(tx, 'financial', null))
    expect(new Set(whole.counters)).toEqual(new Set([0]))
  })
})
