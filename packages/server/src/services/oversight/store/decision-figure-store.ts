import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Route } from '../domain/route.ts'

/** Outcomes of decisions by route; the row with route null covers all routes. */
export type RouteFigures = {
  readonly route: Route | null
  readonly decisions: number
  readonly waiting: number
  readonly resolved: number
  readonly expired: number
  /** Expired decisions that were released without a review. */
  readonly expiredOpen: number
  readonly approved: number
  readonly modified: number
  readonly rejected: number
  readonly overridden: number
  readonly escalated: number
  /** Number of distinct reviewers. */
  readonly reviewers: number
  /** Median hours from score to resolution by a reviewer; null if none was resolved by a reviewer. */
  readonly hours: number | null
}

/** Counts the decisions scored in a span by their last route, and in total, in their current state. */
export async function countDecisionsByRoute(
  tx: TenantTx,
  span: { readonly fromMs: number; readonly toMs: number },
  nowMs: number,
): Promise<readonly RouteFigures[]> {
  // A decision past its deadline counts as expired, even if its expiry is not written yet.
  const { rows } = await sql<{ route: Route | null; hours: number | null } & Record<CountColumn, string>>`
    WITH seen AS (
      SELECT route, received_at, fallback_route, resolution,
             CASE WHEN state = 'pending' AND expires_at <= ${new Date(nowMs)} THEN 'expired' ELSE state END AS state,
             EXISTS (SELECT FROM oversight.decision_review AS r
                      WHERE r.org_id = d.org_id AND r.decision_id = d.id AND r.action = 'escalate') AS is_escalated
        FROM oversight.decision AS d
       WHERE org_id = ${tx.orgId} AND received_at >= ${new Date(span.fromMs)} AND received_at < ${new Date(span.toMs)}
    )
    SELECT route, count(*) AS decisions,
           count(*) FILTER (WHERE state = 'pending') AS waiting,
           count(*) FILTER (WHERE state = 'resolved') AS resolved,
           count(*) FILTER (WHERE state = 'expired') AS expired,
           count(*) FILTER (WHERE state = 'expired' AND fallback_route = 'auto') AS expired_open,
           count(*) FILTER (WHERE resolution ->> 'action' = 'approve') AS approved,
           count(*) FILTER (WHERE resolution ->> 'action' = 'modify') AS modified,
           count(*) FILTER (WHERE resolution ->> 'action' = 'reject') AS rejected,
           count(*) FILTER (WHERE resolution ->> 'action' = 'override') AS overridden,
           count(*) FILTER (WHERE is_escalated) AS escalated,
           count(DISTINCT resolution ->> 'reviewerId') AS reviewers,
           percentile_disc(0.5) WITHIN GROUP (
             ORDER BY ((resolution ->> 'atMs')::float8 / 1000 - extract(epoch FROM received_at)::float8) / 3600
           ) FILTER (WHERE state = 'resolved') AS hours
      FROM seen GROUP BY GROUPING SETS ((route), ())`.execute(query(tx))
  return rows.map((row) => ({
    route: row.route,
    decisions: Number(row.decisions),
    waiting: Number(row.waiting),
    resolved: Number(row.resolved),
    expired: Number(row.expired),
    expiredOpen: Number(row.expired_open),
    approved: Number(row.approved),
    modified: Number(row.modified),
    rejected: Number(row.rejected),
    overridden: Number(row.overridden),
    escalated: Number(row.escalated),
    reviewers: Number(row.reviewers),
    hours: row.hours,
  }))
}

type CountColumn =
  | 'decisions'
  | 'waiting'
  | 'resolved'
  | 'expired'
  | 'expired_open'
  | 'approved'
  | 'modified'
  | 'rejected'
  | 'overridden'
  | 'escalated'
  | 'reviewers'
