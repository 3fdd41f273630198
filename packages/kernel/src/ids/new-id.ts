import { monotonicFactory } from 'ulid'

const nextUlid = monotonicFactory()

/** A new ULID (26 characters, Crockford base32), rising within this process. */
export function newId(nowMs: number): string {
  return nextUlid(nowMs)
}

/** ULID syntax: 26 characters of Crockford base32, the first at most 7 (128 bits). */
export const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
