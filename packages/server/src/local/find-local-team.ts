import { asGate } from '@gatehouse/kernel/db'
import { findOrgs, type NamedOrg } from '../platform/index.ts'
import type { LocalInstance } from './local-instance.ts'

/** The org that a command means: by id, slug or name, or the only one there is. */
export async function findLocalTeam(local: LocalInstance, org: string | undefined): Promise<NamedOrg> {
  const [found, ...others] = await asGate(local, (tx) => findOrgs(tx, org))
  if (found === undefined)
    throw new Error(
      org === undefined ? 'There is no organisation yet' : `There is no organisation called ${org}`,
    )
  if (others.length > 0)
    throw new Error(
      org === undefined
        ? 'There are several organisations; name one with --org'
        : `Several organisations are called ${org}; use its id or slug`,
    )
  return found
}
