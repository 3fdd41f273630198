import { createHmac } from 'node:crypto'
import type { VersionedKeys } from '../secrets/index.ts'

/** What one version of a key was when the database was used with it. */
export type KeyCheck = {
  readonly name: string
  readonly version: number
  readonly value: string
  readonly isRetired: boolean
}

/** The keys that a server has, by name; undefined where it has none. */
export type HeldKeys = ReadonlyMap<string, VersionedKeys | undefined>

export type KeyFault = {
  readonly name: string
  /** Undefined when the whole key is missing. */
  readonly version?: number
  readonly fault: 'missing' | 'other'
}

/** One-way under the key itself, so it says nothing of it to whoever reads the database. */
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
 * What is wrong with these keys for a database that knows those checks. A key that it knows nothing of is new, unless it
 * is a database from before there were checks, which was used with all of them.
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
