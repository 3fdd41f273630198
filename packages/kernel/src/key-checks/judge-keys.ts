import { createHmac } from 'node:crypto'
import type { VersionedKeys } from '../secrets/index.ts'

/** A check value of one version of a key, stored when the database was used with that key. */
export type KeyCheck = {
  readonly name: string
  readonly version: number
  readonly value: string
  readonly isRetired: boolean
}

/** The keys that a server holds, by name; undefined for one that it lacks. */
export type HeldKeys = ReadonlyMap<string, VersionedKeys | undefined>

export type KeyFault = {
  readonly name: string
  /** The version that is wrong; absent when the whole key is missing. */
  readonly version?: number
  readonly fault: 'missing' | 'other'
}

/** Derives a check value from a key, one-way, so that a reader of the database learns nothing of the key. */
export function toKeyCheck(name: string, version: number, key: Buffer): Omit<KeyCheck, 'isRetired'> {
  const value = createHmac('sha256', key).update(`gatehouse key check: ${name} ${version}`).digest('hex')
  return { name, version, value: value.slice(0, 32) }
}

export function toKeyChecks(held: HeldKeys): readonly Omit<KeyCheck, 'isRetired'>[] {
  return [...held].flatMap(([name, keys]) =>
    [...(keys?.versions ?? [])].map(([version, key]) => toKeyCheck(name, version, key)),
  )
}

/**
 * The faults of the held keys against the check values of a database. A key without a check value is new, except in a
 * database from before there were check values, which was used with all of them.
 */
export function judgeKeys(checks: readonly KeyCheck[], held: HeldKeys, isUsed: boolean): readonly KeyFault[] {
  return [...held].flatMap(([name, keys]): readonly KeyFault[] => {
    const known = checks.filter((check) => check.name === name)
    const needed = known.filter(({ isRetired }) => !isRetired)
    if (keys === undefined)
      return needed.length > 0 || (checks.length === 0 && isUsed) ? [{ name, fault: 'missing' }] : []
    return known.flatMap(({ version, value, isRetired }): readonly KeyFault[] => {
      const key = keys.versions.get(version)
      if (key === undefined) return isRetired ? [] : [{ name, version, fault: 'missing' }]
      return toKeyCheck(name, version, key).value === value ? [] : [{ name, version, fault: 'other' }]
    })
  })
}
