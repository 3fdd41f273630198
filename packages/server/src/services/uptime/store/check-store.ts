import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { Selectable } from 'kysely'
import type { MessageValues } from '../domain/assess.ts'
import type { Outcome } from '../domain/monitor.ts'
import type { CheckResultRow, UptimeTables } from './tables.ts'

/** A stored result of one check. */
export type CheckResult = {
  readonly startedAtMs: number
  readonly slotAtMs: number
  readonly location: string
  readonly origin: CheckResultRow['origin']
  readonly outcome: Outcome
  readonly code: string | null
  readonly values: MessageValues
  readonly statusCode: number | null
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number | null
  readonly remoteAddress: string | null
  readonly inMaintenance: boolean
}

export type CheckFilter = {
  readonly monitorId: string
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly outcome?: Outcome | undefined
  readonly location?: string | undefined
}

/**
 * The cursor of a page of results. Start times are not unique: two locations, or a manual check, may start in the
 * same millisecond.
 */
export type CheckPosition = Pick<CheckResult, 'startedAtMs' | 'location' | 'origin'>

/** Results, newest first. */
export async function listChecks(
  tx: TenantTx,
  { monitorId, fromMs, toMs, outcome, location }: CheckFilter,
  { after, limit }: { readonly after?: CheckPosition | undefined; readonly limit: number },
): Promise<readonly CheckResult[]> {
  let rows = query<UptimeTables>(tx)
    .selectFrom('uptime.check_result')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .orderBy('started_at', 'desc')
    .orderBy('location_id', 'desc')
    .orderBy('origin', 'desc')
    .limit(limit)
  if (fromMs !== undefined) rows = rows.where('started_at', '>=', new Date(fromMs))
  if (toMs !== undefined) rows = rows.where('started_at', '<', new Date(toMs))
  if (outcome !== undefined) rows = rows.where('outcome', '=', outcome)
  if (location !== undefined) rows = rows.where('location_id', '=', location)
  if (after !== undefined)
    rows = rows.where((where) =>
      where(
        where.refTuple('started_at', 'location_id', 'origin'),
        '<',
        where.tuple(new Date(after.startedAtMs), after.location, after.origin),
      ),
    )
  return (await rows.execute()).map(toResult)
}

/** The earliest result since `fromMs` with the outcome down. */
export async function findFirstFailure(
  tx: TenantTx,
  monitorId: string,
  fromMs: number,
): Promise<CheckResult | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.check_result')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .where('started_at', '>=', new Date(fromMs))
    .where('outcome', '=', 'down')
    .orderBy('started_at')
    .limit(1)
    .executeTakeFirst()
  return row && toResult(row)
}

function toResult(row: Selectable<CheckResultRow>): CheckResult {
  return {
    startedAtMs: row.started_at.getTime(),
    slotAtMs: row.slot_at.getTime(),
    location: row.location_id,
    origin: row.origin,
    outcome: row.outcome,
    code: row.code,
    values: row.detail ?? {},
    statusCode: row.status_code,
    dnsMs: row.dns_ms,
    connectMs: row.connect_ms,
    tlsMs: row.tls_ms,
    ttfbMs: row.ttfb_ms,
    downloadMs: row.download_ms,
    totalMs: row.total_ms,
    remoteAddress: row.remote_address,
    inMaintenance: row.in_maintenance,
  }
}
