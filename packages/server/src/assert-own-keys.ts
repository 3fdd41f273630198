import { listEntries } from '@gatehouse/kernel/audit'
import { type Database, within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'

/** Far more than the entries between a rotation of the signing key and its retirement. */
const entriesMax = 100

/**
 * Throws unless the keys are those that the database was used with: API keys made under another pepper could never be
 * verified, sealed values could not be read, and audit entries signed by another key would look forged.
 */
export async function assertOwnKeys(
  db: Database,
  signingKeys: ReadonlyMap<string, unknown>,
  secretsFolder: string,
): Promise<void> {
  const instance = { kind: 'system', orgId: instanceOrgId, because: 'own keys' } as const
  const entries = await within({ db }, instance, (tx) => listEntries(tx, {}, { limit: entriesMax }))
  const isOwn = entries.some(
    ({ key_id: keyId, resource_id: announced }) =>
      signingKeys.has(keyId) || (announced !== null && signingKeys.has(announced)),
  )
  if (isOwn || entries.length === 0) return
  throw new Error(
    `The keys in ${secretsFolder} are not those that this database was used with. ` +
      "Set GATEHOUSE_DATA to the server's data folder, or restore its secrets there; " +
      'to begin anew without the data, give the server an empty database',
  )
}
