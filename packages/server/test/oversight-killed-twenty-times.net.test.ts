import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { foldState, type OperatorState } from '../src/services/oversight/domain/operator-state.ts'
import { findState, listOperatorDays } from '../src/services/oversight/store/state-store.ts'
import { countInteractionsSince } from '../src/services/oversight/store/view-store.ts'
import { type Client, createClient } from './fixtures/client.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { programEnv } from './fixtures/program-env.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const kills = 20
const itemsInBatch = 20

let folder: string
let database: TestDatabase
let isSetUp = false

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-killed-'))
  await chmod(folder, 0o711)
  database = await testDatabase()
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

type Running = { readonly child: ChildProcess; readonly client: Client; readonly ownerToken: string }

async function start(): Promise<Running> {
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: folder,
    env: {
      ...programEnv(),
      GATEHOUSE_DATA: join(folder, 'data'),
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
      GATEHOUSE_PORT: '0',
      GATEHOUSE_TRUSTED_PROXY_HOPS: '1',
      GATEHOUSE_LOG_LEVEL: 'silent',
      DATABASE_URL: database.url.reveal(),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let [origin, ownerToken] = ['', '']
  for await (const line of createInterface({ input: child.stdout })) {
    origin ||= /^ready on (\S+)/.exec(line)?.[1] ?? ''
    ownerToken ||= /\?token=(\S+)$/.exec(line)?.[1] ?? ''
    if (origin !== '' && (ownerToken !== '' || isSetUp)) break
  }
  if (origin === '') throw new Error('The server ended before it was ready')
  return { child, client: createClient(origin), ownerToken }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const decided = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
  outcome_correct: true,
}
const operators = ['op-a', 'op-b', 'op-c', 'op-d']

/** One thing that is sent until it is acknowledged, and the answers that it got. */
type Deed = {
  readonly kind: 'score' | 'commit' | 'decision' | 'review' | 'report'
  readonly path: string
  /** Absent: nothing is sent, it is read. */
  readonly body?: object
  readonly headers: Readonly<Record<string, string>>
  /** How many interactions it is. */
  readonly counts: number
  readonly answers: string[]
}

function toScore(number: number): Deed {
  const who = { operator_id: operators[number % operators.length], domain: 'financial' }
  // Every other single score comes as the public client sends it: under a key of its own.
  const headers = number % 2 === 0 ? {} : onceFor(number)
  const about = { kind: 'score', headers } as const
  if (number % 5 !== 0)
    return {
      ...about,
      path: '/v1/score',
      counts: 1,
      answers: [],
      body: { ...who, session_id: `s-${number}`, interaction: decided, final: number % 3 === 0 },
    }
  return {
    ...about,
    path: '/v1/score/batch',
    counts: itemsInBatch,
    answers: [],
    body: {
      ...who,
      session_id: `b-${number}`,
      interactions: Array.from({ length: itemsInBatch }, (_item, at) => ({ ...decided, hover_events: at })),
    },
  }
}

function onceFor(number: number): Readonly<Record<string, string>> {
  return { 'idempotency-key': `deed-${number}` }
}

const dayMs = 86_400_000
const dateOf = (daysAgo: number): string => new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10)

/** Mostly scores; beside them what people make of them: a commit, a decision that waits, its review, a report. */
function toDeed(number: number, acknowledged: readonly Deed[]): Deed {
  const nothing = { headers: {}, counts: 0 } as const
  if (number % 6 === 1) {
    const scored = acknowledged.findLast(({ path }) => path === '/v1/score')
    const [, session] = /"session_id":"(s-\d+)"/.exec(scored?.answers[0] ?? '') ?? []
    const body = { decision: 'modified', modification_extent: 0.3, outcome_correct: true }
    if (session !== undefined)
      return { ...nothing, kind: 'commit', path: `/v1/score/${session}/commit`, body, answers: [] }
  }
  if (number % 6 === 2)
    return {
      ...nothing,
      kind: 'decision',
      path: '/v1/decision/score',
      headers: onceFor(number),
      body: { model: { provider: 'openai' }, domain: 'aviation', model_confidence: 0.6 },
      answers: [],
    }
  if (number % 6 === 3) {
    const decision = acknowledged.findLast(({ kind }) => kind === 'decision')
    const id = decisionIn(decision)
    const body = { action: 'approve', reviewer_id: `reviewer-${number}` }
    if (id !== undefined)
      return { ...nothing, kind: 'review', path: `/v1/decision/${id}/reviewer-action`, body, answers: [] }
  }
  if (number % 24 === 4) {
    const [from, to] = [dateOf(number + 2), dateOf(1)]
    const path = `/v1/compliance/report?period_start=${from}&period_end=${to}`
    return { ...nothing, kind: 'report', path, answers: [] }
  }
  return toScore(number)
}

function decisionIn(deed: Deed | undefined): string | undefined {
  const [, id] = /"ai_decision_log_id":"(dec_\w+)"/.exec(deed?.answers[0] ?? '') ?? []
  return id
}

it(
  'killed −9 twenty times in the middle of scores, commits, decisions, reviews and reports, nothing that was acknowledged is lost and nothing counts twice',
  { timeout: 600_000 },
  async () => {
    let running = await start()
    const ann = await setUpOwner(running.client, running.ownerToken)
    isSetUp = true
    const key = await createKey(running.client, ann, 'oversight')
    const deeds: Deed[] = []
    const send = async (deed: Deed): Promise<void> => {
      const { status, text } = await running.client.send(deed.path, {
        headers: { 'x-api-key': key, ...deed.headers },
        ...(deed.body === undefined ? {} : { body: deed.body }),
      })
      if (status === 200) deed.answers.push(text)
      // 503 is no acknowledgement: a server that has just begun may find the database busy. 409 is none either:
      // the first under an Idempotency-Key may have died with its server, its twin waits for a minute; and of two reviews
      // of one decision, or two commits of one score, one wins.
      else if (status !== 409 && status !== 503) throw new Error(`${deed.path} answered ${status}: ${text}`)
    }
    for (let round = 0; round < kills; round += 1) {
      const wanted = deeds.filter(({ answers }) => answers.length > 0).length + 5 + round
      const { child } = running
      const lanes = Array.from({ length: 12 }, async () => {
        try {
          for (;;) {
            const deed = toDeed(
              deeds.length,
              deeds.filter(({ answers }) => answers.length > 0),
            )
            deeds.push(deed)
            await send(deed)
            // As soon as so many are acknowledged, whatever the others are in the middle of.
            if (deeds.filter(({ answers }) => answers.length > 0).length >= wanted) child.kill('SIGKILL')
          }
        } catch (error) {
          if (!(error instanceof TypeError)) throw error
        }
      })
      await Promise.all(lanes)
      await kill(child)
      running = await start()
    }
    try {
      const acknowledged = deeds.filter(({ answers }) => answers.length > 0)
      expect(acknowledged.length).toBeGreaterThan(kills * 5)
      for (const kind of ['score', 'commit', 'decision', 'review', 'report'])
        expect(acknowledged.map((deed) => deed.kind)).toContain(kind)
      // Sent again, all of them: the same answer, and none is new.
      for (const deed of acknowledged.filter(({ kind }) => kind !== 'decision' && kind !== 'review')) {
        await send({ ...deed, headers: {}, answers: deed.answers })
        const [first, again] = [deed.answers[0], deed.answers.at(-1)].map((text) => idsIn(text ?? ''))
        expect(again).toEqual(first)
        expect(deed.answers).toHaveLength(2)
      }
      for (const deed of acknowledged.filter(({ kind }) => kind === 'decision' || kind === 'review')) {
        const id = decisionIn(deed) ?? ''
        const now = await running.client.ask<{ receipt: object; resolution: object | null }>(
          `/v1/decision/${id}`,
          { headers: { 'x-api-key': key } },
        )
        const told = JSON.parse(deed.answers[0] ?? '') as { receipt: object; resolution: object | null }
        if (deed.kind === 'decision') expect(now.receipt).toEqual(told.receipt)
        else expect(now).toMatchObject({ state: 'resolved', resolution: told.resolution })
      }
      const principal = { kind: 'system', orgId: ann.user.teamId, because: 'test' } as const
      const { stored, counted, folds } = await within(database, principal, async (tx) => {
        const states: Compared[] = []
        // One after another: a transaction has one connection, which carries out one statement at a time.
        for (const operatorId of operators) states.push(await compareState(tx, operatorId))
        return {
          stored: await countInteractionsSince(tx, 0),
          counted: states.reduce((sum, { state }) => sum + state.counted, 0),
          folds: states,
        }
      })
      expect(counted).toBe(stored)
      for (const { state, fold } of folds) expect(state).toMatchObject(fold)
      // Of what was not acknowledged some is there and some is not, but each whole or not at all.
      const least = acknowledged.reduce((sum, { counts }) => sum + counts, 0)
      expect(stored).toBeGreaterThanOrEqual(least)
      expect(stored).toBeLessThanOrEqual(deeds.reduce((sum, { counts }) => sum + counts, 0))
      const verdict = await running.client.ask<object>('/v1/audit/chain/verify', {
        headers: { 'x-api-key': key },
      })
      expect(verdict).toMatchObject({ valid: true })
    } finally {
      await kill(running.child)
    }
  },
)

type Compared = { readonly state: OperatorState; readonly fold: ReturnType<typeof foldState> }

/** What is stored of an operator, and what their days add up to. */
async function compareState(tx: TenantTx, operatorId: string): Promise<Compared> {
  const where = { operatorId, domain: 'financial' } as const
  const state = (await findState(tx, where))?.state
  if (state === undefined) throw new Error(`${operatorId} has no state`)
  return { state, fold: foldState(await listOperatorDays(tx, where, 0), state.asOfDay) }
}

/** The interactions that an answer names, in their order; or the report. */
function idsIn(text: string): readonly string[] {
  return [...text.matchAll(/"(?:interaction|report)_id":"((?:int|rep)_[\w-]+)"/g)].map(([, id = '']) => id)
}
