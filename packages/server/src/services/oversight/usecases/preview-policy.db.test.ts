import { mutate } from '@gatehouse/kernel/audit'
import { query, within } from '@gatehouse/kernel/db'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { policyBody } from '../contract/decision-policy.ts'
import type { OversightDeps } from '../deps.ts'
import { flatAuto, flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { eraseOperator } from './erase-operator.ts'
import { previewPolicy } from './preview-policy.ts'

let test: TestOversight
const { send, setRules } = useDecisions(() => test)

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

const preview = (key: KeyPrincipal, body: object, deps: OversightDeps = test.deps) =>
  previewPolicy(deps, key, policyBody.parse(body), test.context())

it('a-changed-policy-says-what-it-would-have-done: of how many, since when, and by which decisions', async () => {
  const key = await test.found()
  const sinceMs = test.clock.now()
  const first = await send(key, flatAuto)
  test.clock.advance(1)
  await send(key, gateAsync)
  test.clock.advance(2 * 86_400_000 - 1)
  const newest = await send(key, flatMustReview)
  const found = await preview(key, { routes: { async_review: 0.2, must_review: 0.6 } })
  expect(found).toMatchObject({
    policy_version_id: 'pol_1',
    decisions: 3,
    since: new Date(sinceMs).toISOString(),
    until: new Date(test.clock.now()).toISOString(),
    judged: 3,
    not_judged: { count: 0 },
    recorded: { routes: { auto: 1, async_review: 1, must_review: 1, policy_blocked: 0 } },
    in_force: { waiting: 2, waiting_per_day: 1 },
    changed: { routes: { auto: 0, async_review: 2, must_review: 1 }, waiting: 3, waiting_per_day: 1.5 },
    moved: { stricter: 1, looser: 0, outcome: 0, same: 2 },
  })
  expect(found.differing).toMatchObject([
    {
      ai_decision_log_id: first.ai_decision_log_id,
      domain: 'financial',
      moved: 'stricter',
      in_force: { route: 'auto', outcome: 'released' },
      changed: { route: 'async_review', outcome: 'open' },
    },
  ])
  // A second's decisions are no rate, and one alone is its own span.
  const young = await test.found()
  await send(young, flatAuto)
  expect((await preview(young, { stakes: {} })).changed.waiting_per_day).toBeNull()
  expect(newest.routing_decision).toBe('must_review')
})

it('a-preview-routes-as-the-saved-change-does, and is compared with what is in force, not with what was', async () => {
  const key = await test.found()
  await send(key, flatAuto)
  const change = { routes: { async_review: 0.2, must_review: 0.25 }, triggers: [] }
  const told = await preview(key, change)
  await setRules(key, change)
  const after = await send(key, flatAuto)
  expect(told.differing[0]?.changed.route).toBe(after.routing_decision)
  const again = await preview(key, { pools: {} })
  expect(again).toMatchObject({
    policy_version_id: 'pol_2',
    recorded: { routes: { auto: 1, must_review: 1 } },
    in_force: { routes: { must_review: 2 } },
    moved: { same: 2 },
  })
})

it('a-preview-writes-nothing: no policy, no decision and no entry', async () => {
  const key = await test.found()
  await send(key, gateAsync)
  const held = () =>
    within(test.deps, key, async (tx) => {
      const { rows } = await sql<{ held: string }>`
        SELECT jsonb_build_object(
          'policies', (SELECT count(*) FROM oversight.decision_policy),
          'decisions', (SELECT jsonb_agg(to_jsonb(d)) FROM oversight.decision d),
          'alerts', (SELECT count(*) FROM oversight.alert),
          'entries', (SELECT max(seq) FROM gatehouse.audit_entry WHERE org_id = ${tx.orgId}))::text AS held`.execute(
        query(tx),
      )
      return rows[0]?.held
    })
  const before = await held()
  await preview(key, { routes: { async_review: 0, must_review: 0 }, fallback: { async_review: 'auto' } })
  expect(await held()).toBe(before)
})

it('what was erased with a person is said as not judged, and another organisation sees none of it', async () => {
  const key = await test.found()
  await send(key, { ...flatAuto, operator_id: 'leaver' })
  await send(key, flatAuto)
  await eraseOperator(test.deps, key, 'leaver', test.context())
  expect(await preview(key, { stakes: {} })).toMatchObject({
    decisions: 2,
    judged: 1,
    not_judged: { count: 1, inputs_gone: 1 },
  })
  expect(await preview(await test.found(), { stakes: {} })).toMatchObject({
    decisions: 0,
    since: null,
    until: null,
    judged: 0,
    differing: [],
  })
})

it('a-preview-reads-a-thousand-decisions-and-no-more, and is counted for the organisation', async () => {
  const key = await test.found()
  await send(key, gateAsync)
  await mutate(test.deps, key, async (tx) => {
    await sql`
      INSERT INTO oversight.decision
      SELECT (jsonb_populate_record(d, jsonb_build_object('id', d.id || n, 'token_digest', NULL))).*
        FROM oversight.decision d, generate_series(1, 1001) n`.execute(query(tx))
    return { result: undefined, entry: { action: 'test.fill', at: test.clock.now() } }
  })
  const found = await preview(key, { routes: { async_review: 0.9, must_review: 0.9 } })
  expect(found).toMatchObject({ decisions: 1_000, decisions_max: 1_000, moved: { looser: 1_000 } })
  expect(found.differing).toHaveLength(20)
  const asked: string[] = []
  const full: OversightDeps = {
    ...test.deps,
    chargeLimit: ({ name }, subject) => {
      asked.push(`${name}:${subject}`)
      return {
        admitted: false,
        because: 'limit_reached',
        limit: 30,
        remaining: 0,
        resetSeconds: 7,
        retryAfterSeconds: 7,
      }
    },
  }
  expect(await codeOf(preview(key, { stakes: {} }, full))).toBe('RATE_LIMITED')
  expect(asked).toEqual([`oversight-policy-previews:${key.orgId}`])
  const lost: OversightDeps = {
    ...test.deps,
    chargeLimit: () => ({ admitted: false, because: 'store_unavailable', retryAfterSeconds: 1 }),
  }
  expect(await codeOf(preview(key, { stakes: {} }, lost))).toBe('SERVICE_UNAVAILABLE')
})
