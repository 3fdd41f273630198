import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asWriter } from '../db/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { signCheckpoint, writeCheckpoints } from './checkpoints.ts'
import { decideAsSystem } from './decide-as-system.ts'
import { type ChainEntry, type Checkpoint, verifyExport } from './judge-chain.ts'
import { entryHash, sha256Hex, signEntry, toCanonicalJson } from './link.ts'
import { pruneAuditBodies } from './prune-bodies.ts'
import { eraseAuditBodies, findOldestBody } from './store/body-store.ts'
import { exportChain, exportCheckpoints, verifyChain } from './verify-chain.ts'

const entries = 1_005
const startMs = Date.UTC(2026, 0, 1)
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
const publicKeys = new Map([['test-1', publicKey]])
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
let database: TestDatabase
let lines: readonly string[]

beforeAll(async () => {
  database = await testDatabase()
  const audit = createAuditLog(signingKey)
  const decisions = Array.from({ length: entries }, (_, n) => ({
    action: 'test.write',
    resourceId: `row-${n}`,
    at: startMs + n * 1_000,
  }))
  for (const [from, to] of [
    [0, 998],
    [998, 1_000],
    [1_000, entries],
  ])
    await decideAsSystem({ db: database.db, audit }, principal, async (_tx, decide) => {
      for (const decision of decisions.slice(from, to)) await decide(decision)
    })
  await writeCheckpoints(database, signingKey, startMs, new AbortController().signal)
  lines = await exportLines()
})
afterAll(() => database.drop())

async function exportLines(): Promise<string[]> {
  const checkpoints = await Array.fromAsync(exportCheckpoints(database, principal))
  const chain = await Array.fromAsync(exportChain(database, principal))
  return [
    ...checkpoints.map((checkpoint) => JSON.stringify({ kind: 'checkpoint', ...checkpoint })),
    ...chain.map((entry) => JSON.stringify(entry)),
  ]
}

it('the thousandth entry and the end are signed, and the chain is intact', async () => {
  const checkpoints = await Array.fromAsync(exportCheckpoints(database, principal, entries))
  expect(checkpoints.map(({ seq }) => seq)).toEqual([1_000, entries])
  expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ intact: true, entries })
  expect(await verifyExport(lines, publicKeys)).toMatchObject({ intact: true, faults: [] })
  expect(await writeCheckpoints(database, signingKey, startMs, new AbortController().signal)).toBe(0)
})

/** `at`: a line of any kind; `to`: another one, or a byte in it. */
type Mutation = readonly [name: string, at: number, to: number]

/** The first entry's line: the checkpoints stand before it. */
const firstEntry = 2

function mutate([name, at, to]: Mutation): readonly string[] {
  const line = lines[at] ?? ''
  switch (name) {
    case 'flip': {
      const bytes = Buffer.from(line, 'latin1')
      const index = to % bytes.length
      bytes[index] = (bytes[index] ?? 0) ^ 1
      return lines.with(at, bytes.toString('latin1'))
    }
    case 'drop':
      return lines.toSpliced(at, 1)
    case 'duplicate':
      return lines.toSpliced(at, 0, line)
    case 'swap':
      return lines.with(at, lines[at + 1] ?? '').with(at + 1, line)
    case 'move':
      return lines.toSpliced(at, 1).toSpliced(to % (lines.length - 1), 0, line)
    case 'replace':
      return lines.with(at, lines[to % lines.length] ?? '')
    case 'fork':
      return lines.toSpliced(at + 1, 0, forked(line))
    case 'take over':
      return lines.with(at, forked(line))
    default:
      return lines.slice(0, at)
  }
}

/** Another entry, or checkpoint, with the sequence number of this one, signed with the server's own key. */
function forked(line: string): string {
  const value = JSON.parse(line) as ChainEntry & Checkpoint & { readonly kind?: string }
  const { org_id: orgId, seq } = value
  if (value.kind === 'checkpoint') {
    const head = { seq, entryHash: sha256Hex(line) }
    return JSON.stringify({ kind: 'checkpoint', ...signCheckpoint(signingKey, orgId, head, startMs) })
  }
  const { actor_id, event_type, resource_id, resource_type } = value
  const payload = toCanonicalJson({ actor_id, event_type, resource_id, resource_type, note: 'forked' })
  const link = { ...value, v: 1 as const, payload_hash: sha256Hex(payload) }
  const hash = entryHash(link)
  const { payload_hash: payloadHash } = link
  const signature = signEntry(privateKey, hash)
  return JSON.stringify({ ...value, payload, payload_hash: payloadHash, entry_hash: hash, signature })
}

const names = ['flip', 'drop', 'duplicate', 'swap', 'move', 'replace', 'fork', 'take over', 'truncate']
const mutation = fc
  .tuple(
    fc.constantFrom(...names),
    // Checkpoints are few, and are to be met as often as entries.
    fc.oneof(fc.integer({ min: 0, max: firstEntry }), fc.integer({ min: firstEntry, max: entries })),
    fc.nat(2_000),
  )
  .filter(
    ([name, at, to]) =>
      // A line that is put in its own place is no change.
      !((name === 'move' || name === 'replace') && at === to % (lines.length - (name === 'move' ? 1 : 0))) &&
      // A later checkpoint covers what an earlier one does, so nothing depends on the earlier one.
      !(name === 'drop' && at === 0),
  )

it('every-mutation-of-the-chain-is-found: of an entry or a checkpoint, and a fork by the key itself', async () => {
  await fc.assert(
    fc.asyncProperty(mutation, async (change) => {
      const { intact, faults } = await verifyExport(mutate(change), publicKeys, { withSignatures: false })
      if (intact) return (await verifyExport(mutate(change), publicKeys)).faults.length > 0
      return faults.length > 0
    }),
    { numRuns: 300 },
  )
})

it('each fault names the line or the entry', async () => {
  // The two checkpoints stand in lines 1 and 2, and entry n in line n + 2.
  const named = async (change: Mutation) =>
    (await verifyExport(mutate(change), publicKeys)).faults.map(({ seq, because }) => `${seq}: ${because}`)
  const at = 700
  const seq = at - 1
  expect(await named(['drop', at, 0])).toEqual([
    `${seq + 1}: entry ${seq} should follow, but ${seq + 1} does`,
    `${seq + 1}: it does not point to the entry before it`,
  ])
  expect(await named(['swap', at, 0])).toContain(
    `${seq + 1}: entry ${seq} should follow, but ${seq + 1} does`,
  )
  expect(await named(['fork', at, 0])).toEqual([
    `${seq}: entry ${seq + 1} should follow, but ${seq} does`,
    `${seq}: it does not point to the entry before it`,
    `${seq + 1}: it does not point to the entry before it`,
  ])
  expect(await named(['take over', at, 0])).toEqual([`${seq + 1}: it does not point to the entry before it`])
  expect(await named(['take over', lines.length - 1, 0])).toEqual([
    `${entries}: it is not the entry that its checkpoint signed`,
  ])
  expect(await named(['take over', 1, 0])).toContain(
    `${entries}: it is not the entry that its checkpoint signed`,
  )
  expect(await named(['drop', 1, 0])).toEqual([`${entries}: no checkpoint signed the end of the chain`])
  expect(await named(['duplicate', 1, 0])).toContain(`${entries}: it has two checkpoints`)
  expect(await named(['swap', 0, 0])).toContain('1000: its checkpoint stands behind a later one')
  expect(await named(['move', 0, at])).toContain('null: line 701: a checkpoint stands behind an entry')
  expect((await named(['flip', at, 0]))[0]).toMatch(/^null: line 701: /)
})

it('the one file finds them too, as a process of its own, and says so by its exit code', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-audit-'))
  const keys = join(folder, 'keys.json')
  const file = join(folder, 'export.ndjson')
  const tool = fileURLToPath(new URL('./verify-audit.mjs', import.meta.url))
  const publicText = publicKey.export({ format: 'jwk' }).x
  await writeFile(keys, JSON.stringify({ keys: [{ key_id: 'test-1', public_key: publicText }] }))
  const run = async (text: readonly string[]): Promise<unknown> => {
    await writeFile(file, text.map((line) => `${line}\n`).join(''))
    return new Promise((resolve) => {
      execFile(process.execPath, [tool, file, keys], (error) => resolve(error?.code ?? 0))
    })
  }
  try {
    expect(await run(lines)).toBe(0)
    for (const name of names) expect([name, await run(mutate([name, 700, 200]))]).toEqual([name, 1])
  } finally {
    await rm(folder, { recursive: true })
  }
})

describe('pruned-chains-still-verify', () => {
  const cut = startMs + 99_000
  const keptMs = 90 * 86_400_000
  const prune = (atMs: number, limit: number) =>
    pruneAuditBodies({ db: database.db, audit: createAuditLog(signingKey) }, { throughMs: cut, atMs, limit })

  it('bodies up to the boundary go, the one behind it stays, links hold, and entries say so', async () => {
    expect(await prune(cut + keptMs, 60)).toBe(60)
    expect(await prune(cut + keptMs, 60)).toBe(40)
    expect(await prune(cut + keptMs, 60)).toBe(0)
    expect(await asWriter(database, findOldestBody)).toBe(cut + 1_000)
    await writeCheckpoints(database, signingKey, cut + keptMs, new AbortController().signal)
    expect(await verifyChain(database, principal, publicKeys)).toMatchObject({
      intact: true,
      entries: entries + 2,
    })
    expect(await verifyExport(await exportLines(), publicKeys)).toMatchObject({ intact: true })
    const chain = await Array.fromAsync(exportChain(database, principal))
    const said = chain
      .slice(-2)
      .map(({ payload }) => (JSON.parse(payload ?? '{}') as { readonly detail?: object }).detail)
    const through = new Date(cut).toISOString()
    expect(said).toEqual([
      { from_seq: 1, to_seq: 60, through, bodies: 60 },
      { from_seq: 61, to_seq: 100, through, bodies: 40 },
    ])
  })

  it('a body that is gone since long, and of which no entry says so, is missed', async () => {
    await appendLater('test.write', cut + keptMs + 10_000)
    await asSuperuser(clearBody(101))
    const missing = { seq: 101, because: 'its payload is missing, and no entry says that it was pruned' }
    expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ faults: [missing] })
    expect(await verifyExport(await exportLines(), publicKeys)).toMatchObject({ faults: [missing] })
    // A later pruning says so in its time.
    const later = { throughMs: cut + 5_000, atMs: cut + 5_000 + keptMs, limit: 60 }
    expect(await pruneAuditBodies({ db: database.db, audit: createAuditLog(signingKey) }, later)).toBe(4)
    expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ intact: true })
  })

  it('an entry that prunes before its time is a fault, and what it says covers nothing', async () => {
    const early = { throughMs: cut + 10_000, atMs: cut + 9_999 + keptMs, limit: 60 }
    expect(await pruneAuditBodies({ db: database.db, audit: createAuditLog(signingKey) }, early)).toBe(5)
    const { faults } = await verifyChain(database, principal, publicKeys)
    expect(faults).toContainEqual({
      seq: entries + 5,
      because: 'it pruned bodies before 90 days had passed',
    })
    expect(faults).toContainEqual({ seq: 110, because: expect.stringContaining('its payload is missing') })
  })

  it('what prunings said is missed as well, once a superuser takes it away', async () => {
    await asSuperuser(clearBody(entries + 4))
    const { faults } = await verifyChain(database, principal, publicKeys)
    expect(faults).toContainEqual({
      seq: entries + 4,
      because: 'its payload is missing, before 90 days have passed',
    })
  })

  it('an erased chain says nothing of anybody, and still verifies', async () => {
    await appendLater('org.erased', cut + 91 * 86_400_000)
    await asWriter(database, (tx) => eraseAuditBodies(tx, instanceOrgId))
    expect(await asWriter(database, findOldestBody)).toBeNull()
    const erased = await exportLines()
    expect(erased.join('')).not.toContain('row-')
    expect(await verifyExport(erased, publicKeys)).toMatchObject({ intact: true, entries: entries + 6 })
  })
})

const clearBody = (seq: number): string =>
  `UPDATE gatehouse.audit_entry SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
    WHERE org_id = '${instanceOrgId}' AND seq = ${seq}`

async function asSuperuser(statement: string): Promise<void> {
  await database.db.pool.query('ALTER TABLE gatehouse.audit_entry NO FORCE ROW LEVEL SECURITY')
  await database.db.pool.query(statement)
  await database.db.pool.query('ALTER TABLE gatehouse.audit_entry FORCE ROW LEVEL SECURITY')
}

/** Appends an entry and the checkpoint that signs it. */
async function appendLater(action: string, at: number): Promise<void> {
  const audit = createAuditLog(signingKey)
  await decideAsSystem({ db: database.db, audit }, principal, (_tx, decide) => decide({ action, at }))
  await writeCheckpoints(database, signingKey, at, new AbortController().signal)
}
