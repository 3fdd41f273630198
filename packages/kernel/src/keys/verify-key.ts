import type { Clock } from '../clock/index.ts'
import { asGate, type Database, type Invalidations } from '../db/index.ts'
import type { Scope } from '../principal/index.ts'
import { judgeKey, type KeyRefusal, type StoredKey } from './judge-key.ts'
import { isSameDigest, type KeyDigests } from './key-digest.ts'
import { type KeyShapes, parseKey } from './key-shape.ts'
import { createLookUp } from './look-up-keys.ts'
import { type KeyUse, setDigest, setLastUsed } from './store/key-store.ts'

export type ProvenKey = {
  /** Whose data the key opens: of the org that it belongs to, or, for a test key, of that one's test org. */
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
      /** For the audit log alone. */
      readonly reason: KeyRefusal | 'malformed' | 'other_service'
      readonly orgId?: string
      readonly keyPrefix?: string
    }

export type KeyVerifier = {
  readonly verify: (service: string, text: string, ip: string) => Promise<KeyVerdict>
  /** Writes what is known of last uses, and listens no more. */
  readonly stop: () => Promise<void>
}

export type KeyVerifierOptions = {
  readonly db: Database
  readonly digests: KeyDigests
  readonly shapes: KeyShapes
  readonly invalidations: Invalidations
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly rememberedMax?: number
}

/** `last_used_at` is exact to this much (K8). */
const useEveryMs = 60_000
const flushEveryMs = 5_000

/**
 * Proves keys (K4). A proven key is remembered by its digest until anything about it, its org or the channel that tells
 * of changes moves; its expiry and address are judged every time.
 */
export function createKeyVerifier(options: KeyVerifierOptions): KeyVerifier {
  const { db, digests, shapes, invalidations, clock, onError, rememberedMax = 50_000 } = options
  const lookUp = createLookUp(db)
  const remembered = new Map<string, StoredKey>()
  let generation = 0
  let uses = new Map<string, KeyUse>()
  const lastUses = new Map<string, number>()

  const forget = (subject: string): void => {
    // Rows read before this moment may be stale, so what is being looked up right now is not remembered either.
    generation += 1
    if (subject === '*') return remembered.clear()
    const [kind, id] = subject.split(':', 2)
    if (kind !== 'key' && kind !== 'org') return
    for (const [digest, key] of remembered) if (key.id === id || key.orgId === id) remembered.delete(digest)
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

  const find = async (text: string, prefix: string, digestHex: string): Promise<StoredKey | undefined> => {
    const known = invalidations.isConnected() ? remembered.get(digestHex) : undefined
    if (known !== undefined) return known
    const asked = generation
    const candidates = await lookUp(prefix)
    let found: StoredKey | undefined
    // Every candidate is compared, so that how many there are, and which one it is, takes the same work.
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
    if (found !== undefined && asked === generation && invalidations.isConnected()) {
      if (remembered.size >= rememberedMax) remembered.delete(remembered.keys().next().value ?? '')
      remembered.set(digestHex, found)
    }
    return found
  }

  /** A key proven under an older pepper moves to the newest one (K10). */
  const strengthen = (key: StoredKey, text: string): Promise<void> =>
    asGate({ db }, (tx) =>
      setDigest(tx, key, digests.digest(text, digests.currentVersion), digests.currentVersion),
    )

  return {
    verify: async (service, text, ip) => {
      const digestHex = digests.digestHex(text, digests.currentVersion)
      const parsed = parseKey(shapes, text)
      if (parsed === undefined) return { accepted: false, reason: 'malformed' }
      if (parsed.service !== service)
        return { accepted: false, reason: 'other_service', keyPrefix: parsed.visible }
      const key = await find(text, parsed.visible, digestHex)
      if (key === undefined) return { accepted: false, reason: 'unknown', keyPrefix: parsed.visible }
      const nowMs = clock.now()
      const { orgId, testOrgId, id: keyId, prefix: keyPrefix, scopes, requestsPerWindow } = key
      const judgement = judgeKey(key, ip, nowMs)
      if (!judgement.accepted) return { accepted: false, reason: judgement.reason, orgId, keyPrefix }
      noteUse(key, nowMs)
      return {
        accepted: true,
        orgId: testOrgId ?? orgId,
        keyId,
        keyPrefix,
        service,
        scopes,
        requestsPerWindow,
      }
    },
    stop: async () => {
      clearInterval(timer)
      unsubscribe()
      await flush().catch(onError)
    },
  }
}
