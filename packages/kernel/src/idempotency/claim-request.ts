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

/** One request under an `Idempotency-Key`; `body` is everything that determines its effect. */
export type KeyedRequest = {
  /** The id of the key or person that sends it. */
  readonly subject: string
  /** The operation, such as `createMonitor`. */
  readonly endpoint: string
  readonly key: string
  readonly body: string
}

export type Claim =
  /** The caller carries the request out, and then calls one of these two functions. */
  | {
      readonly kind: 'first'
      /**
       * Stores the reply. False when another request with the same key has taken over meanwhile: then nothing may
       * commit.
       */
      readonly settle: (tx: TelemetryTx, reply: StoredReply) => Promise<boolean>
      /** Releases the claim of a request that had no effect: the next request under the key is treated as the first. */
      readonly release: () => Promise<void>
    }
  | { readonly kind: 'replay'; readonly reply: StoredReply }
  /** The same key was used for a different request. */
  | { readonly kind: 'other_body' }
  /** The first request with this key is still being processed. */
  | { readonly kind: 'under_way' }

export type IdempotencyDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly digests: KeyDigests
}

export const replyKeptMs = 24 * 60 * 60 * 1000
/**
 * Longer than any request may take. If the first request is still unfinished after this time, its node is taken to have
 * died.
 */
export const busyMsMax = 60_000

/**
 * Carries out one request per `Idempotency-Key`, and gives repeated ones the same answer for 24 hours (H9; the IETF
 * draft "The Idempotency-Key HTTP Header Field"). The answer commits with the change, so that a node that dies has
 * stored both or neither; a minute later the next request under the key is treated as the first.
 */
export async function claimRequest(
  deps: IdempotencyDeps,
  principal: Principal,
  { subject, endpoint, key, body }: KeyedRequest,
): Promise<Claim> {
  const nowMs = deps.clock.now()
  const busyUntilMs = nowMs + busyMsMax
  const id: IdempotencyId = { subject, endpoint, keyDigest: hash('sha256', key, 'buffer') }
  // The fingerprint is keyed, so that nobody who reads the table can guess the body and check the guess (V4).
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
  // Without the version of the pepper the fingerprints cannot be compared, and the request counts as a different one.
  if (!digests.isHeld(version) || !digest.equals(toFingerprint(version))) return { kind: 'other_body' }
  return known.reply === undefined ? { kind: 'under_way' } : { kind: 'replay', reply: known.reply }
}
