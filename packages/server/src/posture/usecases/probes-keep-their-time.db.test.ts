import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { asWriter } from '@gatehouse/kernel/db'
import { type JobRunner, runJobs } from '@gatehouse/kernel/jobs'
import { createLogger } from '@gatehouse/kernel/log'
import { type FakeClock, fakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { toPosturePolicy } from '../../posture-figures.ts'
import { schema } from '../../schema.ts'
import { defineClaim, type VerifiedClaim } from '../define-claim.ts'
import type { PostureDeps } from '../deps.ts'
import { holds } from '../finding.ts'
import { postureJobs, postureRecurring } from '../jobs/index.ts'
import { runClaims } from '../run.ts'
import { queueDue } from './run-probes.ts'

const minuteMs = 60_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
const policy = toPosturePolicy([], schema)
const nothing = { en: 'Nothing', ja: '無' }

let database: TestDatabase
let clock: FakeClock
/** Each probe of the claim, by the node that ran it. */
let probed: { readonly claim: string; readonly node: string }[]
let runners: JobRunner[]
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.pool.query('TRUNCATE posture.evidence, posture.policy')
  clock = fakeClock(Date.now())
  probed = []
  runners = []
})
afterEach(() => Promise.all(runners.map((runner) => runner.stop())))

function makeNode(node: string): PostureDeps {
  const { db } = database
  const claims: readonly VerifiedClaim[] = [5, 60].map((everyMinutes) => {
    const id = `own.every-${everyMinutes}`
    const run = async () => {
      probed.push({ claim: id, node })
      return holds()
    }
    return defineClaim({
      id,
      control: 'K6',
      sources: [],
      sentence: () => nothing,
      why: nothing,
      owner: 'test',
      probe: { kind: 'outside', run },
      method: nothing,
      everyMinutes,
    })
  })
  const target = {
    origin: 'http://127.0.0.1',
    orgs: [],
    send: async () => Promise.reject(new Error('Nobody is asked')),
    handshake: async () => null,
    fromElsewhere: () => target,
  }
  return {
    db,
    audit: createAuditLog(signingKey),
    clock,
    log: createLogger('silent'),
    signingKey,
    signingPublicKeys: new Map([[signingKey.id, publicKey]]),
    publicUrl: () => 'http://127.0.0.1',
    stopping: new AbortController().signal,
    claims,
    policy: () => policy,
    deviations: [],
    build: async () => 'build',
    probe: (options) =>
      runClaims({
        ...options,
        clock,
        policy,
        lend: (_claim, _signal, work) => work({ target, inside: null, sink: null }),
      }),
    eraseLeft: async () => undefined,
    isScheduled: true,
    toLanguage: () => 'en',
    openIncident: async () => undefined,
    tellFailed: async () => undefined,
  }
}

async function startNode(node: PostureDeps): Promise<void> {
  const runner = await runJobs({
    db: database.db,
    jobs: postureJobs(node),
    // The timetable goes by the clock of the database: the test says when it is time.
    recurring: [],
    concurrency: 2,
    onError: (message) => {
      throw new Error(message)
    },
  })
  runners.push(runner)
}

/** Does what every node does every five minutes, and then runs jobs until none is left. */
async function passTime(nodes: readonly PostureDeps[]): Promise<readonly string[]> {
  const before = probed.length
  await Promise.all(nodes.map((node) => asWriter(node, (tx) => queueDue(tx))))
  await expect
    .poll(async () => {
      const { rows } = await database.db.pool.query<{ left: number }>(
        'SELECT count(*)::int AS left FROM graphile_worker.jobs',
      )
      return rows[0]?.left
    })
    .toBe(0)
  return probed.slice(before).map(({ claim }) => claim)
}

it('a claim is probed when its time has come, on both sides of the edge, and at once where it never was', async () => {
  const node = makeNode('one')
  await startNode(node)
  expect(postureRecurring(node).map(({ cron }) => cron)).toEqual(['*/5 * * * *'])
  expect(await passTime([node])).toEqual(['own.every-5', 'own.every-60'])
  clock.advance(5 * minuteMs - 1)
  expect(await passTime([node])).toEqual([])
  clock.advance(1)
  expect(await passTime([node])).toEqual(['own.every-5'])
  clock.advance(55 * minuteMs)
  // Longest overdue first.
  expect(await passTime([node])).toEqual(['own.every-60', 'own.every-5'])
})

it('a restart forgets nothing: what was probed before it is due when it would have been', async () => {
  const before = makeNode('before')
  await startNode(before)
  await passTime([before])
  await Promise.all(runners.splice(0).map((runner) => runner.stop()))
  clock.advance(10 * minuteMs)
  const after = makeNode('after')
  await startNode(after)
  expect(await passTime([after])).toEqual(['own.every-5'])
})

it('two nodes ask at once, and each claim is probed by one of them, once', async () => {
  const [one, other] = [makeNode('one'), makeNode('other')]
  await startNode(one)
  await startNode(other)
  for (let round = 1; round <= 3; round += 1) {
    const claims = await passTime([one, other])
    expect(claims.toSorted()).toEqual(['own.every-5', 'own.every-60'])
    clock.advance(60 * minuteMs)
  }
})

it('a clock that steps back stops no probe: what is from later than now is no evidence yet', async () => {
  const node = makeNode('one')
  await startNode(node)
  await passTime([node])
  clock.advance(-3 * 60 * minuteMs)
  expect(await passTime([node])).toEqual(['own.every-5', 'own.every-60'])
  expect(await passTime([node])).toEqual([])
  clock.advance(5 * minuteMs)
  expect(await passTime([node])).toEqual(['own.every-5'])
})
