import { type AuditedTx, type AuditLog, type Decision, mutate } from '../audit/index.ts'
import type { Clock } from '../clock/index.ts'
import { type Database, type TenantTx, within } from '../db/index.ts'
import { newId } from '../ids/index.ts'
import type { Principal, Role, Scope } from '../principal/index.ts'
import { Secret } from '../secrets/index.ts'
import { isCidr, type KeyKind, scopesOf } from './judge-key.ts'
import type { KeyDigests } from './key-digest.ts'
import { type KeyShape, type KeyShapes, mintKey } from './key-shape.ts'
import { problems } from './problems.ts'
import {
  countLiveKeys,
  insertKey,
  invalidateKey,
  type KeyChange,
  type KeyRecord,
  listLiveKeys,
  lockKeysOf,
  lockLiveKey,
  setKey,
  setReplaced,
  setRevoked,
} from './store/key-store.ts'

export type KeyDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly digests: KeyDigests
  readonly shapes: KeyShapes
  /**
   * Makes this node forget a cached key as soon as its change is committed; other nodes are notified through the
   * database.
   */
  readonly forget?: ((subject: string) => void) | undefined
  /** Notifies subscribers, in the transaction of the change. */
  readonly announce?: (
    tx: AuditedTx,
    event: 'key.created' | 'key.rotated' | 'key.revoked',
    key: KeyRecord,
    atMs: number,
  ) => Promise<void>
}

export type KeyRequest = {
  readonly service: string
  /** The test org of the org that makes the key, if the key is to act there; by default it acts in the org itself. */
  readonly testOrgId?: string | null | undefined
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly kind: KeyKind
  readonly expiresAtMs: number | null
  readonly ipAllow: readonly string[]
  readonly requestsPerWindow: number | null
  /** The person whose role and membership limit the key (S12). */
  readonly standsFor?: string | null | undefined
  /** Each use of the key moves its expiry to this many days later; for keys of the kind `expiring`. */
  readonly renewDays?: number | null | undefined
  /** Called in the transaction that makes the key, while the org is locked; throws to refuse. */
  readonly admit?: ((tx: TenantTx) => Promise<void>) | undefined
  /** How many live keys the org may have; null for no limit (K9). */
  readonly keysMax: number | null
}

/** The secret is in clear text only here (K3): pass it on once, and do not store it. */
export type MintedKey = { readonly secret: Secret; readonly record: KeyRecord }

/** The longest time for which a rotated key may work beside its successor (K6). */
const overlapSecondsMax = 86_400
const sessionKeyMsMax = 24 * 60 * 60 * 1000

export async function createKey(
  deps: KeyDeps,
  principal: Principal,
  request: KeyRequest,
): Promise<MintedKey> {
  const nowMs = deps.clock.now()
  assertKind(request.kind, request.expiresAtMs, nowMs)
  assertCidrs(request.ipAllow)
  return mutate(deps, principal, async (tx) => {
    if (request.keysMax !== null && (await countLiveKeys(tx, nowMs)) >= request.keysMax)
      throw problems.KEY_LIMIT_REACHED({ detail: `This plan allows ${request.keysMax} keys` })
    await request.admit?.(tx)
    const minted = mint(deps, principal, request, nowMs)
    await insertKey(tx, minted.row)
    await deps.announce?.(tx, 'key.created', minted.record, nowMs)
    return { result: minted, entry: toEntry('key.create', minted.record, nowMs) }
  })
}

export async function listKeys(
  deps: { readonly db: Database; readonly clock: Clock },
  principal: Principal,
): Promise<readonly KeyRecord[]> {
  return within(deps, principal, (tx) => listLiveKeys(tx, deps.clock.now()))
}

export async function updateKey(
  deps: KeyDeps,
  principal: Principal,
  id: string,
  change: KeyChange,
): Promise<KeyRecord> {
  const nowMs = deps.clock.now()
  assertCidrs(change.ipAllow ?? [])
  const changed = await mutate(deps, principal, async (tx) => {
    if ((await lockLiveKey(tx, id, nowMs)) === undefined) throw problems.NOT_FOUND()
    await setKey(tx, id, change)
    await invalidateKey(tx, id)
    const record = await lockLiveKey(tx, id, nowMs)
    if (record === undefined) throw new Error('A locked key cannot be gone')
    return { result: record, entry: toEntry('key.update', record, nowMs) }
  })
  deps.forget?.(`key:${id}`)
  return changed
}

/**
 * Replaces a key: the new one takes over name, scopes and limits; the old one is refused immediately, or after the
 * overlap asked for (K6).
 */
export async function rotateKey(
  deps: KeyDeps,
  principal: Principal,
  id: string,
  overlapSeconds: number,
): Promise<MintedKey> {
  const nowMs = deps.clock.now()
  assertOverlap(overlapSeconds)
  const successor = await mutate(deps, principal, async (tx) => {
    const old = await lockLiveKey(tx, id, nowMs)
    if (old === undefined) throw problems.NOT_FOUND()
    // The successor would inherit the expiry that has passed, and never work.
    if (old.expiresAtMs !== null && old.expiresAtMs <= nowMs)
      throw problems.VALIDATION_ERROR({
        fields: [{ field: 'id', message: 'names a key that has expired: create a new one' }],
      })
    const minted = mint(deps, principal, old, nowMs)
    await insertKey(tx, minted.row)
    await setReplaced(tx, id, minted.record.id, overlapSeconds === 0 ? null : nowMs + overlapSeconds * 1000)
    await invalidateKey(tx, id)
    await deps.announce?.(tx, 'key.rotated', minted.record, nowMs)
    const detail = { replaces: old.prefix, replacesId: old.id, overlapSeconds }
    return { result: minted, entry: { ...toEntry('key.rotate', minted.record, nowMs), detail } }
  })
  deps.forget?.(`key:${id}`)
  return successor
}

export async function revokeKey(deps: KeyDeps, principal: Principal, id: string): Promise<void> {
  const nowMs = deps.clock.now()
  await mutate(deps, principal, async (tx) => {
    const record = await lockLiveKey(tx, id, nowMs)
    if (record === undefined) throw problems.NOT_FOUND()
    await setRevoked(tx, id, actor(principal), nowMs)
    await invalidateKey(tx, id)
    await deps.announce?.(tx, 'key.revoked', record, nowMs)
    return { result: undefined, entry: toEntry('key.revoke', record, nowMs) }
  })
  deps.forget?.(`key:${id}`)
}

/**
 * Adapts the keys of a person when their role in the org changes, in the same transaction: keys are revoked, or their
 * scopes reduced to what the new role allows. Returns the audit entries.
 */
export async function boundKeysOf(
  deps: Pick<KeyDeps, 'announce'>,
  tx: AuditedTx,
  userId: string,
  role: Role | undefined,
  by: string,
  nowMs: number,
): Promise<readonly Decision[]> {
  const entries: Decision[] = []
  for (const key of await lockKeysOf(tx, userId, nowMs)) {
    const scopes = scopesOf(key, role)
    const isOver = role === undefined || scopes.length === 0
    if (!isOver && scopes.length === key.scopes.length) continue
    if (isOver) {
      await setRevoked(tx, key.id, by, nowMs)
      await deps.announce?.(tx, 'key.revoked', key, nowMs)
    } else await setKey(tx, key.id, { scopes })
    await invalidateKey(tx, key.id)
    entries.push(toEntry(isOver ? 'key.revoke' : 'key.update', { ...key, scopes }, nowMs))
  }
  return entries
}

type MintRequest = Omit<KeyRequest, 'keysMax' | 'admit'>

function mint(deps: KeyDeps, principal: Principal, request: MintRequest, nowMs: number) {
  const shape = deps.shapes[request.service]
  if (shape === undefined)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'service', message: `must be one of ${Object.keys(deps.shapes).join(', ')}` }],
    })
  const { currentVersion } = deps.digests
  const { service, testOrgId = null, name, scopes, kind, expiresAtMs, ipAllow, requestsPerWindow } = request
  const { standsFor = null, renewDays = null } = request
  const text = mintKey(shape, toPrefix(shape, testOrgId !== null, service))
  const stored = {
    id: newId(nowMs),
    service,
    testOrgId,
    name,
    scopes,
    kind,
    expiresAtMs,
    ipAllow,
    requestsPerWindow,
    standsFor,
    renewDays,
    prefix: text.slice(0, shape.visibleLength),
    createdAtMs: nowMs,
    createdBy: actor(principal),
  }
  return {
    secret: new Secret(text),
    record: { ...stored, lastUsedAtMs: null },
    row: { ...stored, digest: deps.digests.digest(text, currentVersion), pepperVersion: currentVersion },
  }
}

function toPrefix({ prefixes, testPrefix }: KeyShape, isTest: boolean, service: string): string {
  const prefix = isTest ? testPrefix : prefixes.find((literal) => literal !== testPrefix)
  if (prefix === undefined) throw new Error(`The keys of ${service} have no prefix for this`)
  return prefix
}

function assertOverlap(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= overlapSecondsMax) return
  throw problems.VALIDATION_ERROR({
    fields: [{ field: 'overlapSeconds', message: `must be a whole number from 0 to ${overlapSecondsMax}` }],
  })
}

function assertKind(kind: KeyKind, expiresAtMs: number | null, nowMs: number): void {
  const refuse = (message: string): Error =>
    problems.VALIDATION_ERROR({ fields: [{ field: 'expiresAt', message }] })
  if (kind === 'persistent') {
    if (expiresAtMs !== null) throw refuse('must not be given for a persistent key')
    return
  }
  if (expiresAtMs === null) throw refuse('is required')
  if (expiresAtMs <= nowMs) throw refuse('must lie in the future')
  if (kind === 'session' && expiresAtMs > nowMs + sessionKeyMsMax)
    throw refuse('must be at most 24 hours away')
}

function assertCidrs(cidrs: readonly string[]): void {
  const wrong = cidrs.findIndex((cidr) => !isCidr(cidr))
  if (wrong === -1) return
  throw problems.VALIDATION_ERROR({
    fields: [
      {
        field: `ipAllow[${wrong}]`,
        message: 'must be a network such as 203.0.113.0/24, with no bit set beyond its prefix',
      },
    ],
  })
}

function actor(principal: Principal): string {
  switch (principal.kind) {
    case 'key':
      return principal.keyPrefix
    case 'master':
      return `master:${principal.secret}`
    case 'member':
      return principal.userId
    case 'link':
      return principal.linkId
    case 'system':
      return `system:${principal.because}`
  }
}

function toEntry(action: string, record: KeyRecord, at: number) {
  const { id, service, prefix, name, scopes, testOrgId } = record
  const mode = testOrgId === null ? {} : { mode: 'test' }
  return { action, resourceId: id, detail: { service, prefix, name, scopes: [...scopes], ...mode }, at }
}
