import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asWriter, within } from '../db/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { writeCheckpoints } from './checkpoints.ts'
import { verifyExport } from './judge-chain.ts'
import { eraseAuditBodies, findOldestBody, pruneAuditBodies } from './store/body-store.ts'
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
  await within(database, principal, (tx) => audit.append(tx, decisions.slice(0, 998)))
  await within(database, principal, (tx) => audit.append(tx, decisions.slice(998, 1_000)))
  await within(database, principal, (tx) => audit.append(tx, decisions.slice(1_000)))
  await writeCheckpoints(database, signingKey, startMs, new AbortController().signal)
  lines = await exportLines()
})
afterAll(() => database.drop())

async function exportLines(): Promise<string[]> {
  const checkpoints = await Array.fromAsync(exportCheckpoints(database, principal, entries))
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

type Mutation = readonly [name: string, at: number, to: number]

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
    default:
      return lines.slice(0, at)
  }
}

const mutation = fc.tuple(
  fc.constantFrom('flip', 'drop', 'duplicate', 'swap', 'truncate'),
  // Checkpoints may trade places among themselves; so the first of them is left out of swaps.
  fc.integer({ min: 2, max: entries }),
  fc.nat(2_000),
)

it('every-mutation-of-the-chain-is-found: flipped, dropped, doubled, swapped or cut short', async () => {
  await fc.assert(
    fc.asyncProperty(mutation, async (change) => {
      const { intact, faults } = await verifyExport(mutate(change), publicKeys, { withSignatures: false })
      if (intact) return (await verifyExport(mutate(change), publicKeys)).faults.length > 0
      return faults.length > 0
    }),
    { numRuns: 150 },
  )
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
    for (const name of ['flip', 'drop', 'duplicate', 'swap', 'truncate'])
      expect([name, await run(mutate([name, 700, 200]))]).toEqual([name, 1])
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)

it('pruned-chains-still-verify: bodies up to the boundary go, the one behind it stays, links hold', async () => {
  const cut = startMs + 99_000
  expect(await asWriter(database, (tx) => pruneAuditBodies(tx, cut, 60))).toBe(60)
  expect(await asWriter(database, (tx) => pruneAuditBodies(tx, cut, 60))).toBe(40)
  expect(await asWriter(database, (tx) => pruneAuditBodies(tx, cut, 60))).toBe(0)
  expect(await asWriter(database, findOldestBody)).toBe(cut + 1_000)
  expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ intact: true, entries })
  expect(await asWriter(database, (tx) => eraseAuditBodies(tx, instanceOrgId))).toBe(entries - 100)
  expect(await asWriter(database, findOldestBody)).toBeNull()
  const erased = await exportLines()
  expect(erased.join('')).not.toContain('row-')
  expect(await verifyExport(erased, publicKeys)).toMatchObject({ intact: true, entries })
})
