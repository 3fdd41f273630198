import { generateKeyPairSync, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { query, recordTelemetry } from '../db/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { verifyExport } from './judge-chain.ts'
import { mutate } from './mutate.ts'
import { pruneAuditBodies } from './prune-bodies.ts'
import { exportChain, exportCheckpoints, verifyChain } from './verify-chain.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
const publicKeys = new Map([['test-1', publicKey]])
const audit = createAuditLog(signingKey)
const dayMs = 86_400_000
const keptMs = 90 * dayMs
const startMs = Date.UTC(2026, 0, 1)
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  // Bodies are taken as by somebody who holds the whole database.
  await database.db.pool.query('ALTER TABLE gatehouse.audit_entry NO FORCE ROW LEVEL SECURITY')
})
afterAll(() => database.drop())

/** Makes a chain in an org of its own, with a clock of its own. */
async function begin() {
  const principal: SystemPrincipal = { kind: 'system', orgId: randomUUID(), because: 'test' }
  const deps = { db: database.db, audit }
  let nowMs = startMs
  const append = async (count: number): Promise<void> => {
    const entry = { action: 'test.write', at: nowMs }
    for (let n = 0; n < count; n += 1)
      await mutate(deps, principal, async () => ({ result: undefined, entry }))
  }
  await mutate(deps, principal, async (tx) => {
    const at = new Date(nowMs)
    await sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
              VALUES (${tx.orgId}, 'a', ${tx.orgId}, ${at}, ${at})`.execute(query(tx))
    return { result: undefined, entry: { action: 'test.begin', at: nowMs } }
  })
  return {
    append,
    wait: (days: number) => {
      nowMs += days * dayMs
    },
    prune: (limit = 1_000) => pruneAuditBodies(deps, { throughMs: nowMs - keptMs, atMs: nowMs, limit }),
    clear: async (seq: number) => {
      await database.db.pool.query(
        `UPDATE gatehouse.audit_entry SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
          WHERE org_id = $1 AND seq = $2`,
        [principal.orgId, seq],
      )
    },
    /** The sequence numbers of entries that still have a body. */
    bodies: async (): Promise<number[]> => {
      const { rows } = await database.db.pool.query<{ seq: string }>(
        'SELECT seq FROM gatehouse.audit_entry WHERE org_id = $1 AND payload IS NOT NULL ORDER BY seq',
        [principal.orgId],
      )
      return rows.map(({ seq }) => Number(seq))
    },
    /** The faults that the server finds, and those that a verifier finds in its export alone. */
    verify: async () => {
      const lastSeq = await recordTelemetry(deps, principal, (tx) => audit.checkpoint(tx, nowMs))
      const checkpoints = await Array.fromAsync(exportCheckpoints(deps, principal, lastSeq))
      const lines = [
        ...checkpoints.map((one) => ({ kind: 'checkpoint', ...one })),
        ...(await Array.fromAsync(exportChain(deps, principal, lastSeq))),
      ].map((line) => JSON.stringify(line))
      const [online, offline] = [
        await verifyChain(deps, principal, publicKeys),
        await verifyExport(lines, publicKeys),
      ]
      expect(offline.faults).toEqual(online.faults)
      return online.faults
    },
  }
}

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 70 }) }),
    fc.record({ kind: fc.constant('prune' as const), limit: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant('sign' as const) }),
  ),
  { minLength: 4, maxLength: 14 },
)

it('pruned-chains-still-verify: in whatever order is written, signed and pruned; and any body that goes besides is missed', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (order, chosen) => {
      const chain = await begin()
      for (const step of order) {
        if (step.kind === 'append') await chain.append(step.count)
        else if (step.kind === 'wait') chain.wait(step.days)
        else if (step.kind === 'prune') await chain.prune(step.limit)
        else expect(await chain.verify()).toEqual([])
      }
      await chain.prune()
      // Something that is not due, and a pruning that has said something.
      chain.wait(91)
      await chain.append(2)
      await chain.prune()
      expect(await chain.verify()).toEqual([])
      const bodies = await chain.bodies()
      const seq = bodies[chosen % bodies.length] ?? 0
      await chain.clear(seq)
      expect((await chain.verify()).map((fault) => fault.seq)).toContain(seq)
    }),
    { numRuns: 12 },
  )
}, 120_000)

it('pruned-chains-still-verify: a chain that was pruned before prunings were told, and is pruned again', async () => {
  const chain = await begin()
  await chain.append(5)
  chain.wait(95)
  for (const seq of [1, 2, 3]) await chain.clear(seq)
  await chain.append(1)
  expect(await chain.verify()).toEqual([])
  // Due bodies in other chains are removed too, so each test looks at its own chain.
  await chain.prune()
  expect(await chain.bodies()).toEqual([7, 8])
  expect(await chain.verify()).toEqual([])
  chain.wait(95)
  await chain.prune()
  expect(await chain.bodies()).toEqual([9])
  expect(await chain.verify()).toEqual([])
})

it('a chain of which nothing but prunings is old is left alone', async () => {
  const chain = await begin()
  chain.wait(90)
  await chain.prune()
  expect(await chain.bodies()).toEqual([2])
  chain.wait(200)
  await chain.prune()
  expect(await chain.bodies()).toEqual([2])
  expect(await chain.verify()).toEqual([])
})
