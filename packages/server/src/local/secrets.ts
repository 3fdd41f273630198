import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  createAuditLog,
  decideAsSystem,
  listEntries,
  mutate,
  type SigningKey,
  toKeyRotation,
} from '@gatehouse/kernel/audit'
import { asGate, asWriter } from '@gatehouse/kernel/db'
import { insertKeyChecks, setKeyChecksRetired, toKeyChecks } from '@gatehouse/kernel/key-checks'
import { countKeysByPepper } from '@gatehouse/kernel/keys'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import {
  addKeyVersion,
  forgetNextKeyVersion,
  keyOf,
  loadKeys,
  prepareNextKeyVersion,
  removeKeyVersion,
  type VersionedKeys,
} from '@gatehouse/kernel/secrets'
import { keyFiles, type KeyName, toSigningKey } from '../embedded/first-run.ts'
import { countSealedByOthers, reseal } from '../operations/reseal.ts'
import { schema } from '../schema.ts'
import { listOrgIds } from '../operations/store/sealed-store.ts'
import type { LocalInstance } from './local-instance.ts'

type Env = Readonly<Record<string, string | undefined>>

export type SecretStatus = {
  readonly name: KeyName
  readonly source: 'file' | 'environment'
  readonly current: number
  readonly versions: readonly { readonly version: number; readonly madeAt: string | null }[]
  /** The number of values that older versions still protect; null when nothing stored depends on the key. */
  readonly behind: number | null
}

/** The ages and versions of the server's own keys, never their values (V2). */
export async function secretsStatus(local: LocalInstance, env: Env): Promise<readonly SecretStatus[]> {
  const { db, keys } = local
  const peppers = await asGate({ db }, (tx) => countKeysByPepper(tx, local.clock.now()))
  const behindPepper = [...peppers]
    .filter(([version]) => version !== keys.pepper.current)
    .reduce((sum, [, count]) => sum + count, 0)
  const toStatus = (name: KeyName, held: VersionedKeys, behind: number | null): SecretStatus => ({
    name,
    source: env[keyFiles[name].variable] === undefined ? 'file' : 'environment',
    current: held.current,
    versions: [...held.versions.keys()].map((version) => {
      const seconds = held.madeAtSeconds?.get(version)
      return { version, madeAt: seconds === undefined ? null : new Date(seconds * 1000).toISOString() }
    }),
    behind,
  })
  return [
    toStatus('master-key', keys.master, await countSealedByOthers(db, keys.master, schema.sealed)),
    toStatus('pepper', keys.pepper, behindPepper),
    toStatus('jwt-key', keys.jwt, null),
    toStatus('signing-key', keys.signingRing, null),
  ]
}

export type SecretRotation = {
  readonly name: KeyName
  readonly current: number
  readonly moved: number | null
}

/**
 * Gives one of the server's keys a new version without a restart (V3): a running server loads it from the file, and
 * still accepts what older versions made. An interrupted rotation is continued.
 */
export async function rotateSecret(local: LocalInstance, env: Env, name: KeyName): Promise<SecretRotation> {
  const folder = join(resolve(local.config.dataFolder), 'secrets')
  const { clock, db } = local
  const audited = async (current: number, moved: number | null): Promise<SecretRotation> => {
    await note(local, 'secret.rotate', { name, version: current })
    return { name, current, moved }
  }
  switch (name) {
    case 'pepper':
    case 'jwt-key': {
      const next = await addKeyVersion(folder, keyFiles[name], env, clock.now())
      await noteVersions(local, name, next)
      return audited(next.current, null)
    }
    case 'master-key': {
      // Values that an earlier rotation left behind are resealed first, so that versions do not accumulate.
      const left = await countSealedByOthers(db, local.keys.master, schema.sealed)
      const next =
        left > 0 ? local.keys.master : await addKeyVersion(folder, keyFiles[name], env, clock.now())
      await noteVersions(local, name, next)
      return audited(next.current, await reseal(local, next, schema.sealed))
    }
    case 'signing-key':
      return audited(await rotateSigningKey(local, folder, env), null)
  }
}

/** A running server reads its files a tenth of a second after they change; this is ample time. */
const publishedWithinMs = 1_000

/**
 * Publishes the new key, then announces it in every chain, signed by both keys, and only then uses it. An interrupted
 * rotation is continued: a chain that has the announcement is skipped.
 */
async function rotateSigningKey(local: LocalInstance, folder: string, env: Env): Promise<number> {
  const { clock, keys } = local
  const keyFile = keyFiles['signing-key']
  const next = await prepareNextKeyVersion(folder, keyFile, env, clock.now())
  await wait(publishedWithinMs)
  const retiring = Math.max(...[...keys.signingRing.versions.keys()].filter((one) => one < next.version))
  const from = toSigningKey(keyOf(keys.signingRing, retiring), retiring)
  const to = toSigningKey(next.bytes, next.version)
  await announce(local, from, to)
  if (next.version > keys.signingRing.current)
    await noteVersions(
      local,
      'signing-key',
      await addKeyVersion(folder, keyFile, env, clock.now(), next.bytes),
    )
  // An org that was created in the meantime has a chain under the old key.
  await announce(local, from, to)
  await forgetNextKeyVersion(folder, keyFile)
  return next.version
}

async function announce({ db, clock }: LocalInstance, from: SigningKey, to: SigningKey): Promise<void> {
  const action = 'SIGNING_KEY_ROTATED'
  const audit = createAuditLog(to)
  for (const orgId of await asGate({ db }, listOrgIds))
    await decideAsSystem({ db, audit }, { kind: 'system', orgId, because: 'command' }, async (tx, decide) => {
      const [known] = await listEntries(tx, { actions: [action], resourceId: to.id }, { limit: 1 })
      if (known === undefined) await decide(toKeyRotation(orgId, from, to, clock.now()))
    })
}

/**
 * Removes an old version once nothing depends on it any more; throws while something does. If the key comes from the
 * environment, the operator may then remove it there: the database does not require it any more.
 */
export async function retireSecret(
  local: LocalInstance,
  env: Env,
  name: KeyName,
  version: number,
): Promise<'file' | 'environment'> {
  const folder = join(resolve(local.config.dataFolder), 'secrets')
  await assertUnused(local, name, version)
  const held = await loadKeys(folder, keyFiles[name], env)
  if (!held.versions.has(version)) throw new Error(`${name} holds no version ${version}`)
  if (version === held.current)
    throw new Error(`Version ${version} of ${name} is in use: rotate it before you retire it`)
  // First the database stops requiring the version: an interruption after that leaves a version too many, never one too
  // few.
  await asWriter(local, (tx) => setKeyChecksRetired(tx, name, version, local.clock.now()))
  const source = env[keyFiles[name].variable] === undefined ? 'file' : 'environment'
  if (source === 'file') await removeKeyVersion(folder, keyFiles[name], env, version)
  await note(local, 'secret.retire', { name, version })
  return source
}

async function assertUnused(
  { db, keys, clock }: LocalInstance,
  name: KeyName,
  version: number,
): Promise<void> {
  switch (name) {
    case 'pepper': {
      const count = (await asGate({ db }, (tx) => countKeysByPepper(tx, clock.now()))).get(version) ?? 0
      if (count > 0)
        throw new Error(
          `${count} API keys still stand under version ${version} of the pepper. Each moves when it is used; rotate or revoke the rest`,
        )
      return
    }
    case 'master-key': {
      const count = await countSealedByOthers(db, keys.master, schema.sealed)
      if (count > 0)
        throw new Error(
          `${count} values are still sealed by older versions. Run: gatehouse secrets rotate --name master-key`,
        )
      return
    }
    case 'jwt-key': {
      const madeAtSeconds = keys.jwt.madeAtSeconds?.get(keys.jwt.current) ?? 0
      if (clock.now() - madeAtSeconds * 1000 < tokenMsMax)
        throw new Error(
          'Access tokens of that version are good for up to 15 minutes after the rotation: wait for them',
        )
      return
    }
    case 'signing-key':
      throw new Error('Old signing keys stay: what they signed is verified with them')
  }
}

const tokenMsMax = 15 * 60 * 1000

/** From now on the database requires these versions. */
function noteVersions(local: LocalInstance, name: KeyName, keys: VersionedKeys): Promise<void> {
  const checks = toKeyChecks(new Map([[name, keys]]))
  return asWriter(local, (tx) => insertKeyChecks(tx, checks, local.clock.now()))
}

function note(
  local: LocalInstance,
  action: string,
  detail: { name: string; version: number },
): Promise<void> {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
  return mutate(local, principal, async () => ({
    result: undefined,
    entry: { action, resourceId: detail.name, detail, at: local.clock.now() },
  }))
}
