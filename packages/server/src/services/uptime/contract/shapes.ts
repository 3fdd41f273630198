import { z } from 'zod'

/** Booleans are integers in replies, because one public client is typed so (specification 8.1). */
export const flag = z.union([z.literal(0), z.literal(1)])

export function toFlag(value: boolean): 0 | 1 {
  return value ? 1 : 0
}

/** The wire form of an entity's value. */
export function toWire(value: unknown): unknown {
  return typeof value === 'boolean' ? toFlag(value) : value
}

/** An update needs at least one member: an empty one is a mistake. */
export function hasMembers(body: object): boolean {
  return Object.values(body).some((value) => value !== undefined)
}

export const atLeastOne = 'must name at least one field to change'
