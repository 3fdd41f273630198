import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { EnrolledBy, OversightTables } from './tables.ts'

export type Authenticator = {
  readonly credentialId: string
  readonly operatorId: string
  readonly name: string
  readonly publicKey: Buffer
  readonly rpId: string
  readonly signCount: number
  readonly transports: readonly string[]
  readonly enrolledBy: EnrolledBy
  readonly enrolledAtMs: number
  readonly lastUsedAtMs: number | null
}

/** Returns whether the authenticator was new; false if it is enrolled already, for any operator. */
export async function insertAuthenticator(tx: AuditedTx, one: Authenticator): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<OversightTables>(tx)
    .insertInto('oversight.authenticator')
    .values({
      org_id: tx.orgId,
      credential_id: one.credentialId,
      operator_id: one.operatorId,
      name: one.name,
      public_key: one.publicKey,
      rp_id: one.rpId,
      sign_count: String(one.signCount),
      transports: [...one.transports],
      enrolled_by: one.enrolledBy,
      enrolled_at: new Date(one.enrolledAtMs),
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function listAuthenticators(
  tx: TenantTx,
  operatorId: string,
): Promise<readonly Authenticator[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.authenticator')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .orderBy('enrolled_at')
    .execute()
  return rows.map(toAuthenticator)
}

/** Locks the row until the transaction ends, so that uses of the signature counter are serialized. */
export async function lockAuthenticator(
  tx: AuditedTx,
  operatorId: string,
  credentialId: string,
): Promise<Authenticator | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.authenticator')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('credential_id', '=', credentialId)
    .forUpdate()
    .executeTakeFirst()
  return row && toAuthenticator(row)
}

export async function setAuthenticatorUsed(
  tx: AuditedTx,
  credentialId: string,
  signCount: number,
  nowMs: number,
): Promise<void> {
  await query<OversightTables>(tx)
    .updateTable('oversight.authenticator')
    .set({ sign_count: String(signCount), last_used_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('credential_id', '=', credentialId)
    .execute()
}

export async function deleteAuthenticator(
  tx: AuditedTx,
  operatorId: string,
  credentialId: string,
): Promise<boolean> {
  const { numDeletedRows } = await query<OversightTables>(tx)
    .deleteFrom('oversight.authenticator')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('credential_id', '=', credentialId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

export type AttestProof = {
  readonly proofHash: string
  readonly operatorId: string
  readonly canonicalHash: string
  readonly nonceHash: string
  readonly enrolledBy: EnrolledBy
  readonly expiresAtMs: number
}

export async function insertAttestProof(tx: AuditedTx, proof: AttestProof): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.attest_proof')
    .values({
      org_id: tx.orgId,
      proof_hash: proof.proofHash,
      operator_id: proof.operatorId,
      canonical_hash: proof.canonicalHash,
      nonce_hash: proof.nonceHash,
      enrolled_by: proof.enrolledBy,
      expires_at: new Date(proof.expiresAtMs),
    })
    .execute()
}

export async function findAttestProof(tx: TenantTx, proofHash: string): Promise<AttestProof | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.attest_proof')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('proof_hash', '=', proofHash)
    .executeTakeFirst()
  return (
    row && {
      proofHash: row.proof_hash,
      operatorId: row.operator_id,
      canonicalHash: row.canonical_hash,
      nonceHash: row.nonce_hash,
      enrolledBy: row.enrolled_by,
      expiresAtMs: row.expires_at.getTime(),
    }
  )
}

/** Deletes the proof, which can be used only once. */
export async function deleteAttestProof(tx: AuditedTx, proofHash: string): Promise<void> {
  await query<OversightTables>(tx)
    .deleteFrom('oversight.attest_proof')
    .where('org_id', '=', tx.orgId)
    .where('proof_hash', '=', proofHash)
    .execute()
}

function toAuthenticator(row: OversightTables['oversight.authenticator']): Authenticator {
  return {
    credentialId: row.credential_id,
    operatorId: row.operator_id,
    name: row.name,
    publicKey: row.public_key,
    rpId: row.rp_id,
    signCount: Number(row.sign_count),
    transports: row.transports,
    enrolledBy: row.enrolled_by,
    enrolledAtMs: row.enrolled_at.getTime(),
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  }
}
