import { listEntries } from '@gatehouse/kernel/audit'
import { type Database, within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'

/**
 * Refuses to work with other keys than the server's: API keys made under another pepper would never open anything, and
 * audit entries signed by another key would look forged.
 */
export async function assertOwnKeys(
  db: Database,
  signingKeys: ReadonlyMap<string, unknown>,
  secretsFolder: string,
): Promise<void> {
  const instance = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
  const [newest] = await within({ db }, instance, (tx) => listEntries(tx, {}, { limit: 1 }))
  if (newest !== undefined && !signingKeys.has(newest.key_id))
    throw new Error(
      `The keys in ${secretsFolder} are not those that this database was used with. ` +
        "Set GATEHOUSE_DATA to the server's data folder",
    )
}
