import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { type AuditLog, createAuditLog } from './audit-log.ts'
import { sendCheckpoints, writeCheckpoints } from './checkpoints.ts'
import { type Checkpoint, verifyExport } from './judge-chain.ts'
import { mutate } from './mutate.ts'
import { exportChain, exportCheckpoints, verifyChain } from './verify-chain.ts'

const startMs = Date.UTC(2026, 0, 1)
const minuteMs = 60_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
const publicKeys = new Map([['test-1', publicKey]])
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
const { signal } = new AbortController()
let database: TestDatabase
let audit: AuditLog

beforeEach(async () => {
  database = await testDatabase()
  audit = createAuditLog(signingKey)
})
afterEach(() => database.drop())

const writeAt = (...minutes: readonly [number, ...number[]]) =>
  mutate({ db: database.db, audit }, principal, async () => {
    const [first, ...others] = minutes.map((at) => ({ action: 'test.write', at: startMs + at * minuteMs }))
    if (first === undefined) throw new Error('There is a first')
    return { result: undefined, entry: [first, ...others] }
  })

const signAt = (minute: number) => writeCheckpoints(database, signingKey, startMs + minute * minuteMs, signal)

const checkpoints = () => Array.fromAsync(exportCheckpoints(database, principal))
const signedSeqs = async () => (await checkpoints()).map(({ seq }) => seq)
const faults = async () =>
  (await verifyChain(database, principal, publicKeys)).faults.map(({ seq, because }) => `${seq}: ${because}`)

/** Runs statements as the database's owner, with row-level security lifted meanwhile. */
async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const tables = ['audit_entry', 'audit_head', 'audit_checkpoint']
  for (const table of tables)
    await database.db.pool.query(`ALTER TABLE gatehouse.${table} NO FORCE ROW LEVEL SECURITY`)
  for (const statement of statements) await database.db.pool.query(statement)
  for (const table of tables)
    await database.db.pool.query(`ALTER TABLE gatehouse.${table} FORCE ROW LEVEL SECURITY`)
}

describe('checkpoints-come-in-time', () => {
  it('an entry follows others that wait for half an hour, and one later is signed before', async () => {
    await writeAt(0)
    await writeAt(30)
    expect(await signedSeqs()).toEqual([])
    await writeAt(30.001)
    expect(await signedSeqs()).toEqual([2])
    await writeAt(60)
    expect(await signedSeqs()).toEqual([2])
    expect(await faults()).toEqual([])
  })

  it.each<[what: string, work: () => Promise<unknown>]>([
    [
      'a chain that nobody writes to for a year',
      async () => {
        await writeAt(0)
        await signAt(10)
        await signAt(500_000)
      },
    ],
    [
      'an outage of three days behind an entry that nothing signed',
      async () => {
        await writeAt(0)
        await writeAt(3 * 1_440)
        await signAt(3 * 1_440 + 10)
      },
    ],
    [
      'a clock that went ahead by five hours and came back',
      async () => {
        await writeAt(0)
        await writeAt(300)
        await writeAt(1)
        await writeAt(301)
        await signAt(302)
      },
    ],
    [
      'another node, which wrote and signed meanwhile',
      async () => {
        const other = createAuditLog(signingKey)
        await writeAt(0)
        await mutate({ db: database.db, audit: other }, principal, async () => ({
          result: undefined,
          entry: { action: 'test.write', at: startMs + 45 * minuteMs },
        }))
        await signAt(50)
        await writeAt(51)
        await writeAt(120)
      },
    ],
    [
      'a node of before, which signed and left the mark of what waits',
      async () => {
        await writeAt(0, 1)
        await signAt(2)
        await asSuperuser(`UPDATE gatehouse.audit_head SET unsigned_since = '2025-01-01'`)
        await writeAt(300)
      },
    ],
  ])('%s raises no alarm', async (_what, work) => {
    await work()
    expect(await faults()).toEqual([])
  })

  it('entries of more than an hour without a checkpoint are found, in the chain and in an export', async () => {
    await writeAt(0)
    for (const minute of [40, 80, 120]) await writeAt(minute)
    expect(await signedSeqs()).toEqual([1, 2, 3])
    await asSuperuser(
      'DELETE FROM gatehouse.audit_checkpoint',
      'UPDATE gatehouse.audit_head SET checkpoints = 0',
    )
    expect(await faults()).toEqual(['3: no checkpoint was signed for an hour before it'])
    // The server itself signs the chain again; it knows nothing of the change.
    await signAt(121)
    expect(await faults()).toEqual(['3: no checkpoint was signed for an hour before it'])
    const lines = [
      ...(await checkpoints()).map((one) => ({ kind: 'checkpoint', ...one })),
      ...(await Array.fromAsync(exportChain(database, principal))),
    ].map((line) => JSON.stringify(line))
    expect((await verifyExport(lines, publicKeys)).faults).toEqual([
      { seq: 3, because: 'no checkpoint was signed for an hour before it' },
    ])
  })

  it('an hour within one transaction is the most that is let pass', async () => {
    await writeAt(0, 60)
    expect(await faults()).toEqual([])
    await asSuperuser('DELETE FROM gatehouse.audit_entry', 'DELETE FROM gatehouse.audit_head')
    await writeAt(0, 60.001)
    expect(await faults()).toEqual(['2: no checkpoint was signed for an hour before it'])
  })
})

describe('checkpoints-leave-the-machine', () => {
  const sent: Checkpoint[] = []
  beforeEach(() => void sent.splice(0))
  const send = (work: () => void = () => undefined) =>
    sendCheckpoints(database, signal, async (_tx, checkpoint) => {
      work()
      sent.push(checkpoint)
    })

  it('whoever signed it: the job, an export, or the entry that came too late', async () => {
    await writeAt(0)
    await writeAt(40)
    expect(await send()).toBe(1)
    expect(sent.map(({ seq }) => seq)).toEqual([1])
    expect(await send()).toBe(0)
    await signAt(41)
    expect(await send()).toBe(1)
    expect(sent.at(-1)).toEqual((await checkpoints()).at(-1))
  })

  it('again, where it could not be taken', async () => {
    await writeAt(0)
    await signAt(1)
    const full = () => {
      throw new Error('The disk is full')
    }
    await expect(send(full)).rejects.toThrow('The disk is full')
    expect(await send()).toBe(1)
    expect(sent).toHaveLength(1)
  })
})
