import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { appendKeyRotation, listEntries, mutate, type SigningKey } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import { countKeysByPepper } from '@gatehouse/kernel/keys'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import {
  addKeyVersion,
  forgetNextKeyVersion,
  keyOf,
  prepareNextKeyVersion,
  removeKeyVersion,
  type VersionedKeys,
} from '@gatehouse/kernel/secrets'
import { keyFiles, type KeyName, toSigningKey } from '../embedded/first-run.ts'
import { countSealedByOthers, reseal } from '../operations/reseal.ts'
import { listOrgIds } from '../operations/store/sealed-store.ts'
import type { LocalInstance } from './local-instance.ts'

type Env = Readonly<Record<string, string | undefined>>

export type SecretStatus = {
  readonly name: KeyName
  readonly source: 'file' | 'environment'
  readonly current: number
  readonly versions: readonly { readonly version: number; readonly madeAt: string | null }[]
  /** What still stands under older versions; null where nothing stored depends on the key. */
  readonly behind: number | null
}

/** Ages and versions of the server's own keys, and never a value (V2). */
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
    toStatus('master-key', keys.master, await countSealedByOthers(db, keys.master)),
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
 * Gives one of the server's keys a new version without a stop (V3): a running server takes it from the file at once, and
 * goes on accepting what older versions made. Begun again after an end in the middle, it goes on.
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
      const { current } = await addKeyVersion(folder, keyFiles[name], env, clock.now())
      return audited(current, null)
    }
    case 'master-key': {
      // What an earlier rotation left behind is sealed first, so that versions never pile up unused.
      const left = await countSealedByOthers(db, local.keys.master)
      const next =
        left > 0 ? local.keys.master : await addKeyVersion(folder, keyFiles[name], env, clock.now())
      return audited(next.current, await reseal(db, next))
    }
    case 'signing-key':
      return audited(await rotateSigningKey(local, folder, env), null)
  }
}

/** A running server looks at its files a tenth of a second after they changed; this leaves it time. */
const publishedWithinMs = 1_000

/**
 * The new key is published, then announced in every chain, signed by both, and only then signs. What ended in the middle
 * is gone on with: a chain that has the announcement is passed over.
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
    await addKeyVersion(folder, keyFile, env, clock.now(), next.bytes)
  // Whoever founded an organisation in the meantime did it under the old key.
  await announce(local, from, to)
  await forgetNextKeyVersion(folder, keyFile)
  return next.version
}

async function announce({ db, clock }: LocalInstance, from: SigningKey, to: SigningKey): Promise<void> {
  const action = 'SIGNING_KEY_ROTATED'
  for (const orgId of await asGate({ db }, listOrgIds))
    await within({ db }, { kind: 'system', orgId, because: 'command' }, async (tx) => {
      const [known] = await listEntries(tx, { action, resourceId: to.id }, { limit: 1 })
      if (known === undefined) await appendKeyRotation(tx, from, to, clock.now())
    })
}

/** Takes an old version away once nothing stands under it any more. Throws a sentence while something does. */
export async function retireSecret(
  local: LocalInstance,
  env: Env,
  name: KeyName,
  version: number,
): Promise<void> {
  const folder = join(resolve(local.config.dataFolder), 'secrets')
  await assertUnused(local, name, version)
  await removeKeyVersion(folder, keyFiles[name], env, version)
  await note(local, 'secret.retire', { name, version })
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
      const count = await countSealedByOthers(db, keys.master)
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
