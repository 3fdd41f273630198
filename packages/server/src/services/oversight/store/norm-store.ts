import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { counterNames } from '../domain/counters.ts'
import type { Domain } from '../domain/interaction.ts'
import type { Norm } from '../domain/norm.ts'
import { stateColumns, type StoredState, toState } from './state-store.ts'
import type { OversightTables } from './tables.ts'

export type IssuedNorm = Norm & {
  readonly domain: Domain
  readonly version: number
  readonly effectiveDay: number
  readonly trials: number
  readonly operators: number
}

const relevance = counterNames.indexOf('rel') + 1

/** Domains with at least `trialsMin` reliance trials since a day, with the newest norm of each. */
export async function listNormDomains(
  tx: TenantTx,
  fromDay: number,
  trialsMin: number,
): Promise<
  readonly { readonly domain: Domain; readonly version: number; readonly issuedAtMs: number | null }[]
> {
  const { rows } = await sql<{ domain: Domain; version: number | null; created_at: Date | null }>`
    SELECT d.domain, n.version, n.created_at
      FROM (SELECT domain FROM oversight.org_day WHERE org_id = ${tx.orgId} AND day >= ${fromDay}
             GROUP BY domain HAVING sum(counters[${relevance}]) >= ${trialsMin}) AS d
      LEFT JOIN LATERAL (SELECT version, created_at FROM oversight.norm
                          WHERE org_id = ${tx.orgId} AND domain = d.domain ORDER BY version DESC LIMIT 1) AS n ON true
     ORDER BY d.domain`.execute(query(tx))
  return rows.map((row) => ({
    domain: row.domain,
    version: row.version ?? 0,
    issuedAtMs: row.created_at?.getTime() ?? null,
  }))
}

/** Nearest-rank percentiles of decision times of a domain's counted reliance trials since a day. */
export async function findTimeRanks(
  tx: TenantTx,
  domain: Domain,
  fromDay: number,
): Promise<{ readonly trials: number; readonly p5Ms: number; readonly p75Ms: number }> {
  // Only reliance trials have a tag, so the tag identifies them.
  const { rows } = await sql<{ trials: string; p5: number | null; p75: number | null }>`
    SELECT count(*) AS trials,
           percentile_disc(0.05) WITHIN GROUP (ORDER BY (inputs ->> 'timeToDecisionMs')::integer) AS p5,
           percentile_disc(0.75) WITHIN GROUP (ORDER BY (inputs ->> 'timeToDecisionMs')::integer) AS p75
      FROM oversight.interaction
     WHERE org_id = ${tx.orgId} AND domain = ${domain} AND day >= ${fromDay} AND state <> 'excluded'
       AND is_post_error IS NOT NULL`.execute(query(tx))
  const [row] = rows
  return { trials: Number(row?.trials ?? 0), p5Ms: row?.p5 ?? 0, p75Ms: row?.p75 ?? 0 }
}

/** One page of a domain's states, ordered by operator. */
export async function listDomainStates(
  tx: TenantTx,
  domain: Domain,
  afterOperator: string,
  limit: number,
): Promise<readonly (StoredState & { readonly operatorId: string })[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_state')
    .select(['operator_id', ...stateColumns])
    .where('org_id', '=', tx.orgId)
    .where('domain', '=', domain)
    .where('operator_id', '>', afterOperator)
    .where('counted', '>', '0')
    .orderBy('operator_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...toState(row), operatorId: row.operator_id }))
}

export async function insertNorm(tx: AuditedTx, norm: IssuedNorm, nowMs: number): Promise<void> {
  await sql`
    INSERT INTO oversight.norm (org_id, domain, version, norm_id, effective_day, t_min_ms, t_ref_ms, prior, n_trials,
                                n_operators, created_at)
    VALUES (${tx.orgId}, ${norm.domain}, ${norm.version}, ${norm.id}, ${norm.effectiveDay}, ${norm.tMinMs},
            ${norm.tRefMs}, ${`{${norm.prior.join(',')}}`}::numeric[], ${norm.trials}, ${norm.operators},
            ${new Date(nowMs)})`.execute(query(tx))
}
