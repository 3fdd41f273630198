import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type EntityOf, fromRow, query, readMember, type TenantTx, toRow } from '@gatehouse/kernel/db'
import { type ExpressionBuilder, type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Finding, MessageValues } from '../domain/assess.ts'
import type { MonitorState, MonitorStatus, Phase } from '../domain/monitor.ts'
import { parseStored, type StoredWatch } from '../monitor-types/watch.ts'
import { monitorColumns, monitorSettings } from './monitor-columns.ts'
import type { MonitorRow, MonitorStateRow, UptimeTables } from './tables.ts'

/** A monitor as configured. Times are Unix milliseconds. */
export type Monitor = EntityOf<typeof monitorColumns> & {
  /** The parsed type and config. */
  readonly stored: StoredWatch
}

export type MonitorSettings = EntityOf<typeof monitorSettings> & Pick<Monitor, 'stored'>

/** A monitor with what is shown of its current state. */
export type ObservedMonitor = Monitor &
  Pick<MonitorState, 'phase' | 'firstUpAtMs' | 'vouchedUntilMs'> & {
    readonly status: MonitorStatus
    readonly isFlapping: boolean
    readonly lastCheckedAtMs: number | null
    readonly lastErrorMessage: string | null
    /** Null if there is no error, or an earlier version stored it. */
    readonly lastErrorReason: Finding | null
    readonly lastResponseMs: number | null
    /** The earliest next check over its locations, or the deadline of a heartbeat. */
    readonly nextDueAtMs: number | null
  }

export type MonitorFilter = {
  readonly status?: MonitorStatus | undefined
  readonly type?: string | undefined
  readonly tag?: string | undefined
  /** Matches part of the name or of the target, ignoring case. */
  readonly text?: string | undefined
  readonly serviceId?: string | undefined
  /** Monitors of other pages than this one. */
  readonly exceptServiceId?: string | undefined
}

/** Worst status first, by name, or in order of creation. */
export type MonitorOrder = 'worst' | 'name' | 'created'

/** The cursor of a page: the sort key, and the id to distinguish equal keys. */
export type MonitorPosition = { readonly key: string | number; readonly id: string }

export type MonitorPage = {
  readonly order?: MonitorOrder | undefined
  readonly isDescending?: boolean | undefined
  readonly after?: MonitorPosition | undefined
  readonly limit?: number | undefined
}

const orderKeys = {
  worst: sql<string | number>`s.rank`,
  name: sql<string | number>`lower(m.name)`,
  created: sql<string | number>`m.id`,
}

/**
 * Uses keyset pagination: each page starts after the previous one's last row, so that late pages are as fast as the
 * first.
 */
export async function listMonitors(
  tx: TenantTx,
  filter: MonitorFilter = {},
  { order = 'created', isDescending = false, after, limit }: MonitorPage = {},
): Promise<readonly (ObservedMonitor & { readonly position: MonitorPosition })[]> {
  const direction = isDescending ? 'desc' : 'asc'
  const key = orderKeys[order]
  const id = order === 'worst' ? ('s.monitor_id' as const) : ('m.id' as const)
  let rows = filtered(observed(tx, limit === undefined ? ofNone : ofEach), tx, filter)
    .select(key.as('order_key'))
    .orderBy(key, direction)
    .orderBy(id, direction)
  if (after !== undefined) {
    const place = sql`(${key}, ${sql.ref(id)})`
    const last = sql`(${after.key}, ${after.id})`
    rows = rows.where(isDescending ? sql<boolean>`${place} < ${last}` : sql<boolean>`${place} > ${last}`)
  }
  if (limit !== undefined) rows = rows.limit(limit)
  const found = await rows.execute()
  const due = limit === undefined ? await listDue(tx) : undefined
  return found.map((row) =>
    Object.assign(toObserved(row, due), { position: { key: row.order_key, id: row.id } }),
  )
}

/** The total number of matches over all pages. */
export async function countFiltered(tx: TenantTx, filter: MonitorFilter): Promise<number> {
  const rows = query<UptimeTables>(tx)
    .selectFrom('uptime.monitor as m')
    .innerJoin('uptime.monitor_state as s', (join) =>
      join.onRef('s.org_id', '=', 'm.org_id').onRef('s.monitor_id', '=', 'm.id'),
    )
  const { count } = await filtered(rows, tx, filter)
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function findMonitor(tx: TenantTx, id: string): Promise<ObservedMonitor | undefined> {
  const row = await observed(tx, ofEach).where('m.id', '=', id).executeTakeFirst()
  return row && toObserved(row)
}

/** Serializes changes of a monitor; an incident may still open on it concurrently. */
export async function lockMonitor(tx: AuditedTx, id: string): Promise<Monitor | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.monitor')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row && toMonitor(row)
}

/** Locks those of these monitors that exist, in the order of their ids, as `lockMonitor` does. */
export async function lockMonitorsOf(tx: AuditedTx, ids: readonly string[]): Promise<readonly Monitor[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.monitor')
    .selectAll()
    .where(sql<boolean>`id = ANY (${[...ids]}::text[])`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return rows.map(toMonitor)
}

/** Which of these monitors exist in this organisation, and the page that each is on. */
export async function listMonitorPlaces(
  tx: TenantTx,
  ids?: readonly string[],
): Promise<readonly { readonly monitorId: string; readonly serviceId: string; readonly name: string }[]> {
  let rows = query<UptimeTables>(tx)
    .selectFrom('uptime.monitor')
    .select(['id', 'service_id', 'name'])
    .orderBy('id')
  // One parameter for all of them: a statement cannot have more than 65,535.
  if (ids !== undefined) rows = rows.where(sql<boolean>`id = ANY (${[...ids]}::text[])`)
  return (await rows.execute()).map(({ id, service_id, name }) => ({
    monitorId: id,
    serviceId: service_id,
    name,
  }))
}

export async function countMonitors(
  tx: TenantTx,
): Promise<{ readonly all: number; readonly active: number }> {
  const { all, active } = await query<UptimeTables>(tx)
    .selectFrom('uptime.monitor')
    .select((select) => [
      select.fn.countAll<string>().as('all'),
      select.fn.countAll<string>().filterWhere('is_active', '=', true).as('active'),
    ])
    .executeTakeFirstOrThrow()
  return { all: Number(all), active: Number(active) }
}

export async function insertMonitor(tx: AuditedTx, monitor: Monitor): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.monitor')
    .values({ org_id: tx.orgId, ...toRow(monitorColumns, monitor) })
    .execute()
}

export async function setMonitorSettings(
  tx: AuditedTx,
  id: string,
  settings: MonitorSettings,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.monitor')
    .set({ ...toRow(monitorSettings, settings), updated_at: new Date(nowMs) })
    .where('id', '=', id)
    .execute()
}

export type CommonSettings = Pick<Monitor, 'id' | 'isActive' | 'tags'>

/** Sets what several monitors may be given at once. */
export async function setCommonSettings(
  tx: AuditedTx,
  monitors: readonly CommonSettings[],
  nowMs: number,
): Promise<void> {
  const given = monitors.map(({ id, isActive, tags }) => ({ id, is_active: isActive, tags }))
  await sql`
    UPDATE uptime.monitor m SET is_active = given.is_active, tags = given.tags, updated_at = ${new Date(nowMs)}
      FROM json_to_recordset(${JSON.stringify(given)}::json) AS given (id text, is_active boolean, tags text[])
     WHERE m.org_id = ${tx.orgId} AND m.id = given.id`.execute(query(tx))
}

export async function setMonitorsService(
  tx: AuditedTx,
  fromId: string,
  toId: string,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.monitor')
    .set({ service_id: toId, updated_at: new Date(nowMs) })
    .where('service_id', '=', fromId)
    .execute()
}

/** Records a manual check, unless one was recorded after `sinceMs`; then returns when. */
export async function setManualCheck(
  tx: AuditedTx,
  id: string,
  nowMs: number,
  sinceMs: number,
): Promise<{ readonly remembered: true } | { readonly remembered: false; readonly lastAtMs: number }> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.monitor')
    .select('last_manual_check_at')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  const lastAtMs = row?.last_manual_check_at?.getTime() ?? -Infinity
  // A time in the future is from before the clock stepped back.
  if (lastAtMs > sinceMs && lastAtMs <= nowMs) return { remembered: false, lastAtMs }
  await query<UptimeTables>(tx)
    .updateTable('uptime.monitor')
    .set({ last_manual_check_at: new Date(nowMs) })
    .where('id', '=', id)
    .execute()
  return { remembered: true }
}

/** States, schedules, heartbeats and bindings are deleted with the rows; results and incidents stay. */
export async function deleteMonitors(tx: AuditedTx, ids: readonly string[]): Promise<void> {
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.monitor')
    .where(sql<boolean>`id = ANY (${[...ids]}::text[])`)
    .execute()
}

type Tables = UptimeTables & { m: MonitorRow; s: MonitorStateRow }

function filtered<O>(
  rows: SelectQueryBuilder<Tables, 'm' | 's', O>,
  tx: TenantTx,
  { status, type, tag, text, serviceId, exceptServiceId }: MonitorFilter,
): SelectQueryBuilder<Tables, 'm' | 's', O> {
  let found = rows.where('m.org_id', '=', tx.orgId).where('s.org_id', '=', tx.orgId)
  if (status !== undefined) found = found.where('s.status', '=', status)
  if (type !== undefined) found = found.where((where) => where.cast<string>('m.type', 'text'), '=', type)
  // Only in this form does the query use the index of tags.
  if (tag !== undefined) found = found.where(sql<boolean>`m.tags @> ARRAY[${tag}]::text[]`)
  if (text !== undefined) found = found.where((where) => isNamedLike(where, text))
  if (serviceId !== undefined) found = found.where('m.service_id', '=', serviceId)
  if (exceptServiceId !== undefined) found = found.where('m.service_id', '<>', exceptServiceId)
  return found
}

/** Of a page: a subquery per returned row, so that it is not evaluated for all monitors of the organisation first. */
const ofEach = sql<Date | null>`coalesce(
  (SELECT min(d.next_due_at) FROM uptime.schedule d WHERE d.org_id = m.org_id AND d.monitor_id = m.id),
  (SELECT h.deadline_at FROM uptime.heartbeat h WHERE h.org_id = m.org_id AND h.monitor_id = m.id))`

/** Of all monitors, which are read from `listDue`. */
const ofNone = sql<Date | null>`NULL::timestamptz`

/** Only what is shown of a state is read: writing all of it as text takes the database as long as the query. */
function observed(tx: TenantTx, nextDue: typeof ofEach) {
  return query<UptimeTables>(tx)
    .selectFrom('uptime.monitor as m')
    .innerJoin('uptime.monitor_state as s', (join) =>
      join.onRef('s.org_id', '=', 'm.org_id').onRef('s.monitor_id', '=', 'm.id'),
    )
    .selectAll('m')
    .select(['s.status', 's.last_checked_at', 's.last_response_ms'])
    .select(['s.last_error_code', 's.last_error_message', 's.last_error_values'])
    .select([
      sql<Phase>`s.state ->> 'phase'`.as('phase'),
      sql<number | null>`(s.state ->> 'firstUpAtMs')::float8`.as('first_up_ms'),
      sql<number | null>`(s.state ->> 'vouchedUntilMs')::float8`.as('vouched_until_ms'),
      sql<boolean>`s.state -> 'flapping' ->> 'window' IS NOT NULL`.as('is_flapping'),
      nextDue.as('next_due_at'),
    ])
}

/** The next check of each monitor of the organisation, or the deadline of its heartbeat. */
async function listDue(tx: TenantTx): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await sql<{ readonly monitor_id: string; readonly due_at: Date }>`
    SELECT monitor_id, min(next_due_at) AS due_at FROM uptime.schedule WHERE org_id = ${tx.orgId} GROUP BY monitor_id
     UNION ALL
    SELECT monitor_id, deadline_at FROM uptime.heartbeat h
     WHERE org_id = ${tx.orgId} AND deadline_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM uptime.schedule d WHERE d.org_id = h.org_id AND d.monitor_id = h.monitor_id)`.execute(
    query(tx),
  )
  return new Map(rows.map((row) => [row.monitor_id, row.due_at]))
}

function isNamedLike(where: ExpressionBuilder<Tables, 'm' | 's'>, text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return where.or([
    where('m.name', 'ilike', pattern),
    ...(['url', 'hostname'] as const).map((member) =>
      where(readMember(sql.ref('m.config'), member), 'ilike', pattern),
    ),
  ])
}

function toMonitor(row: Selectable<MonitorRow>): Monitor {
  return { ...fromRow(monitorColumns, row), stored: parseStored(row.type, row.config) }
}

type ObservedRow = Selectable<MonitorRow> & {
  status: MonitorStatus
  phase: Phase
  first_up_ms: number | null
  vouched_until_ms: number | null
  is_flapping: boolean
  last_checked_at: Date | null
  last_error_code: string | null
  last_error_message: string | null
  last_error_values: MessageValues | null
  last_response_ms: number | null
  next_due_at: Date | null
}

function toObserved(row: ObservedRow, due?: ReadonlyMap<string, Date>): ObservedMonitor {
  const nextDueAt = due === undefined ? row.next_due_at : due.get(row.id)
  return {
    ...toMonitor(row),
    status: row.status,
    phase: row.phase,
    firstUpAtMs: row.first_up_ms,
    vouchedUntilMs: row.vouched_until_ms,
    isFlapping: row.is_flapping,
    lastCheckedAtMs: row.last_checked_at?.getTime() ?? null,
    lastErrorMessage: row.last_error_message,
    lastErrorReason: toReason(row),
    lastResponseMs: row.last_response_ms,
    nextDueAtMs: nextDueAt?.getTime() ?? null,
  }
}

function toReason({ last_error_code: code, last_error_values: values }: ObservedRow): Finding | null {
  return code === null || values === null ? null : { code, values }
}
