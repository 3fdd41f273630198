import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listEntries } from '@gatehouse/kernel/audit'
import { asWriter, type Database, within } from '@gatehouse/kernel/db'
import {
  type HeldKeys,
  insertKeyChecks,
  judgeKeys,
  type KeyFault,
  listKeyChecks,
  toKeyChecks,
} from '@gatehouse/kernel/key-checks'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { findKeys } from '@gatehouse/kernel/secrets'
import { assertOwnKeys } from '../assert-own-keys.ts'
import { type KeyMaterial, keyFiles, type KeyName, loadKeyMaterial } from './first-run.ts'

export type KeySource = {
  /** The secrets folder. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly nowMs: number
  /** Whether keys may be created for a database that was never used. */
  readonly mayMake: boolean
}

// Safe: the names are the keys of this very object.
const names = Object.keys(keyFiles) as KeyName[]

/**
 * Opens the server's own keys, which must be those that the database was used with (V3): API keys made under another
 * pepper could never be verified, sealed values could not be read, and audit entries signed by another key would look
 * forged. A key is created only if the database knows nothing of it; a refusal creates and changes nothing.
 */
export async function openKeys(db: Database, source: KeySource): Promise<KeyMaterial> {
  const { folder, env, nowMs, mayMake } = source
  const before = await findHeldKeys(source)
  const checks = await asWriter({ db }, listKeyChecks)
  const isUsed = checks.length > 0 || (await hasEntries(db))
  assertSound(judgeKeys(checks, before, isUsed), source)
  const missing = names.filter((name) => before.get(name) === undefined)
  if (missing.length > 0 && !mayMake)
    throw new Error(
      `There are no keys in ${folder} yet. Start the server once, or set GATEHOUSE_DATA to its data folder`,
    )
  const keys = await loadKeyMaterial(folder, env)
  try {
    if (checks.length === 0) await assertOwnKeys(db, keys.signingPublicKeys, folder)
    const held = await findHeldKeys(source)
    await asWriter({ db }, (tx) => insertKeyChecks(tx, toKeyChecks(held), nowMs))
    // Another node may have stored check values of other new keys first.
    assertSound(judgeKeys(await asWriter({ db }, listKeyChecks), held, true), source)
  } catch (error) {
    for (const name of missing) await rm(join(folder, keyFiles[name].file), { force: true })
    throw error
  }
  return keys
}

async function findHeldKeys({ folder, env }: KeySource): Promise<HeldKeys> {
  const held = new Map<KeyName, Awaited<ReturnType<typeof findKeys>>>()
  for (const name of names) held.set(name, await findKeys(folder, keyFiles[name], env))
  return held
}

async function hasEntries(db: Database): Promise<boolean> {
  const instance = { kind: 'system', orgId: instanceOrgId, because: 'own keys' } as const
  return (await within({ db }, instance, (tx) => listEntries(tx, {}, { limit: 1 }))).length > 0
}

function assertSound(faults: readonly KeyFault[], source: KeySource): void {
  if (faults.length === 0) return
  const variables = [...new Set(faults.map(({ name }) => toKeyFile(name).variable))]
  throw new Error(
    `The keys in ${source.folder} are not those that this database was used with: ` +
      `${faults.map((fault) => toWords(fault, source)).join(', ')}. ` +
      `Set GATEHOUSE_DATA to the server's data folder, or restore its keys there or in ${variables.join(', ')}; ` +
      'to begin anew without the data, give the server an empty database',
  )
}

function toWords({ name, version, fault }: KeyFault, { folder, env }: KeySource): string {
  const { file, variable } = toKeyFile(name)
  const where = env[variable] === undefined ? join(folder, file) : variable
  if (version === undefined) return `${where} is missing`
  return fault === 'missing'
    ? `${where} lacks version ${version}`
    : `${where} holds another version ${version}`
}

function toKeyFile(name: string): (typeof keyFiles)[KeyName] {
  // Safe: the faults are those of the given keys, which have the names of keyFiles.
  return keyFiles[name as KeyName]
}
