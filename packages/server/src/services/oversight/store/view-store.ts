import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { CounterVector } from '../domain/counters.ts'
import type { Domain } from '../domain/interaction.ts'
import { lookGapMs } from '../domain/profile-view.ts'
import type { RoleClass } from '../domain/settings.ts'
import type { SideVector } from '../domain/side-counters.ts'
import type { ProfileView } from './profile-view-store.ts'
import type { OperatorDomain } from './state-store.ts'
import type { OversightTables } from './tables.ts'

export type Counts = { readonly counters: CounterVector; readonly side: SideVector }

/** Plain counts of one operator since a day; without a day, over all stored days. */
export async function sumOperatorDays(
  tx: TenantTx,
  operatorId: string,
  domain: Domain,
  fromDay: number | null,
): Promise<Counts> {
  const { rows } = await sql<{ counters: string[]; side: string[] }>`
    SELECT oversight.sum_counters(counters)::text[] AS counters, oversight.sum_counters(side)::text[] AS side
      FROM oversight.operator_day
     WHERE org_id = ${tx.orgId} AND operator_id = ${operatorId} AND domain = ${domain}
       AND (${fromDay}::integer IS NULL OR day >= ${fromDay})`.execute(query(tx))
  return toCounts(rows[0])
}

/** Plain counts per operator with minimum data, one row each. */
export async function sumDaysByOperator(
  tx: TenantTx,
  domain: Domain,
  fromDay: number | null,
  operatorIds: readonly string[],
): Promise<readonly Counts[]> {
  if (operatorIds.length === 0) return []
  const { rows } = await sql<{ counters: string[]; side: string[] }>`
    SELECT oversight.sum_counters(counters)::text[] AS counters, oversight.sum_counters(side)::text[] AS side
      FROM oversight.operator_day
     WHERE org_id = ${tx.orgId} AND domain = ${domain} AND operator_id = ANY (${[...operatorIds]}::text[])
       AND (${fromDay}::integer IS NULL OR day >= ${fromDay})
     GROUP BY operator_id ORDER BY operator_id`.execute(query(tx))
  return rows.map(toCounts)
}

/** Plain counts of the organisation in a domain. */
export async function sumOrgDays(tx: TenantTx, domain: Domain, fromDay: number | null): Promise<Counts> {
  const { rows } = await sql<{ counters: string[]; side: string[] }>`
    SELECT oversight.sum_counters(counters)::text[] AS counters, oversight.sum_counters(side)::text[] AS side
      FROM oversight.org_day
     WHERE org_id = ${tx.orgId} AND domain = ${domain} AND (${fromDay}::integer IS NULL OR day >= ${fromDay})`.execute(
    query(tx),
  )
  return toCounts(rows[0])
}

/** The organisation's domain with the most interactions; undefined if it has none. */
export async function findBusiestDomain(tx: TenantTx): Promise<Domain | undefined> {
  const { rows } = await sql<{ domain: Domain }>`
    SELECT domain FROM oversight.org_day WHERE org_id = ${tx.orgId}
     GROUP BY domain ORDER BY sum(counters[1]) DESC, domain LIMIT 1`.execute(query(tx))
  return rows[0]?.domain
}

export type Standings = {
  readonly operatorId: string
  readonly jis: number | null
  readonly roleClass: RoleClass
  readonly lastSeenAtMs: number
}

/** Every operator with activity in the domain, with the published score of their newest event. */
export async function listStandings(tx: TenantTx, domain: Domain): Promise<readonly Standings[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_state as s')
    .innerJoin('oversight.operator as o', (join) =>
      join.onRef('o.org_id', '=', 's.org_id').onRef('o.operator_id', '=', 's.operator_id'),
    )
    .select(['s.operator_id', 's.jis', 's.last_received_at', 'o.role_class'])
    .where('s.org_id', '=', tx.orgId)
    .where('s.domain', '=', domain)
    .orderBy('s.operator_id')
    .execute()
  return rows.map((row) => ({
    operatorId: row.operator_id,
    jis: row.jis === null ? null : Number(row.jis),
    roleClass: row.role_class,
    lastSeenAtMs: row.last_received_at.getTime(),
  }))
}

export type HistoryPoint = { readonly day: number; readonly jis: number | null }

export async function listHistory(
  tx: TenantTx,
  operatorId: string,
  domain: Domain,
  fromDay: number,
): Promise<readonly HistoryPoint[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_history')
    .select(['day', 'jis'])
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('day', '>=', fromDay)
    .orderBy('day')
    .execute()
  return rows.map(({ day, jis }) => ({ day, jis: jis === null ? null : Number(jis) }))
}

/**
 * The data of a profile besides the standing, and whether the viewer's look is part of one that was recorded; without
 * `view` it is not checked.
 */
export async function findProfileFacts(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
  fromDay: number,
  view: ProfileView | undefined,
  nowMs: number,
): Promise<{
  readonly history: readonly HistoryPoint[]
  readonly openContests: number
  readonly isViewNoted: boolean
}> {
  const { rows } = await sql<{ days: number[]; jis: (string | null)[]; contests: string; is_noted: boolean }>`
    SELECT coalesce(array_agg(day ORDER BY day), '{}') AS days, coalesce(array_agg(jis ORDER BY day), '{}')::text[] AS jis,
           (SELECT count(*) FROM oversight.contest
             WHERE org_id = ${tx.orgId} AND operator_id = ${operatorId} AND domain = ${domain} AND state = 'open') AS contests,
           EXISTS (SELECT FROM oversight.profile_view
                    WHERE org_id = ${tx.orgId} AND operator_id = ${operatorId} AND day = ${view?.day ?? null}::integer
                      AND actor_kind = ${view?.actorKind ?? null} AND actor_id = ${view?.actorId ?? null}
                      AND ${view?.way ?? null} = ANY (ways) AND coalesce(last_at, at) > ${new Date(nowMs - lookGapMs)}) AS is_noted
      FROM oversight.operator_history
     WHERE org_id = ${tx.orgId} AND operator_id = ${operatorId} AND domain = ${domain} AND day >= ${fromDay}`.execute(
    query(tx),
  )
  const [row] = rows
  return {
    history: row?.days.map((day, at) => ({ day, jis: toNumberOrNull(row.jis[at]) })) ?? [],
    openContests: Number(row?.contests ?? 0),
    isViewNoted: row?.is_noted ?? false,
  }
}

function toNumberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text)
}

export async function findOrgFacts(
  tx: TenantTx,
): Promise<{ readonly name: string; readonly externalId: string | null; readonly plan: string }> {
  const row = await query<{
    'gatehouse.org': { org_id: string; name: string; external_id: string | null; plan: string }
  }>(tx)
    .selectFrom('gatehouse.org')
    .select(['name', 'external_id', 'plan'])
    .where('org_id', '=', tx.orgId)
    .executeTakeFirstOrThrow()
  return { name: row.name, externalId: row.external_id, plan: row.plan }
}

export function toCounts(
  row: { readonly counters: readonly string[]; readonly side: readonly string[] } | undefined,
): Counts {
  const at = (values: readonly string[] | undefined, length: number): number[] =>
    Array.from({ length }, (_, position) => Number(values?.[position] ?? 0))
  return { counters: at(row?.counters, 72), side: at(row?.side, 11) }
}

/** Number of interactions received since then, whether counted or not. */
export async function countInteractionsSince(tx: TenantTx, sinceMs: number): Promise<number> {
  const { count } = await query<OversightTables>(tx)
    .selectFrom('oversight.interaction')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('org_id', '=', tx.orgId)
    .where('received_at', '>', new Date(sinceMs))
    .executeTakeFirstOrThrow()
  return Number(count)
}
