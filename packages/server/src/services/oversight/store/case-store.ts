import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain, Interaction } from '../domain/interaction.ts'
import type { InteractionState } from './tables.ts'

export type Rating = {
  readonly caseId: string
  readonly operatorId: string
  readonly label: string | null
  readonly inputs: Interaction
  readonly state: InteractionState
}

/**
 * Ratings of cases in these UTC days, by case and in order of receipt; only the newest `casesMax` cases with at least
 * two raters.
 */
export async function listRatings(
  tx: TenantTx,
  domain: Domain,
  fromDay: number,
  toDay: number,
  casesMax: number,
): Promise<readonly Rating[]> {
  const { rows } = await sql<{
    case_id: string
    operator_id: string
    label: string | null
    inputs: Interaction
    state: InteractionState
  }>`
    WITH shared AS (
      SELECT case_id FROM oversight.interaction
       WHERE org_id = ${tx.orgId} AND domain = ${domain} AND case_id IS NOT NULL
         AND day BETWEEN ${fromDay} AND ${toDay} AND state <> 'excluded'
       GROUP BY case_id HAVING count(DISTINCT operator_id) >= 2
       ORDER BY max(received_at) DESC, case_id LIMIT ${casesMax})
    SELECT rated.case_id, rated.operator_id, rated.label, rated.inputs, rated.state
      FROM oversight.interaction AS rated JOIN shared USING (case_id)
     WHERE rated.org_id = ${tx.orgId} AND rated.domain = ${domain}
       AND rated.day BETWEEN ${fromDay} AND ${toDay} AND rated.state <> 'excluded'
     ORDER BY rated.case_id COLLATE "C", rated.id`.execute(query(tx))
  return rows.map((row) => ({
    caseId: row.case_id,
    operatorId: row.operator_id,
    label: row.label,
    inputs: row.inputs,
    state: row.state,
  }))
}
