import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { PastDecision } from '../domain/preview-policy.ts'
import type { DecisionTables } from './decision-tables.ts'

/** The newest decisions with what another policy would route them by, newest first. */
export async function listPastDecisions(
  tx: TenantTx,
  limit: number,
): Promise<readonly (Omit<PastDecision, 'parameters'> & { readonly modelVersion: string })[]> {
  const rows = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision')
    .select(['id', 'received_at', 'request', 'grounds', 'evaluation', 'model_version'])
    .select(['state', 'route', 'expires_at', 'resolution'])
    .where('org_id', '=', tx.orgId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    receivedAtMs: row.received_at.getTime(),
    request: row.request,
    grounds: row.grounds,
    evaluation: row.evaluation,
    modelVersion: row.model_version,
    state: row.state,
    route: row.route,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    resolution: row.resolution,
  }))
}
