import { mutate } from '@gatehouse/kernel/audit'
import { asWriter } from '@gatehouse/kernel/db'
import { setKeyChecksRetired } from '@gatehouse/kernel/key-checks'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { assertFromFile, loadKeys, removeKeyVersion, type VersionedKeys } from '@gatehouse/kernel/secrets'
import { keyFiles, type KeyName } from '../../embedded/first-run.ts'
import type { RunbookContext } from './runbook.ts'

type Context = Pick<RunbookContext, 'env' | 'local'>

/** Throws when a key comes from the environment, where only the operator can change it. */
export function assertKeyOfFile(name: KeyName): (context: Pick<RunbookContext, 'env'>) => void {
  return ({ env }) => assertFromFile(keyFiles[name], env)
}

export function loadOwnKeys({ env, local }: Context, name: KeyName): Promise<VersionedKeys> {
  return loadKeys(local.secretsFolder, keyFiles[name], env)
}

/** Removes every version but the newest, without the waiting times of a normal rotation. */
export async function retireOlderVersions(context: Context, name: KeyName): Promise<readonly number[]> {
  const { env, local } = context
  const held = await loadOwnKeys(context, name)
  const older = [...held.versions.keys()].filter((version) => version !== held.current)
  for (const version of older) {
    // First the database stops requiring the version: an interruption after that leaves a version too many, never one
    // too few.
    await asWriter(local, (tx) => setKeyChecksRetired(tx, name, version, local.clock.now()))
    await removeKeyVersion(local.secretsFolder, keyFiles[name], env, version)
    const principal = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
    const detail = { name, version, exposed: true }
    await mutate(local, principal, async () => ({
      result: undefined,
      entry: { action: 'secret.retire', resourceId: name, detail, at: local.clock.now() },
    }))
  }
  return older
}
