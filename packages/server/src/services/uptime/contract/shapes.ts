import { z } from 'zod'

/** Booleans reply as integers: one public client is typed so (specification 8.1). */
export const flag = z.union([z.literal(0), z.literal(1)])

export function toFlag(value: boolean): 0 | 1 {
  return value ? 1 : 0
}

/** A value of an entity as replies write it. */
export function toWire(value: unknown): unknown {
  return typeof value === 'boolean' ? toFlag(value) : value
}

/** At least one member: an update of nothing is a mistake. */
export function hasMembers(body: object): boolean {
  return Object.values(body).some((value) => value !== undefined)
}

export const atLeastOne = 'must name at least one field to change'
