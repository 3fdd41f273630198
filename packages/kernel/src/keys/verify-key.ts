import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock/index.ts'
import { asGate, type Database, type GateTx, type Invalidations } from '../db/index.ts'
import type { Role, Scope } from '../principal/index.ts'
import { judgeKey, type KeyRefusal, scopesOf, type StoredKey } from './judge-key.ts'
import { isSameDigest, type KeyDigests } from './key-digest.ts'
import { type KeyShapes, parseKey } from './key-shape.ts'
import { createLookUp } from './look-up-keys.ts'
import { type KeyUse, listStoredKeys, setDigest, setLastUsed } from './store/key-store.ts'

export type ProvenKey = {
  /** The org whose data the key opens: the one it belongs to, or, for a test key, that org's test org. */
  readonly orgId: string
  readonly keyId: string
  readonly keyPrefix: string
  readonly service: string
  readonly scopes: readonly Scope[]
  readonly requestsPerWindow: number | null
}

export type KeyVerdict =
  | ({ readonly accepted: true } & ProvenKey)
  | {
      readonly accepted: false
      /** Only for the audit log. */
      readonly reason: KeyRefusal | 'malformed' | 'other_service'
      readonly orgId?: string
      readonly keyPrefix?: string
    }

export type KeyVerifier = {
  /** Returns the verdict itself, not a promise, for a cached key: a promise would cost more than the verification. */
  readonly verify: (service: string, text: string, ip: string) => KeyVerdict | Promise<KeyVerdict>
  /**
   * Reads keys from the database again, for open connections that they opened. Returns a function that gives the
   * verdict of a key by its id and client address; a deleted key is `unknown`.
   */
  readonly reread: (ids: readonly string[]) => Promise<(id: string, ip: string) => KeyVerdict>
  /** Writes the pending times of last use, and stops listening. */
  readonly stop: () => Promise<void>
}

export type KeyVerifierOptions = {
  readonly db: Database
  readonly digests: KeyDigests
  readonly shapes: KeyShapes
  readonly invalidations: Invalidations
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Supplied by the platform, which stores memberships. */
  readonly findMembership: (
    tx: GateTx,
    userId: string,
    orgId: string,
  ) => Promise<{ readonly role: Role } | undefined>
  readonly rememberedMax?: number
}

/** A key whose secret was verified, and the role of the person whom it stands for, if any. */
type Found = { readonly key: StoredKey; readonly role: Role | undefined; readonly verdict: KeyVerdict }

/** The resolution of `last_used_at` (K8). */
const useEveryMs = 60_000
const flushEveryMs = 5_000

/**
 * Creates the verifier of keys (K4). A verified key is cached until its row, its org or the invalidation channel
 * changes; expiry and address are judged at every use. The cache is indexed by a salted hash of the key's text, which
 * costs a quarter of the digest under the pepper. A key that is not cached is verified by that digest alone.
 */
export function createKeyVerifier(options: KeyVerifierOptions): KeyVerifier {
  const { db, digests, shapes, invalidations, clock, onError, findMembership } = options
  const { rememberedMax = 50_000 } = options
  const lookUp = createLookUp(db)
  const remembered = new Map<string, Found>()
  // The salt is random per process, so that neither a memory dump nor the timing of a look-up reveals anything about a
  // key.
  const salt = randomBytes(32).toString('base64')
  const toFingerprint = (text: string): string => hash('sha256', salt + text, 'base64')
  let generation = 0
  let uses = new Map<string, KeyUse>()
  const lastUses = new Map<string, number>()

  const forget = (subject: string): void => {
    const [kind, id] = subject.split(':', 2)
    if (subject !== '*' && kind !== 'key' && kind !== 'org' && kind !== 'user') return
    // Rows read before this moment may be stale, so look-ups under way are not cached either.
    generation += 1
    if (subject === '*') return remembered.clear()
    for (const [fingerprint, { key }] of remembered)
      if (key.id === id || key.orgId === id || key.standsFor === id) remembered.delete(fingerprint)
  }
  const unsubscribe = invalidations.subscribe(forget)

  const noteUse = ({ orgId, id }: StoredKey, nowMs: number): void => {
    if (nowMs - (lastUses.get(id) ?? 0) < useEveryMs) return
    if (lastUses.size >= rememberedMax) lastUses.clear()
    lastUses.set(id, nowMs)
    uses.set(id, { orgId, keyId: id, atMs: nowMs })
  }
  const flush = async (): Promise<void> => {
    if (uses.size === 0) return
    const batch = [...uses.values()]
    uses = new Map()
    try {
      await asGate({ db }, (tx) => setLastUsed(tx, batch))
    } catch (error) {
      for (const use of batch) if (!uses.has(use.keyId)) uses.set(use.keyId, use)
      throw error
    }
  }
  const timer = setInterval(() => void flush().catch(onError), flushEveryMs)
  timer.unref()

  const find = async (text: string, prefix: string, fingerprint: string): Promise<Found | undefined> => {
    const asked = generation
    const candidates = await lookUp(prefix)
    let found: StoredKey | undefined
    // Every candidate is compared, so that the work depends neither on which one matches nor on a match.
    for (const candidate of candidates)
      if (
        isSameDigest(
          candidate.digest,
          digests.digest(
            text,
            digests.isHeld(candidate.pepperVersion) ? candidate.pepperVersion : digests.currentVersion,
          ),
        )
      )
        found = candidate
    if (found !== undefined && found.pepperVersion !== digests.currentVersion)
      void strengthen(found, text).catch(onError)
    if (found === undefined) return undefined
    const role = await findRole(found)
    const proven = { key: found, role, verdict: toVerdict(found, role) }
    if (asked === generation && invalidations.isConnected()) {
      if (remembered.size >= rememberedMax) remembered.delete(remembered.keys().next().value ?? '')
      remembered.set(fingerprint, proven)
    }
    return proven
  }

  const findRole = async ({ standsFor, orgId }: StoredKey): Promise<Role | undefined> =>
    standsFor === null
      ? undefined
      : (await asGate({ db }, (tx) => findMembership(tx, standsFor, orgId)))?.role

  /** Stores a key that was verified under an older pepper under the newest one (K10). */
  const strengthen = (key: StoredKey, text: string): Promise<void> =>
    asGate({ db }, (tx) =>
      setDigest(tx, key, digests.digest(text, digests.currentVersion), digests.currentVersion),
    )

  const judge = ({ key, role, verdict }: Found, ip: string, nowMs: number): KeyVerdict => {
    const judgement = judgeKey(key, role, ip, nowMs)
    if (!judgement.accepted)
      return { accepted: false, reason: judgement.reason, orgId: key.orgId, keyPrefix: key.prefix }
    noteUse(key, nowMs)
    return verdict
  }

  const prove = async (
    service: string,
    text: string,
    ip: string,
    fingerprint: string,
  ): Promise<KeyVerdict> => {
    const parsed = parseKey(shapes, text)
    if (parsed === undefined) return { accepted: false, reason: 'malformed' }
    if (parsed.service !== service)
      return { accepted: false, reason: 'other_service', keyPrefix: parsed.visible }
    const found = await find(text, parsed.visible, fingerprint)
    if (found === undefined) return { accepted: false, reason: 'unknown', keyPrefix: parsed.visible }
    return judge(found, ip, clock.now())
  }

  return {
    verify: (service, text, ip) => {
      const nowMs = clock.now()
      const fingerprint = toFingerprint(text)
      const known = invalidations.isConnected() ? remembered.get(fingerprint) : undefined
      // A use since the key was cached may have extended an expiry that has passed, and a key under an older pepper has
      // to be digested anew (K10): both need the database.
      const isCurrent =
        known?.key.service === service &&
        known.key.pepperVersion === digests.currentVersion &&
        !isOver(known.key, nowMs)
      return isCurrent ? judge(known, ip, nowMs) : prove(service, text, ip, fingerprint)
    },
    reread: async (ids) => {
      const keys = await asGate({ db }, (tx) => listStoredKeys(tx, ids))
      const found = new Map<string, Found>()
      for (const key of keys) {
        const role = await findRole(key)
        found.set(key.id, { key, role, verdict: toVerdict(key, role) })
      }
      return (id, ip) => {
        const known = found.get(id)
        return known === undefined ? { accepted: false, reason: 'unknown' } : judge(known, ip, clock.now())
      }
    },
    stop: async () => {
      clearInterval(timer)
      unsubscribe()
      await flush().catch(onError)
    },
  }
}

/** Whether the expiry known to this node has passed; a later use may have extended it. */
function isOver({ renewDays, expiresAtMs }: StoredKey, nowMs: number): boolean {
  return renewDays !== null && expiresAtMs !== null && expiresAtMs <= nowMs
}

function toVerdict(key: StoredKey, role: Role | undefined): KeyVerdict {
  const { orgId, testOrgId, id: keyId, prefix: keyPrefix, service, requestsPerWindow } = key
  return {
    accepted: true,
    orgId: testOrgId ?? orgId,
    keyId,
    keyPrefix,
    service,
    scopes: scopesOf(key, role),
    requestsPerWindow,
  }
}
