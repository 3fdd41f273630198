import { mutate } from './mutate.ts'
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { type AuditLog, createAuditLog } from './audit-log.ts'
import { sendCheckpoints, writeCheckpoints } from './checkpoints.ts'
import { type Checkpoint, toAnchors, verifyExport } from './judge-chain.ts'
import { toCheckpointText } from './verify-audit.mjs'
import { exportChain, exportCheckpoints, verifyChain } from './verify-chain.ts'

const startMs = Date.UTC(2026, 0, 1)
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
const publicKeys = new Map([['test-1', publicKey]])
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
let database: TestDatabase
let audit: AuditLog
let signed: Checkpoint[]

beforeEach(async () => {
  database = await testDatabase()
  audit = createAuditLog(signingKey)
  signed = []
  for (let round = 0; round < 3; round += 1) await grow(round)
})
afterEach(() => database.drop())

/** Appends three entries and a checkpoint. */
async function grow(round: number): Promise<void> {
  const at = startMs + round * 600_000
  const toEntry = (n: number) => ({ action: 'test.write', resourceId: `${round}-${n}`, at })
  await mutate({ db: database.db, audit }, principal, async () => ({
    result: undefined,
    entry: [toEntry(1), toEntry(2), toEntry(3)],
  }))
  const { signal } = new AbortController()
  await writeCheckpoints(database, signingKey, at, signal)
  await sendCheckpoints(database, signal, async (_tx, one) => void signed.push(one))
}

const ofOrg = `org_id = '${instanceOrgId}'`

/** Runs statements as the database's owner, with row-level security and triggers lifted meanwhile. */
async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const tables = ['audit_entry', 'audit_head', 'audit_checkpoint']
  for (const table of tables)
    await database.db.pool.query(`ALTER TABLE gatehouse.${table} NO FORCE ROW LEVEL SECURITY`)
  for (const statement of statements) await database.db.pool.query(statement)
  for (const table of tables)
    await database.db.pool.query(`ALTER TABLE gatehouse.${table} FORCE ROW LEVEL SECURITY`)
}

const faultsOf = async (): Promise<readonly string[]> =>
  (await verifyChain(database, principal, publicKeys)).faults.map(({ seq, because }) => `${seq}: ${because}`)

async function exported(anchors: readonly Checkpoint[] = []) {
  const checkpoints = await Array.fromAsync(exportCheckpoints(database, principal))
  const entries = await Array.fromAsync(exportChain(database, principal))
  const lines = [...checkpoints.map((one) => ({ kind: 'checkpoint', ...one })), ...entries]
  return verifyExport(
    lines.map((line) => JSON.stringify(line)),
    publicKeys,
    { anchors },
  )
}

const cutBackToSecond = [
  `DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND seq > 6`,
  `DELETE FROM gatehouse.audit_entry WHERE ${ofOrg} AND seq > 6`,
  `UPDATE gatehouse.audit_head SET seq = 6,
     entry_hash = (SELECT entry_hash FROM gatehouse.audit_entry WHERE ${ofOrg} AND seq = 6) WHERE ${ofOrg}`,
]

describe('cut-chains-are-found', () => {
  it('a chain that nobody cut is intact, and holds every anchor that left the machine', async () => {
    expect(await faultsOf()).toEqual([])
    expect(signed.map(({ seq, number }) => [seq, number])).toEqual([
      [3, 1],
      [6, 2],
      [9, 3],
    ])
    const text = signed.map((one) => `${JSON.stringify({ kind: 'checkpoint', ...one })}\n`).join('')
    expect(await exported(toAnchors(text))).toMatchObject({ intact: true, faults: [] })
  })

  it.each<[what: string, statements: readonly string[], fault: string]>([
    [
      'the body of a fresh entry',
      [
        `UPDATE gatehouse.audit_entry SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
          WHERE ${ofOrg} AND seq = 8`,
      ],
      '8: its payload is missing, before 90 days have passed',
    ],
    [
      'everything',
      ['audit_entry', 'audit_checkpoint', 'audit_head'].map(
        (table) => `DELETE FROM gatehouse.${table} WHERE ${ofOrg}`,
      ),
      '0: the chain is empty, and every chain has a first entry',
    ],
    [
      'all checkpoints',
      [`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg}`],
      '9: its newest checkpoint, number 3, is missing',
    ],
    [
      'the newest checkpoint',
      [`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND seq = 9`],
      '9: its newest checkpoint, number 3, is missing',
    ],
    [
      'the first checkpoint',
      [`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND seq = 3`],
      '6: checkpoint 1 should come, but 2 does',
    ],
    [
      'a checkpoint in the middle',
      [`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND seq = 6`],
      '9: checkpoint 2 should come, but 3 does',
    ],
    [
      'a checkpoint in the middle, with the numbers put right',
      [
        `DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND seq = 6`,
        `UPDATE gatehouse.audit_checkpoint SET number = 2 WHERE ${ofOrg} AND seq = 9`,
      ],
      '9: the signature of its checkpoint does not fit',
    ],
    ['the end, back to a checkpoint', cutBackToSecond, '6: its newest checkpoint, number 3, is missing'],
  ])('%s is missed, and named', async (_what, statements, fault) => {
    await asSuperuser(...statements)
    expect(await faultsOf()).toContain(fault)
  })

  it('what was deleted stays found after the chain has gone on', async () => {
    await asSuperuser(`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg}`)
    await grow(3)
    expect(await faultsOf()).toEqual(['12: checkpoint 1 should come, but 4 does'])
    expect((await exported()).intact).toBe(false)
  })

  it('an end that was cut off with every trace of it is found by what left the machine', async () => {
    await asSuperuser(...cutBackToSecond, `UPDATE gatehouse.audit_head SET checkpoints = 2 WHERE ${ofOrg}`)
    expect(await faultsOf()).toEqual([])
    expect((await exported(signed)).faults).toEqual([
      { seq: 9, because: 'an anchor signed this entry, and it is missing' },
    ])
    // The chain is continued after the cut, with the server's own key.
    await grow(4)
    expect((await exported()).intact).toBe(true)
    expect((await exported(signed)).faults).toEqual([
      { seq: 9, because: 'it is not the entry that its anchor signed' },
    ])
  })

  it('checkpoints from before there were numbers are counted and signed by the next one', async () => {
    await asSuperuser(`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND seq > 3`)
    const [first] = signed
    if (first === undefined) throw new Error('It was signed')
    const old = { ...first, number: null, prev_hash: null }
    const signature = sign(null, Buffer.from(toCheckpointText(old)), privateKey).toString('base64url')
    await asSuperuser(
      `UPDATE gatehouse.audit_checkpoint SET number = NULL, prev_hash = NULL, signature = '${signature}' WHERE ${ofOrg}`,
      `UPDATE gatehouse.audit_head SET checkpoints = 1, checkpoints_sent = 1 WHERE ${ofOrg}`,
    )
    expect(await faultsOf()).toEqual([])
    await grow(5)
    expect(signed.at(-1)).toMatchObject({ number: 2 })
    expect(await faultsOf()).toEqual([])
    await asSuperuser(`DELETE FROM gatehouse.audit_checkpoint WHERE ${ofOrg} AND number IS NULL`)
    expect(await faultsOf()).toEqual(['12: checkpoint 1 should come, but 2 does'])
  })
})
