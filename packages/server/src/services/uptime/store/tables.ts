import type { JsonValue } from '@gatehouse/kernel/audit'
import type { ColumnType, Generated } from 'kysely'
import type { MonitorState, MonitorStatus, MonitorType, TimelineState } from '../domain/monitor.ts'

/** pg gives bigint as text; it is written as a number. */
type Milliseconds = ColumnType<string, number, number>
type MillisecondsOrNull = ColumnType<string | null, number | null, number | null>
/** Read as a value, written as JSON text: an array would otherwise become a PostgreSQL array. */
type Json<T> = ColumnType<T, string, string>

export type ServiceRow = {
  org_id: string
  id: string
  name: string
  slug: string
  description: string | null
  is_public: boolean
  is_default: boolean
  access: 'public' | 'password' | 'members'
  time_zone: string
  language: 'auto' | 'en' | 'ja'
  auto_publish: boolean
  version: Generated<string>
  created_at: Date
  updated_at: Date
}

export type MonitorRow = {
  org_id: string
  id: string
  service_id: string
  type: MonitorType
  name: string
  config: Json<Record<string, unknown>>
  sealed_config: string | null
  interval_seconds: number
  is_active: boolean
  down_threshold: number
  up_threshold: number
  confirm_spacing_seconds: number | null
  degraded_after_ms: number | null
  notify_degraded: boolean
  renotify_minutes: number
  tags: string[]
  last_manual_check_at: Date | null
  created_at: Date
  updated_at: Date
}

export type MonitorStateRow = {
  org_id: string
  monitor_id: string
  status: MonitorStatus
  state: Json<MonitorState>
  last_checked_at: Date | null
  last_error_code: string | null
  last_error_message: string | null
  last_response_ms: number | null
  judged_through: Date
  wake_at: Date | null
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

export type IncidentRow = {
  org_id: string
  id: string
  monitor_id: string | null
  service_id: string
  type: 'auto' | 'manual' | 'change' | 'warning'
  status: 'ongoing' | 'acknowledged' | 'resolved'
  severity: 'critical' | 'warning'
  title: string | null
  cause: string | null
  monitor_name: string | null
  started_at: Date
  confirmed_at: Date
  acknowledged_at: Date | null
  acknowledged_by: string | null
  resolved_at: Date | null
  threshold: number | null
  public_phase: IncidentUpdateRow['phase'] | null
  impact: 'none' | 'minor' | 'major' | 'critical'
  visibility: Generated<'public' | 'hidden'>
  created_at: Date
  updated_at: Date
}

export type IncidentUpdateRow = {
  org_id: string
  id: string
  incident_id: string
  phase: 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'
  body: string
  author_id: string | null
  display_at: Date
  supersedes: string | null
}

export type StateIntervalRow = {
  org_id: string
  monitor_id: string
  from_ms: Milliseconds
  to_ms: MillisecondsOrNull
  state: TimelineState
  blip_ms: Milliseconds
  incident_id: string | null
}

export type MaintenanceWindowRow = {
  org_id: string
  id: string
  title: string | null
  scope: 'monitors' | 'service' | 'all'
  monitor_ids: string[]
  excluded_monitor_ids: Generated<string[]>
  service_id: string | null
  starts_at: Date
  ends_at: Date
  auto_resolve: boolean
  notify: boolean
  ended_at: Date | null
  created_at: Date
}

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

export type ChannelRow = {
  org_id: string
  id: string
  type: 'email' | 'webhook'
  name: string
  sealed_config: string
  summary: string
  is_active: boolean
  verified: boolean
  is_default: boolean
  delay_seconds: number
  events: string[]
  language: 'en' | 'ja'
  consecutive_dead: Generated<number>
  last_test_at: Date | null
  created_at: Date
  updated_at: Date
}

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

export type DeliveryRow = {
  org_id: string
  id: string
  channel_id: string
  monitor_id: string | null
  incident_id: string | null
  event: string
  occurrence: string
  seq: number
  payload: Json<JsonValue>
  state: 'held' | 'queued' | 'retrying' | 'sent' | 'failed' | 'suppressed' | 'merged'
  reason: string | null
  attempts: Json<StoredAttempt[]>
  external_ref: string | null
  next_attempt_at: Date | null
  lease_until: Date | null
  created_at: Date
  updated_at: Date
}

export type StoredAttempt = { atMs: number; result: string; durationMs: number }

export type UptimeTables = {
  'uptime.service': ServiceRow
  'uptime.monitor': MonitorRow
  'uptime.monitor_state': MonitorStateRow
  'uptime.schedule': ScheduleRow
  'uptime.check_result': CheckResultRow
  'uptime.incident': IncidentRow
  'uptime.incident_update': IncidentUpdateRow
  'uptime.state_interval': StateIntervalRow
  'uptime.maintenance_window': MaintenanceWindowRow
  'uptime.heartbeat': HeartbeatRow
  'uptime.channel': ChannelRow
  'uptime.channel_binding': ChannelBindingRow
  'uptime.channel_verification': ChannelVerificationRow
  'uptime.delivery': DeliveryRow
}
