import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { AlertKind, Severity } from '../domain/alerts.ts'
import type { Domain } from '../domain/interaction.ts'
import type { AlertRow, OversightTables } from './tables.ts'

export type AlertState = 'open' | 'acknowledged' | 'closed'

export type Alert = {
  readonly id: string
  readonly kind: AlertKind
  readonly severity: Severity
  readonly operatorId: string | null
  readonly domain: Domain | null
  readonly data: Readonly<Record<string, unknown>>
  readonly isContested: boolean
  readonly openedAtMs: number
  readonly acknowledgedAtMs: number | null
  readonly acknowledgedBy: string | null
  readonly closedAtMs: number | null
}

export type NewAlert = Pick<Alert, 'id' | 'kind' | 'severity' | 'operatorId' | 'domain' | 'data'> & {
  /** What the alert is about. At most one alert of a kind is open per subject. */
  readonly subject: string
  readonly openedAtMs: number
  /** Set for alerts about a moment, which close as soon as they open. */
  readonly closedAtMs: number | null
}

/** Returns undefined and changes nothing if an alert of the kind is already open for the subject. */
export async function insertAlert(tx: TelemetryTx, alert: NewAlert): Promise<Alert | undefined> {
  const row = await query<OversightTables>(tx)
    .insertInto('oversight.alert')
    .values({
      org_id: tx.orgId,
      id: alert.id,
      kind: alert.kind,
      severity: alert.severity,
      subject: alert.subject,
      operator_id: alert.operatorId,
      domain: alert.domain,
      data: JSON.stringify(alert.data),
      is_contested: sql<boolean>`EXISTS (
        SELECT FROM oversight.contest
         WHERE org_id = ${tx.orgId} AND operator_id = ${alert.operatorId} AND domain = ${alert.domain}
           AND state = 'open')`,
      opened_at: new Date(alert.openedAtMs),
      closed_at: alert.closedAtMs === null ? null : new Date(alert.closedAtMs),
    })
    .onConflict((conflict) =>
      conflict.columns(['org_id', 'kind', 'subject']).where('closed_at', 'is', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst()
  return row && toAlert(row)
}

/** Returns the alert that was open; undefined if there was none. */
export async function setAlertClosed(
  tx: TelemetryTx,
  kind: AlertKind,
  subject: string,
  nowMs: number,
): Promise<Alert | undefined> {
  const row = await query<OversightTables>(tx)
    .updateTable('oversight.alert')
    .set({ closed_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('closed_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row && toAlert(row)
}

/** Only the first person to acknowledge is stored. Undefined: there is no such alert. */
export async function setAlertAcknowledged(
  tx: AuditedTx,
  id: string,
  by: string,
  closes: readonly AlertKind[],
  nowMs: number,
): Promise<Alert | undefined> {
  const now = new Date(nowMs)
  const row = await query<OversightTables>(tx)
    .updateTable('oversight.alert')
    .set({
      acknowledged_at: sql`coalesce(acknowledged_at, ${now})`,
      acknowledged_by: sql`coalesce(acknowledged_by, ${by})`,
      closed_at: sql`CASE WHEN kind = ANY (${[...closes]}::text[]) THEN coalesce(closed_at, ${now}) ELSE closed_at END`,
    })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && toAlert(row)
}

export async function findAlert(tx: TenantTx, id: string): Promise<Alert | undefined> {
  const row = await alerts(tx).where('id', '=', id).executeTakeFirst()
  return row && toAlert(row)
}

export type AlertFilter = {
  readonly kind: AlertKind | undefined
  readonly severity: Severity | undefined
  readonly state: AlertState | undefined
  readonly beforeId: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listAlerts(tx: TenantTx, filter: AlertFilter): Promise<readonly Alert[]> {
  const { kind, severity, state, beforeId, limit } = filter
  let rows = alerts(tx).orderBy('id', 'desc').limit(limit)
  if (kind !== undefined) rows = rows.where('kind', '=', kind)
  if (severity !== undefined) rows = rows.where('severity', '=', severity)
  if (beforeId !== undefined) rows = rows.where('id', '<', beforeId)
  if (state === 'closed') rows = rows.where('closed_at', 'is not', null)
  if (state === 'acknowledged')
    rows = rows.where('closed_at', 'is', null).where('acknowledged_at', 'is not', null)
  if (state === 'open') rows = rows.where('closed_at', 'is', null).where('acknowledged_at', 'is', null)
  return (await rows.execute()).map(toAlert)
}

/** Alerts that are not closed, whether or not somebody has acknowledged them. */
export async function countOpenAlerts(tx: TenantTx): Promise<number> {
  const { open } = await query<OversightTables>(tx)
    .selectFrom('oversight.alert')
    .select(sql<string>`count(*)`.as('open'))
    .where('org_id', '=', tx.orgId)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(open)
}

export function stateOf({ closedAtMs, acknowledgedAtMs }: Alert): AlertState {
  if (closedAtMs !== null) return 'closed'
  return acknowledgedAtMs === null ? 'open' : 'acknowledged'
}

function alerts(tx: TenantTx) {
  return query<OversightTables>(tx).selectFrom('oversight.alert').selectAll().where('org_id', '=', tx.orgId)
}

function toAlert(row: Selectable<AlertRow>): Alert {
  return {
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    operatorId: row.operator_id,
    domain: row.domain,
    data: row.data,
    isContested: row.is_contested,
    openedAtMs: row.opened_at.getTime(),
    acknowledgedAtMs: row.acknowledged_at?.getTime() ?? null,
    acknowledgedBy: row.acknowledged_by,
    closedAtMs: row.closed_at?.getTime() ?? null,
  }
}
