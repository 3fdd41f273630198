import { mutate } from '@gatehouse/kernel/audit'
import { type Database, ensurePartitions, within } from '@gatehouse/kernel/db'
import { watchStatements } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { batchBody, commitBody, outcomeBody, scoreBody } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import { foldEvents } from '../domain/fold-events.ts'
import { mulberry32 } from '../domain/mulberry32.ts'
import { foldState, type OperatorState } from '../domain/operator-state.ts'
import { oversightSchema } from '../schema.ts'
import { findInteractions, listLedgerUpTo } from '../store/interaction-store.ts'
import { findState, listOperatorDays } from '../store/state-store.ts'
import { lookAsOwner, startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { changeLedger } from './change-ledger.ts'
import { commitScore, reportOutcome } from './change-score.ts'
import { foldNightly } from './fold-nightly.ts'
import { createImport, putLines } from './imports.ts'
import { toLedgerItem } from './open-ledger.ts'
import { issueReceipt } from './receipts.ts'
import { scoreBatch, scoreInteraction } from './score.ts'

const dayMs = 86_400_000
let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
  await lookAsOwner(test.database)
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>
type Step = (deps: OversightDeps) => Promise<unknown>

class NodeDied extends Error {}

/** The database as a node sees it that dies at its n-th statement from now. */
function dyingAt(db: Database, statement: number): Database {
  let left = statement
  return watchStatements(db, () => {
    left -= 1
    if (left === 0) throw new NodeDied('The node died')
  })
}

const people = ['a', 'b'] as const
const fields = ['financial', 'legal'] as const

/** A random life of an organisation; every step can be cut off at any statement, and is then done again. */
async function live(key: Caller, seed: number, steps: number): Promise<void> {
  const draw = mulberry32(seed)
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(draw() * values.length)]
    if (value === undefined) throw new Error('There is nothing to pick from')
    return value
  }
  const sessions: string[] = []
  const who = () => ({ operator_id: pick(people), domain: pick(fields) })
  const name = (): string => {
    sessions.push(`s${seed}-${sessions.length}`)
    return sessions.at(-1) ?? ''
  }
  const interaction = () => toInteraction(draw, pick, test.clock.now())
  const several = <T>(make: () => T): T[] => Array.from({ length: 1 + Math.floor(draw() * 4) }, make)
  const stepOf = (): Step => {
    const choice = draw()
    const context = test.context()
    if (choice < 0.3 || sessions.length === 0) {
      const body = scoreBody.parse({
        session_id: name(),
        ...who(),
        interaction: interaction(),
        final: draw() < 0.3,
      })
      return (deps) => scoreInteraction(deps, key, body, 'full', context)
    }
    if (choice < 0.45) {
      const items = several(() => ({ ...interaction(), session_id: name() }))
      const body = batchBody.parse({ session_id: name(), ...who(), interactions: items })
      return (deps) => scoreBatch(deps, key, body, context)
    }
    if (choice < 0.6) {
      const lines = several(() => JSON.stringify({ ...who(), session_id: name(), ...interaction() }))
      return (deps) => importLines(deps, key, lines)
    }
    const session = pick(sessions)
    if (choice < 0.72) {
      const body = commitBody.parse({
        decision: pick(['accepted', 'rejected']),
        outcome_correct: pick([true, false, null]),
      })
      return (deps) => commitScore(deps, key, session, body, context)
    }
    if (choice < 0.82) {
      const body = outcomeBody.parse({ outcome_correct: draw() < 0.7 })
      return (deps) => reportOutcome(deps, key, session, body, context)
    }
    const [excludes, right, folds] = [draw() < 0.5, draw() < 0.5, draw() < 0.5]
    if (choice < 0.9) return (deps) => changeOne(deps, key, session, excludes, right)
    test.clock.advance(Math.floor(draw() * draw() * 300) * dayMs)
    return async (deps) => {
      await ensurePartitions(test.database.db, oversightSchema.partitions, test.clock.now())
      if (folds) await foldNightly(deps, new AbortController().signal)
    }
  }
  for (let at = 0; at < steps; at += 1) {
    const step = stepOf()
    const statement = draw() < 0.5 ? 1 + Math.floor(draw() * 40) : null
    const deps = statement === null ? test.deps : { ...test.deps, db: dyingAt(test.database.db, statement) }
    const failed = await step(deps).then(() => false, passRefusal)
    if (failed) await step(test.deps).catch(passRefusal)
  }
}

function toInteraction(draw: () => number, pick: <T>(values: readonly T[]) => T, nowMs: number) {
  const kind = draw()
  const isPlaceholder = kind < 0.05
  const looked = (most: number): number => (isPlaceholder ? 0 : Math.floor(draw() * most))
  const [accepts, isSplit] = [draw() < 0.6, draw() < 0.5]
  return {
    ai_recommendation_presented: true,
    ai_available: kind > 0.15,
    time_to_decision_ms: isPlaceholder ? 0 : 200 + Math.floor(draw() * 20_000),
    decision: toDecision(kind, accepts),
    modification_extent: 0,
    scenario_type: isSplit ? pick(['split']) : 'standard',
    hover_events: looked(4),
    scroll_depth: looked(11) / 10,
    alternative_views_checked: looked(3),
    ai_correct: kind > 0.2 && draw() < 0.6 ? draw() < 0.7 : null,
    client_ts: new Date(nowMs - Math.floor(draw() * draw() * 720) * dayMs).toISOString(),
  }
}

function toDecision(kind: number, accepts: boolean): string {
  if (kind < 0.1) return 'accepted'
  if (kind < 0.15) return 'independent'
  if (kind < 0.2) return 'defer'
  return accepts ? 'accepted' : 'rejected'
}

/** Says that the node died; what contradicts an earlier word is refused, and changes nothing. */
function passRefusal(error: unknown): boolean {
  if (hasDied(error)) return true
  if (error instanceof Error && 'status' in error) return false
  throw error
}

function hasDied(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(hasDied)
  return error instanceof NodeDied || (error instanceof Error && hasDied(error.cause))
}

async function importLines(deps: OversightDeps, key: Caller, lines: readonly string[]): Promise<void> {
  const wish = { name: 'x', on_error: 'skip', dry_run: false, expected_lines: null } as const
  const { import: job } = await createImport(deps, key, wish, test.context())
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.join('\n'))
  }
  await putLines(deps, key, job.import_id, 1, stream(), test.context())
}

async function changeOne(
  deps: OversightDeps,
  key: Caller,
  sessionId: string,
  excludes: boolean,
  right: boolean,
): Promise<void> {
  const { rows } = await test.database.db.pool.query<{ id: string }>(
    'SELECT id FROM oversight.interaction WHERE org_id = $1 AND session_id = $2 LIMIT 1',
    [key.orgId, sessionId],
  )
  const id = rows[0]?.id ?? ''
  await mutate(deps, key, async (tx) => {
    const nothing = { result: undefined, entry: { action: 'custom.nothing', at: test.clock.now() } }
    const found = (await findInteractions(tx, [id])).get(id)
    if (found === undefined) return nothing
    const prepared = await changeLedger(
      tx,
      key,
      found,
      (inputs) =>
        excludes
          ? { kind: 'exclude' }
          : { kind: 'correct', inputs: { ...inputs, outcomeCorrect: right, aiCorrect: null } },
      test.clock.now(),
    )
    if (prepared === undefined) return nothing
    return {
      entry: prepared.entry,
      conclude: async ([link]) => void (await issueReceipt(tx, prepared, link)),
    }
  })
}

/** The state that the ledger alone gives. */
async function recompute(
  key: Caller,
  operatorId: string,
  domain: (typeof fields)[number],
  asOfDay: number,
): Promise<OperatorState> {
  return within(test.deps, key, async (tx) => {
    const events = await listLedgerUpTo(tx, operatorId, domain, 1_000_000)
    const interactions = await findInteractions(
      tx,
      events.map(({ interactionId }) => interactionId),
    )
    const folded = []
    for (const { interactionId, data } of events) {
      const stored = interactions.get(interactionId)
      if (stored === undefined) throw new Error('An event has no interaction')
      const item = await toLedgerItem(tx, stored)
      const now =
        data === null
          ? null
          : {
              ...item,
              interaction: item.readTelemetry(data.inputs),
              isClosed: data.closed,
              grade: data.evidence.grade,
              isByLink: false,
            }
      folded.push({ interactionId, item: now })
    }
    return foldEvents(folded, asOfDay)
  })
}

it.each(Array.from({ length: 10 }, (_, seed) => seed))(
  'aggregates-equal-a-full-recompute-under-any-interleaving: of scores, batches, imports, commits, outcomes, exclusions, corrections, time, death and retry, by seed %i',
  async (seed) => {
    const key = await test.found()
    await live(key, seed, 60)
    for (const operatorId of people)
      for (const domain of fields) {
        const stored = await within(test.deps, key, (tx) => findState(tx, { operatorId, domain }))
        if (stored === undefined) continue
        const { state } = stored
        const days = await within(test.deps, key, (tx) => listOperatorDays(tx, { operatorId, domain }, 0))
        expect(state).toEqual({ ...state, ...foldState(days, state.asOfDay) })
        const { firstDay: _day, ...recomputed } = await recompute(key, operatorId, domain, state.asOfDay)
        expect(state).toMatchObject(recomputed)
      }
    const { rows } = await test.database.db.pool.query<{ off: string }>(
      `SELECT count(*) AS off
         FROM (SELECT domain, day, oversight.sum_counters(counters) AS counters, oversight.sum_counters(side) AS side
                 FROM oversight.operator_day WHERE org_id = $1 GROUP BY domain, day) AS people
         FULL JOIN (SELECT * FROM oversight.org_day WHERE org_id = $1) AS whole USING (domain, day)
        WHERE people.counters IS DISTINCT FROM whole.counters OR people.side IS DISTINCT FROM whole.side`,
      [key.orgId],
    )
    expect(rows).toEqual([{ off: '0' }])
  },
  300_000,
)
