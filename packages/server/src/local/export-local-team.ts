import { open, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { exportTeam, type NamedOrg } from '../platform/index.ts'
import { schema } from '../schema.ts'
import { findLocalTeam } from './find-local-team.ts'
import type { LocalInstance } from './local-instance.ts'

export type LocalExport = { readonly team: NamedOrg; readonly file: string; readonly bytes: number }

/** Exports all data of an org to a new file, which only its owner can read; an existing file is never overwritten. */
export async function exportLocalTeam(
  local: LocalInstance,
  { org, file }: { readonly org: string; readonly file: string },
): Promise<LocalExport> {
  const team = await findLocalTeam(local, org)
  const deps = { ...local, orgTables: schema.orgs, auditKeys: local.keys.signingPublicKeys }
  const out = await open(file, 'wx', 0o600)
  try {
    const archive = await exportTeam(deps, { kind: 'system', orgId: team.id, because: 'command' })
    await pipeline(archive, out.createWriteStream())
  } catch (error) {
    await out.close()
    await rm(file)
    throw error
  }
  return { team, file, bytes: (await stat(file)).size }
}
