import { eraseOrg, type NamedOrg } from '../platform/index.ts'
import { schema } from '../schema.ts'
import { findLocalTeam } from './find-local-team.ts'
import type { LocalInstance } from './local-instance.ts'

export type LocalErasure = { readonly team: NamedOrg; readonly rows: number }

/** Erases an org immediately and for good. `confirm` must repeat its id, so that a mistyped name erases nothing. */
export async function eraseLocalTeam(
  local: LocalInstance,
  { org, confirm }: { readonly org: string; readonly confirm: string },
): Promise<LocalErasure> {
  const team = await findLocalTeam(local, org)
  if (confirm !== team.id)
    throw new Error(`Nothing was erased: --confirm must be the id of ${team.name}, ${team.id}`)
  const principal = { kind: 'system', orgId: team.id, because: 'command' } as const
  const erasure = await eraseOrg({ ...local, orgTables: schema.orgs }, principal, () => true)
  if (!erasure.erased) throw new Error('An erasure that nobody could refuse was refused')
  return { team, rows: erasure.rows }
}
