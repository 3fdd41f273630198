import { generateKeyPairSync, hash, randomBytes, randomUUID } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asGate, query } from '@gatehouse/kernel/db'
import { createKey, createKeyDigests, createKeyVerifier, type KeyVerifier } from '@gatehouse/kernel/keys'
import type { Principal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { uptimePolicy } from '../../packages/server/src/services/uptime/policy.ts'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
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
    createKeyVerifier({ ...deps, invalidations, onError, rememberedMax })
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
    return measured
  } finally {
    await stop()
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
    await ours()
    await peer()
    const pairs: Pair[] = []
    while (pairs.length < pairsMeasured) pairs.push({ ours: await ours(), peer: await peer() })
    const medians = {
      ours: median(pairs.map((pair) => pair.ours)),
      peer: median(pairs.map((pair) => pair.peer)),
    }
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
