import { hash } from 'node:crypto'
import type { Clock } from '../clock/index.ts'
import { type Database, recordTelemetry, type TelemetryTx } from '../db/index.ts'
import type { KeyDigests } from '../keys/index.ts'
import type { Principal } from '../principal/index.ts'
import {
  deleteIdempotency,
  findIdempotency,
  type IdempotencyId,
  insertIdempotency,
  setIdempotencyReply,
  type StoredReply,
} from './store/idempotency-store.ts'

/** One request under an `Idempotency-Key`; `body` is all that decides what it does. */
export type KeyedRequest = {
  /** Who asks: the id of a key or of a person. */
  readonly subject: string
  /** The operation, such as `createMonitor`. */
  readonly endpoint: string
  readonly key: string
  readonly body: string
}

export type Claim =
  /** Do it, then say how it ended by one of the two. */
  | {
      readonly kind: 'first'
      /** False when a twin has taken it over meanwhile: then nothing may commit. */
      readonly settle: (tx: TelemetryTx, reply: StoredReply) => Promise<boolean>
      /** It came to nothing: the next request under the key is a first one again. */
      readonly release: () => Promise<void>
    }
  | { readonly kind: 'replay'; readonly reply: StoredReply }
  /** The same key was used for something else. */
  | { readonly kind: 'other_body' }
  /** The first request is not answered yet. */
  | { readonly kind: 'under_way' }

export type IdempotencyDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly digests: KeyDigests
}

export const replyKeptMs = 24 * 60 * 60 * 1000
/** Longer than any request may take; after it, a first request that never ended is taken to have died with its node. */
export const busyMsMax = 60_000

/**
 * Lets one request under a key through, and gives its twins the same answer for 24 hours (H9; the IETF draft "The
 * Idempotency-Key HTTP Header Field"). Its answer commits with its deed, so that a node that dies has done both or
 * neither; a minute later the next request under the key is a first one again.
 */
export async function claimRequest(
  deps: IdempotencyDeps,
  principal: Principal,
  { subject, endpoint, key, body }: KeyedRequest,
): Promise<Claim> {
  const nowMs = deps.clock.now()
  const busyUntilMs = nowMs + busyMsMax
  const id: IdempotencyId = { subject, endpoint, keyDigest: hash('sha256', key, 'buffer') }
  // Keyed, so that nobody who reads the table can try what a body may have held (V4).
  const { digests } = deps
  const toFingerprint = (version: number): Buffer => digests.digest(`idempotency:${body}`, version)
  const pepperVersion = digests.currentVersion
  const fingerprint = { digest: toFingerprint(pepperVersion), pepperVersion }
  const known = await recordTelemetry(deps, principal, async (tx) => {
    const times = { nowMs, busyUntilMs, expiresAtMs: nowMs + replyKeptMs }
    return (await insertIdempotency(tx, id, fingerprint, times)) ? undefined : findIdempotency(tx, id)
  })
  if (known === undefined)
    return {
      kind: 'first',
      settle: (tx, reply) => setIdempotencyReply(tx, id, busyUntilMs, reply),
      release: () => recordTelemetry(deps, principal, (tx) => deleteIdempotency(tx, id, busyUntilMs)),
    }
  const { digest, pepperVersion: version } = known.fingerprint
  // Under a pepper that is gone nothing can be compared, and what cannot be shown to be the same is another body.
  if (!digests.isHeld(version) || !digest.equals(toFingerprint(version))) return { kind: 'other_body' }
  return known.reply === undefined ? { kind: 'under_way' } : { kind: 'replay', reply: known.reply }
}
