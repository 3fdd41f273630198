import { randomBytes } from 'node:crypto'
import { monotonicFactory } from 'ulid'

const poolBytes = 4_096
let pool = Buffer.alloc(0)
let used = 0

/**
 * A random number in [0, 1), from bytes drawn in bulk: a call of the generator per character would cost more than the
 * id.
 */
export function random(): number {
  if (used === pool.length) {
    pool = randomBytes(poolBytes)
    used = 0
  }
  const byte = pool[used] ?? 0
  used += 1
  return byte / 256
}

const nextUlid = monotonicFactory(random)

/** A new ULID (26 characters, Crockford base32); ids of one process are in ascending order. */
export function newId(nowMs: number): string {
  return nextUlid(nowMs)
}

/** ULID syntax: 26 characters of Crockford base32, the first at most 7 (128 bits). */
export const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
