import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChainEntry, mutate, pruneAuditBodies, sha256Hex } from '@gatehouse/kernel/audit'
import { recordTelemetry } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eraseLocalTeam, withLocalInstance } from '../src/local/index.ts'
import { toAuditLines } from '../src/platform/usecases/export-audit-logs.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { foundSecondOrg, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { commandFile, execute, toIntact, verifyOffline } from './fixtures/verify-offline.ts'

/** What line-based tools and lenient decoders trip over, and what a text may hold. */
const awkwardText = 'Acme\u2028Ltd\u2029 \ufffd 👍 é'
let server: ComposedServer
let ann: SignedIn
let folder: string
let chain: readonly string[]
let keys: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-offline-'))
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  const credential = ann.accessToken
  const { incident } = await server.client.ask<{ incident: { id: string } }>('/dashboard/incidents', {
    credential,
    body: { title: 'Fire' },
  })
  await server.client.ask(`/dashboard/incidents/${incident.id}/resolve`, {
    method: 'PUT',
    credential,
    body: { cause: awkwardText },
  })
  await writeFile(
    join(folder, 'verify-audit.mjs'),
    (await server.client.send('/dashboard/audit-logs/verify-audit.mjs', { credential })).text,
  )
  await download()
  chain = await download()
  keys = await readKeys()
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

/** The lines of an export, as a person's browser downloads it. */
async function download(): Promise<readonly string[]> {
  const { status, text, headers } = await server.client.send('/dashboard/audit-logs/export', {
    credential: ann.accessToken,
  })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
  expect(headers.get('content-disposition')).toBe(`attachment; filename="audit-${ann.user.teamId}.ndjson"`)
  return text.trimEnd().split('\n')
}

const readKeys = async () => (await server.client.send('/.well-known/gatehouse-keys.json')).text

const verify = (lines: readonly string[], publicKeys: string) => verifyOffline(folder, lines, publicKeys)

/** What both verifiers say, in the same words, of an export that was touched. */
async function findFaults(lines: readonly string[], publicKeys: string): Promise<string> {
  const [command, file] = await verify(lines, publicKeys)
  expect(command).toMatchObject({ code: 1, note: '' })
  expect(file).toEqual(command)
  expect(file?.out).toMatch(/^Not intact. Entries: \d+, faults: [1-9]\d*\n/)
  return file?.out ?? ''
}

/** Where entry `seq` stands: behind the two checkpoints that two downloads signed. */
const lineOf = (seq: number): number => seq + 1
const lineAt = (index: number): string => chain.at(index) ?? ''

/** Another entry in the place of this one, as far as it can be made without the key. */
function fork(line: string): string {
  const entry = JSON.parse(line) as ChainEntry
  const payload = (entry.payload ?? '').replace('"done"', '"refused"')
  return JSON.stringify({ ...entry, payload, payload_hash: sha256Hex(payload) })
}

const third = lineOf(3)
const otherKey = String(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x)
const last = (): number => chain.length - 2

it('an export that was not touched is intact, though texts in it hold what ends lines elsewhere', async () => {
  expect(chain.filter((line) => line.startsWith('{"kind":"checkpoint"'))).toHaveLength(2)
  expect(chain.some((line) => line.includes(awkwardText))).toBe(true)
  expect(await verify(chain, keys)).toEqual(toIntact(chain))
})

it.each<[what: string, change: () => readonly string[], fault: () => RegExp]>([
  [
    'a flipped byte in a payload',
    () => chain.with(third, lineAt(third).replace('"outcome\\":\\"d', '"outcome\\":\\"e')),
    () => /^entry 3: its payload was changed after it was written$/m,
  ],
  [
    'a flipped byte in the form of a line',
    () => chain.with(third, lineAt(third).replace('{', 'z')),
    () => /^line 5: /m,
  ],
  [
    'a payload that is no JSON',
    () => {
      const entry = JSON.parse(lineAt(third)) as ChainEntry
      return chain.with(third, JSON.stringify({ ...entry, payload: '{', payload_hash: sha256Hex('{') }))
    },
    () => /^entry 3: its payload is not a JSON object$/m,
  ],
  ['a dropped row', () => chain.toSpliced(third, 1), () => /^entry 4: entry 3 should follow, but 4 does$/m],
  [
    'swapped rows',
    () => chain.with(third, lineAt(third + 1)).with(third + 1, lineAt(third)),
    () => /^entry 4: entry 3 should follow, but 4 does$/m,
  ],
  [
    'a forked row of the same sequence',
    () => chain.toSpliced(third + 1, 0, fork(lineAt(third))),
    () => /^entry 3: entry 4 should follow, but 3 does$/m,
  ],
  [
    'a changed signature',
    () => {
      const entry = JSON.parse(lineAt(third)) as ChainEntry
      const signature = (entry.signature.startsWith('A') ? 'B' : 'A') + entry.signature.slice(1)
      return chain.with(third, JSON.stringify({ ...entry, signature }))
    },
    () => /^entry 3: its signature does not fit$/m,
  ],
  [
    'a changed checkpoint',
    () => chain.with(1, lineAt(1).replace('"ts":"2', '"ts":"3')),
    () => new RegExp(`^entry ${last()}: the signature of its checkpoint does not fit$`, 'm'),
  ],
  [
    'a dropped last checkpoint',
    () => chain.toSpliced(1, 1),
    () => new RegExp(`^entry ${last()}: no checkpoint signed the end of the chain$`, 'm'),
  ],
  [
    'checkpoints in another order',
    () => [lineAt(1), lineAt(0), ...chain.slice(2)],
    () => new RegExp(`^entry ${last() - 1}: its checkpoint stands behind a later one$`, 'm'),
  ],
  [
    'an end that was cut off',
    () => chain.slice(0, -1),
    () => new RegExp(`^entry ${last()}: a checkpoint signed this entry, and it is missing$`, 'm'),
  ],
  ['an empty file', () => [], () => /^entry 0: the chain is empty, and every chain has a first entry$/m],
])('%s is found by both verifiers, and named', async (_what, change, fault) => {
  expect(change()).not.toEqual(chain)
  expect(await findFaults(change(), keys)).toMatch(fault())
})

it('a replaced key is found at the first entry that it did not sign', async () => {
  expect(await findFaults(chain, keys.replace(/"public_key":"[^"]+"/, `"public_key":"${otherKey}"`))).toMatch(
    /^entry 1: its signature does not fit$/m,
  )
  expect(await findFaults(chain, keys.replace('"sig-1-', '"sig-9-'))).toMatch(
    /^entry 1: it is signed by the unknown key sig-1-/m,
  )
})

it('the command takes keys from elsewhere too, and gives every fault to programs', async () => {
  await verify(chain.toSpliced(third, 1), '{}')
  await writeFile(join(folder, 'published.json'), keys)
  const options = ['--file', 'export.ndjson', '--keys', 'published.json', '--json']
  const { code, out } = await execute(folder, [commandFile, 'audit', 'verify', ...options])
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    intact: false,
    faults: [
      { seq: 4, because: 'entry 3 should follow, but 4 does' },
      { seq: 4, because: 'it does not point to the entry before it' },
    ],
  })
})

it('what cannot be read is not called a broken chain', async () => {
  for (const { code, out, note } of await verify(chain, '{}')) {
    expect(code).not.toBe(0)
    expect(out).toBe('')
    expect(note).toContain('The file of keys holds no list of keys')
  }
})

describe('after the signing key was rotated', () => {
  let before: string

  it('the export is intact with both published keys, and holds the change, signed by both', async () => {
    before = keys
    const rotate = [commandFile, 'secrets', 'rotate', '--name', 'signing-key']
    expect(await execute(folder, rotate, server.env)).toMatchObject({ code: 0, out: '2\n' })
    await expect
      .poll(async () => {
        chain = await download()
        return (JSON.parse(lineAt(-1)) as ChainEntry).key_id
      })
      .toMatch(/^sig-2-/)
    keys = await readKeys()
    const rotations = chain.filter((line) => line.includes('"event_type":"SIGNING_KEY_ROTATED"'))
    expect(rotations).toHaveLength(1)
    const { key_id: signer, payload } = JSON.parse(rotations[0] ?? '') as ChainEntry
    const { detail } = JSON.parse(payload ?? '') as { detail: Record<string, string> }
    expect(signer).toBe(detail['to_key_id'])
    expect([detail['from_key_id'], detail['to_key_id']]).toEqual([
      expect.stringMatching(/^sig-1-[0-9a-f]{12}$/),
      expect.stringMatching(/^sig-2-[0-9a-f]{12}$/),
    ])
    expect(await verify(chain, keys)).toEqual(toIntact(chain))
  })

  it('the keys of before do not vouch for what the new one signed', async () => {
    expect(await findFaults(chain, before)).toMatch(/^entry \d+: it is signed by the unknown key sig-2-/m)
  })

  it('without the retired key, nothing of before is vouched for', async () => {
    const { keys: all } = JSON.parse(keys) as { keys: readonly object[] }
    expect(await findFaults(chain, JSON.stringify({ keys: all.slice(1) }))).toMatch(
      /^entry 1: it is signed by the unknown key sig-1-/m,
    )
  })
})

describe('after retention took the bodies', () => {
  beforeAll(async () => {
    const { ts, org_id: orgId } = JSON.parse(lineAt(-1)) as ChainEntry
    const at = Date.parse(ts) + 90 * 86_400_000
    const principal = { kind: 'system', orgId, because: 'test' } as const
    await withLocalInstance({ env: server.env, folder, progress: () => undefined }, (local) =>
      mutate(local, principal, async (tx) => ({
        entry: { action: 'test.later', at },
        conclude: () => local.audit.checkpoint(tx, at),
      })),
    )
    await withLocalInstance({ env: server.env, folder, progress: () => undefined }, (local) =>
      pruneAuditBodies(local, { throughMs: Date.parse(ts), atMs: at, limit: 1_000 }),
    )
    chain = await download()
  })

  it('the export is intact, bodies gone or not, the announcement of the key among them', async () => {
    const entries = chain.map((line) => JSON.parse(line) as ChainEntry & { readonly kind?: string })
    const payloads = entries.filter(({ kind }) => kind === undefined).map(({ payload }) => payload)
    expect(payloads.slice(0, -3).every((payload) => payload === null)).toBe(true)
    expect(payloads.at(-1)).toContain('audit.export')
    expect(chain.join('')).not.toContain(awkwardText)
    expect(await verify(chain, keys)).toEqual(toIntact(chain))
  })

  it('a hash that stayed cannot be changed either, nor a body be put in its place', async () => {
    const at = chain.findIndex((line) => line.includes('"seq":"3"') || line.includes('"seq":3,'))
    const entry = JSON.parse(lineAt(at)) as ChainEntry
    const put = (change: Partial<ChainEntry>) => chain.with(at, JSON.stringify({ ...entry, ...change }))
    expect(await findFaults(put({ payload_hash: sha256Hex('{}') }), keys)).toMatch(
      /^entry 3: its link was changed after it was written$/m,
    )
    expect(await findFaults(put({ payload: '{}' }), keys)).toMatch(
      /^entry 3: its payload was changed after it was written$/m,
    )
    expect(await findFaults(put({ actor_id: 'bob' }), keys)).toMatch(
      /^entry 3: its column actor_id has no payload/m,
    )
  })
})

it('the chain of an erased organisation still verifies, and says nothing of it', async () => {
  const other = await foundSecondOrg(server.client, ann)
  const { teamId: orgId } = other.user
  const lines = await withLocalInstance(
    { env: server.env, folder, progress: () => undefined },
    async (local) => {
      await eraseLocalTeam(local, { org: orgId, confirm: orgId })
      const principal = { kind: 'system', orgId, because: 'test' } as const
      const lastSeq = await recordTelemetry(local, principal, (tx) => local.audit.checkpoint(tx, Date.now()))
      return Array.fromAsync(toAuditLines(local, principal, lastSeq), (line) => line.trimEnd())
    },
  )
  expect(lines.join('')).not.toContain(ann.user.id)
  expect(lines.some((line) => line.includes('"payload":null'))).toBe(true)
  expect(await verify(lines, keys)).toEqual(toIntact(lines))
  expect(await findFaults(lines.toSpliced(-2, 1), keys)).toMatch(
    /^entry \d+: entry \d+ should follow, but \d+ does$/m,
  )
})
