import { existsSync } from 'node:fs'
import { generateKeyPairSync, hash, randomBytes, randomUUID } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asGate, query } from '@gatehouse/kernel/db'
import { createKey, createKeyDigests, createKeyVerifier, type KeyVerifier } from '@gatehouse/kernel/keys'
import type { Principal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { uptimePolicy } from '../../packages/server/src/services/uptime/policy.ts'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { installPeers, peerUrl } from '../install-peers.ts'
import { median, type Pair } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const crowds = [
  { name: 'key-verify', keys: 100 },
  { name: 'key-verify-10x', keys: 1_000 },
  { name: 'key-verify-100x', keys: 10_000 },
]
const goals = { cached: 150_000, uncached: 10_000 }
const pairsMeasured = 5
const roundMs = 800
const inFlight = 64
const service = 'uptime'
const ip = '192.0.2.1'

type BetterAuthKeys = {
  readonly startBetterAuth: (count: number) => Promise<{
    readonly keys: readonly string[]
    readonly verify: (key: string) => Promise<boolean>
  }>
}

/** P2: proofs of a key inside the process, with what is remembered and without. */
export const keyVerify: Benchmark = async ({ note }) => {
  note('key-verify: starting a PostgreSQL and making keys')
  const { db, invalidations, stop } = await startThrowAwayDatabase()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const audit = createAuditLog({ id: 'bench', privateKey, publicKey })
  const digests = createKeyDigests({ current: 1, versions: new Map([[1, randomBytes(32)]]) })
  const deps = { db, audit, clock: systemClock, digests, shapes: { [service]: uptimePolicy.keyShape } }
  const onError = (error: unknown): void => {
    throw error
  }
  const open = (rememberedMax: number): KeyVerifier =>
    createKeyVerifier({
      ...deps,
      invalidations,
      onError,
      rememberedMax,
      findMembership: async () => undefined,
    })
  try {
    const principal: Principal = { kind: 'system', orgId: randomUUID(), because: 'bench' }
    await asGate({ db }, (tx) =>
      sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
          VALUES (${principal.orgId}, 'Bench', ${principal.orgId}, now(), now())`.execute(query(tx)),
    )
    const texts: string[] = []
    const grow = async (count: number): Promise<void> => {
      while (texts.length < count) {
        const made = await Promise.all(
          Array.from({ length: Math.min(10, count - texts.length) }, () =>
            createKey(deps, principal, {
              service,
              name: 'bench',
              scopes: ['monitors:read'],
              kind: 'persistent',
              expiresAtMs: null,
              ipAllow: [],
              requestsPerWindow: null,
              keysMax: null,
            }),
          ),
        )
        texts.push(...made.map(({ secret }) => secret.reveal()))
      }
    }
    const measured: Measured[] = []
    for (const { name, keys } of crowds) {
      await grow(keys)
      note(`key-verify: ${keys.toLocaleString('en')} keys`)
      measured.push(...(await measure(name, texts, open)))
    }
    const beside = await besideBetterAuth(texts, open, note)
    return beside === undefined ? measured : [...measured, beside]
  } finally {
    await stop()
  }
}

/** Its keys are few, because its memory adapter reads them all for each proof. */
async function besideBetterAuth(
  texts: readonly string[],
  open: (rememberedMax: number) => KeyVerifier,
  note: (text: string) => void,
): Promise<Measured | undefined> {
  await installPeers(note)
  if (!existsSync(peerUrl('node_modules/@better-auth/api-key'))) {
    note('key-verify: better-auth is skipped: it is not installed')
    return undefined
  }
  const count = 100
  // Safe: the file has this one export; there are no types of it before the peers are installed.
  const { startBetterAuth } = (await import(peerUrl('better-auth-keys.mjs').href)) as BetterAuthKeys
  const auth = await startBetterAuth(count)
  const some = texts.slice(0, count)
  const verifier = open(50_000)
  try {
    const ours = () => perSecond((text) => proveOne(verifier, text), some, 1)
    const peer = () => perSecond(auth.verify, auth.keys, 1)
    const { pairs, medians } = await inTurn(ours, peer)
    const about = { name: 'key-verify', unit: `proofs/s over ${count} keys`, goal: '–' }
    return compare({ ...about, peerName: "better-auth's API keys in memory" }, pairs, medians, null)
  } finally {
    await verifier.stop()
  }
}

async function measure(
  name: string,
  texts: readonly string[],
  open: (rememberedMax: number) => KeyVerifier,
): Promise<readonly Measured[]> {
  const cached = open(50_000)
  // Room for one key only: of keys that come in turn, none is ever remembered.
  const uncached = open(1)
  try {
    for (const text of texts) await proveOne(cached, text)
    const plain = new Set(texts.map((text) => hash('sha256', text, 'hex')))
    const ours = () => perSecond((text) => proveOne(cached, text), texts, 1)
    const peer = () => perSecond(async (text) => plain.has(hash('sha256', text, 'hex')), texts, 1)
    const { pairs, medians } = await inTurn(ours, peer)
    const looked: number[] = []
    while (looked.length < pairsMeasured)
      looked.push(await perSecond((text) => proveOne(uncached, text), texts, inFlight))
    const about = { unit: `proofs/s over ${texts.length.toLocaleString('en')} keys` }
    return [
      compare(
        { ...about, name, goal: '≥ 150,000', peerName: 'plain SHA-256 and a set in memory' },
        pairs,
        medians,
        () => medians.ours >= goals.cached,
      ),
      alone(
        { ...about, name: `${name}-db`, goal: '≥ 10,000 from the database' },
        median(looked),
        median(looked) >= goals.uncached,
      ),
    ]
  } finally {
    await cached.stop()
    await uncached.stop()
  }
}

/** The first of each warms up. */
async function inTurn(
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<{ readonly pairs: readonly Pair[]; readonly medians: Pair }> {
  await ours()
  await peer()
  const pairs: Pair[] = []
  while (pairs.length < pairsMeasured) pairs.push({ ours: await ours(), peer: await peer() })
  const medians = {
    ours: median(pairs.map((pair) => pair.ours)),
    peer: median(pairs.map((pair) => pair.peer)),
  }
  return { pairs, medians }
}

async function proveOne(verifier: KeyVerifier, text: string): Promise<boolean> {
  const verdict = await verifier.verify(service, text, ip)
  if (!verdict.accepted) throw new Error(`A good key was refused: ${verdict.reason}`)
  return true
}

async function perSecond(
  prove: (text: string) => Promise<boolean>,
  texts: readonly string[],
  lanes: number,
): Promise<number> {
  const startedMs = performance.now()
  const endsMs = startedMs + roundMs
  let proven = 0
  const run = async (lane: number): Promise<void> => {
    for (let index = lane; performance.now() < endsMs;) {
      for (let batch = 0; batch < 16; batch += 1, index += lanes) {
        if (!(await prove(texts[index % texts.length] ?? ''))) throw new Error('A good key was refused')
        proven += 1
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)))
  return (proven / (performance.now() - startedMs)) * 1_000
}
