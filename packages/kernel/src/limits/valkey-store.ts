import { hash } from 'node:crypto'
import type { Secret } from '../secrets/index.ts'
import { storeTimeoutMs } from './fail-closed.ts'
import { assertCost, assertLimitRule, type LimitRule } from './limit-rule.ts'
import type { Admitted, Counted, LimitReached } from './limit-store.ts'
import { openValkeyConnection } from './valkey-connection.ts'
import { valkeyScript, valkeyScriptSha } from './valkey-script.ts'
import { bucketsCounted, bucketsPerWindow, toSecondsUntilGone } from './window.ts'

/** A LimitStore over the network: its promises reject when the server is unreachable. */
export type ValkeyStore = {
  readonly take: (
    rule: LimitRule,
    subject: string,
    nowMs: number,
    cost?: number,
  ) => Promise<Counted | LimitReached>
  readonly giveBack: (rule: LimitRule, subject: string, admitted: Admitted) => Promise<void>
  /** For how long the count of a subject is kept if no further request comes; 0 when there is none. */
  readonly keptForMs: (rule: LimitRule, subject: string) => Promise<number>
  /** Deletes the count of a subject under a rule. */
  readonly forget: (rule: LimitRule, subject: string) => Promise<void>
  /** Resolves once there is a connection. */
  readonly connected: () => Promise<void>
  /** Whether the server answers within the time that a request may wait for it. */
  readonly isReachable: () => Promise<boolean>
  readonly close: () => Promise<void>
}

export type ValkeyStoreOptions = {
  /** A `redis://`, `rediss://` (TLS) or `unix://` URL, which may contain a user and a password. */
  readonly url: Secret
  /** Called with every lost connection and every failed attempt. */
  readonly onError: (cause: unknown) => void
  /**
   * Whose clock counts: the server's own (the default), so that the clocks of the nodes need not agree; or the `nowMs`
   * of each call, in whole milliseconds.
   */
  readonly time?: 'server' | 'caller'
}

const keyPrefix = 'gatehouse:limit:'
/** The clock of a replica that takes over may be some seconds ahead, so keys expire this much later. */
const expireLateMs = 10_000

/**
 * The limits of several nodes, in a Valkey or Redis that they share: one script and one round trip for each charge and
 * each give-back. Commands are never queued: without a connection they reject immediately, so wrap this store in
 * `failClosed`.
 */
export function createValkeyStore({ url, onError, time = 'server' }: ValkeyStoreOptions): ValkeyStore {
  const connection = openValkeyConnection(url, onError)

  const run = async (rule: LimitRule, subject: string, action: readonly string[]): Promise<unknown> => {
    const rest = ['1', toKey(rule, subject), ...action]
    try {
      return await connection.send(['EVALSHA', valkeyScriptSha, ...rest])
    } catch (error) {
      if (!isScriptUnknown(error)) throw error
      return connection.send(['EVAL', valkeyScript, ...rest])
    }
  }

  const take: ValkeyStore['take'] = (rule, subject, callerMs, cost = 1) => {
    assertLimitRule(rule)
    assertCost(rule, cost)
    const nowMs = time === 'caller' ? String(Math.floor(callerMs)) : ''
    const action = ['take', ...toSpan(rule), String(cost), String(rule.limit), nowMs]
    return run(rule, subject, action).then((reply) => toDecision(rule, cost, reply))
  }

  const giveBack: ValkeyStore['giveBack'] = async (rule, subject, admitted) => {
    if (!admitted.counted || admitted.charge.givenBack) return
    const { charge } = admitted
    charge.givenBack = true
    const { cost, bucket, life } = charge
    await run(rule, subject, ['give-back', ...toSpan(rule), String(cost), String(bucket), String(life)])
  }

  const keptForMs: ValkeyStore['keptForMs'] = async (rule, subject) => {
    const answer = Number(await connection.send(['PTTL', toKey(rule, subject)]))
    // Valkey answers -1 for a key that never expires.
    return answer === -1 ? Infinity : Math.max(0, answer)
  }

  const forget: ValkeyStore['forget'] = async (rule, subject) => {
    await connection.send(['DEL', toKey(rule, subject)])
  }

  const isReachable = async (): Promise<boolean> => {
    const tooLate = Promise.withResolvers<boolean>()
    const timer = setTimeout(tooLate.resolve, storeTimeoutMs, false)
    const answered = connection.send(['PING']).then(
      () => true,
      () => false,
    )
    try {
      return await Promise.race([answered, tooLate.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    take,
    giveBack,
    keptForMs,
    forget,
    connected: connection.connected,
    isReachable,
    close: connection.close,
  }
}

/** The subject is hashed, which bounds the key's length and keeps addresses and key ids out of dumps of the store. */
function toKey({ name, windowSeconds }: LimitRule, subject: string): string {
  return `${keyPrefix}${name}:${windowSeconds}:${hash('sha256', subject, 'base64url')}`
}

/** The window, and for how long its counter is kept after a charge: at most an hour and 70 seconds. */
function toSpan({ windowSeconds }: LimitRule): readonly [windowMs: string, expireMs: string] {
  const windowMs = windowSeconds * 1_000
  const expireMs = Math.ceil((windowMs * bucketsCounted) / bucketsPerWindow) + expireLateMs
  return [String(windowMs), String(expireMs)]
}

function toDecision(rule: LimitRule, cost: number, reply: unknown): Counted | LimitReached {
  const [admitted, total, resetBucket, retryBucket, bucket, life, nowMs] = toWholeNumbers(reply)
  const { limit, windowSeconds } = rule
  const standing = {
    limit,
    remaining: Math.max(0, limit - total),
    resetSeconds: toSecondsUntilGone(windowSeconds, resetBucket, nowMs),
  }
  if (admitted === 1)
    return {
      admitted: true,
      counted: true,
      ...standing,
      charge: { cost, bucket, life, givenBack: false },
    }
  return {
    admitted: false,
    because: 'limit_reached',
    ...standing,
    retryAfterSeconds: toSecondsUntilGone(windowSeconds, retryBucket, nowMs),
  }
}

type TakeReply = readonly [
  admitted: number,
  total: number,
  resetBucket: number,
  retryBucket: number,
  bucket: number,
  life: number,
  nowMs: number,
]

function toWholeNumbers(reply: unknown): TakeReply {
  if (!Array.isArray(reply) || reply.length !== 7 || !reply.every(Number.isSafeInteger))
    throw new Error('Valkey did not answer as our script does')
  // Safe: seven whole numbers, as checked.
  return reply as unknown as TakeReply
}

function isScriptUnknown(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
