import type { TelemetryTx } from '@gatehouse/kernel/db'
import type { SealContext } from '@gatehouse/kernel/secrets'
import type { OversightDeps } from '../deps.ts'
import { findSecret, insertSecret } from '../store/secret-store.ts'
import type { SecretPurpose } from '../store/tables.ts'

const keyBytes = 32

/** A secret key of the organisation that never leaves this server; created on first use. */
export async function readOrgSecret(
  { sealer, randomBytes, clock }: Pick<OversightDeps, 'sealer' | 'randomBytes' | 'clock'>,
  tx: TelemetryTx,
  purpose: SecretPurpose,
): Promise<Buffer> {
  const place: SealContext = {
    orgId: tx.orgId,
    table: 'oversight.org_secret',
    column: 'sealed_key',
    row: purpose,
  }
  const open = (sealed: string): Buffer => Buffer.from(sealer.open(place, sealed).reveal(), 'base64')
  const found = await findSecret(tx, purpose)
  if (found !== undefined) return open(found)
  await insertSecret(tx, purpose, sealer.seal(place, randomBytes(keyBytes).toString('base64')), clock.now())
  const kept = await findSecret(tx, purpose)
  if (kept === undefined) throw new Error('A key of the org was not kept')
  return open(kept)
}
