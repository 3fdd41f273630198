import type { RowOf } from '@gatehouse/kernel/db'
import type { ColumnType, Generated } from 'kysely'
import type { MonitorState, MonitorStatus, TimelineState } from '../domain/monitor.ts'
import type { channelColumns } from './channel-columns.ts'
import type { domainColumns } from './domain-columns.ts'
import type { incidentColumns, incidentUpdateColumns } from './incident-columns.ts'
import type { componentColumns, sectionColumns } from './layout-columns.ts'
import type { logoColumns } from './logo-columns.ts'
import type { monitorColumns } from './monitor-columns.ts'
import type { serviceColumns } from './service-columns.ts'
import type { seriesColumns } from './series-columns.ts'
import type { subscriberColumns } from './subscriber-columns.ts'
import type { windowColumns } from './window-columns.ts'

/** `pg` returns bigint as text; it is written as a number. */
type Milliseconds = ColumnType<string, number, number>
type MillisecondsOrNull = ColumnType<string | null, number | null, number | null>
/** Read as a value, written as JSON text: an array would otherwise become a PostgreSQL array. */
type Json<T> = ColumnType<T, string, string>

export type ServiceRow = RowOf<typeof serviceColumns> & { is_public: boolean; version: Generated<string> }

export type SectionRow = RowOf<typeof sectionColumns>

export type ComponentRow = RowOf<typeof componentColumns>

export type SubscriberRow = RowOf<typeof subscriberColumns>

export type PageLogoRow = RowOf<typeof logoColumns>

export type PageDomainRow = RowOf<typeof domainColumns>

export type PageLinkRow = {
  org_id: string
  token_digest: string
  service_id: string
  expires_at: Date
}

export type MonitorRow = RowOf<typeof monitorColumns>

export type MonitorStateRow = {
  org_id: string
  monitor_id: string
  status: MonitorStatus
  state: Json<MonitorState>
  last_checked_at: Date | null
  last_error_code: string | null
  last_error_message: string | null
  last_error_values: Json<Record<string, string | number>> | null
  last_response_ms: number | null
  judged_through: Date
  wake_at: Date | null
  /** Computed by the database: the worst first. */
  rank: ColumnType<number, never, never>
}

export type ScheduleRow = {
  org_id: string
  monitor_id: string
  location_id: Generated<string>
  next_due_at: Date
  slot_at: Date
  confirming: Generated<boolean>
  origin: Generated<'scheduled' | 'confirm' | 'recover'>
  interval_seconds: number
  timeout_ms: number
  lease_id: string | null
  lease_until: Date | null
  lease_node: string | null
  missed_slots: Generated<string>
}

export type CheckResultRow = {
  org_id: string
  monitor_id: string
  location_id: string
  started_at: Date
  slot_at: Date
  origin: 'scheduled' | 'confirm' | 'recover' | 'manual' | 'ping' | 'deadline'
  outcome: 'up' | 'degraded' | 'down' | 'unknown'
  code: string | null
  detail: Json<Record<string, string | number>> | null
  status_code: number | null
  dns_ms: number | null
  connect_ms: number | null
  tls_ms: number | null
  ttfb_ms: number | null
  download_ms: number | null
  total_ms: number | null
  remote_address: string | null
  in_maintenance: Generated<boolean>
}

export type IncidentRow = RowOf<typeof incidentColumns>

export type IncidentUpdateRow = RowOf<typeof incidentUpdateColumns> & { incident_id: string }

export type StateIntervalRow = {
  org_id: string
  monitor_id: string
  from_ms: Milliseconds
  to_ms: MillisecondsOrNull
  state: TimelineState
  blip_ms: Milliseconds
  incident_id: string | null
}

export type MaintenanceWindowRow = RowOf<typeof windowColumns>
export type MaintenanceSeriesRow = RowOf<typeof seriesColumns>

export type HeartbeatRow = {
  org_id: string
  monitor_id: string
  token_digest: string
  sealed_token: string
  last_ping_at: Date | null
  last_start_at: Date | null
  deadline_at: Date | null
  run_id: string | null
}

export type ChannelRow = RowOf<typeof channelColumns>

export type ChannelBindingRow = {
  org_id: string
  monitor_id: string
  channel_id: string
  delay_seconds: number | null
}

export type ChannelVerificationRow = {
  org_id: string
  id: string
  channel_id: string | null
  email: string
  token_digest: string | null
  expires_at: Date
  created_at: Date
}

export type UptimeTables = {
  'uptime.service': ServiceRow
  'uptime.section': SectionRow
  'uptime.component': ComponentRow
  'uptime.subscriber': SubscriberRow
  'uptime.page_logo': PageLogoRow
  'uptime.page_link': PageLinkRow
  'uptime.page_domain': PageDomainRow
  'uptime.monitor': MonitorRow
  'uptime.monitor_state': MonitorStateRow
  'uptime.schedule': ScheduleRow
  'uptime.check_result': CheckResultRow
  'uptime.incident': IncidentRow
  'uptime.incident_update': IncidentUpdateRow
  'uptime.state_interval': StateIntervalRow
  'uptime.maintenance_window': MaintenanceWindowRow
  'uptime.maintenance_series': MaintenanceSeriesRow
  'uptime.heartbeat': HeartbeatRow
  'uptime.channel': ChannelRow
  'uptime.channel_binding': ChannelBindingRow
  'uptime.channel_verification': ChannelVerificationRow
}
