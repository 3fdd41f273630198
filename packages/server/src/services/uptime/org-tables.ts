import { codecs, column, type OrgTable, toOrgTable } from '@gatehouse/kernel/db'
import { channelColumns } from './store/channel-columns.ts'
import { domainColumns } from './store/domain-columns.ts'
import { incidentColumns, incidentUpdateColumns } from './store/incident-columns.ts'
import { componentColumns, sectionColumns } from './store/layout-columns.ts'
import { logoColumns } from './store/logo-columns.ts'
import { monitorColumns } from './store/monitor-columns.ts'
import { publicColumn, serviceColumns, versionColumn } from './store/service-columns.ts'
import { seriesColumns } from './store/series-columns.ts'
import { subscriberColumns } from './store/subscriber-columns.ts'
import { windowColumns } from './store/window-columns.ts'

const lease = 'which node does it'

/** The tables with an organisation's data; a table comes after those that it refers to. */
export const orgTables: readonly OrgTable[] = [
  { table: 'uptime.channel_binding', columns: ['monitor_id', 'channel_id', 'delay_seconds'] },
  {
    table: 'uptime.channel_verification',
    columns: ['id', 'channel_id', 'email', 'expires_at', 'created_at'],
    withheld: { token_digest: 'proves a secret' },
  },
  toOrgTable('uptime.channel', channelColumns),
  {
    table: 'uptime.heartbeat_ping',
    columns: ['monitor_id', 'at', 'kind', 'exit_code', 'run_id', 'body'],
  },
  {
    table: 'uptime.heartbeat',
    columns: ['monitor_id', 'last_ping_at', 'last_start_at', 'deadline_at', 'run_id'],
    withheld: { token_digest: 'proves a secret', sealed_token: 'a secret' },
  },
  {
    table: 'uptime.check_result',
    columns: [
      'monitor_id',
      'location_id',
      'started_at',
      'slot_at',
      'origin',
      'outcome',
      'code',
      'detail',
      'status_code',
      'dns_ms',
      'connect_ms',
      'tls_ms',
      'ttfb_ms',
      'download_ms',
      'total_ms',
      'remote_address',
      'in_maintenance',
    ],
  },
  { table: 'uptime.response_day', columns: ['monitor_id', 'day', 'buckets'] },
  {
    table: 'uptime.state_interval',
    columns: ['monitor_id', 'from_ms', 'to_ms', 'state', 'blip_ms', 'incident_id'],
  },
  toOrgTable('uptime.incident_update', {
    incidentId: column('incident_id', codecs.text),
    ...incidentUpdateColumns,
  }),
  toOrgTable('uptime.incident', incidentColumns),
  toOrgTable('uptime.maintenance_window', windowColumns),
  toOrgTable('uptime.maintenance_series', seriesColumns),
  {
    table: 'uptime.schedule',
    columns: [
      'monitor_id',
      'location_id',
      'next_due_at',
      'slot_at',
      'confirming',
      'origin',
      'interval_seconds',
      'timeout_ms',
      'missed_slots',
    ],
    withheld: { lease_id: lease, lease_until: lease, lease_node: lease },
  },
  {
    table: 'uptime.monitor_state',
    columns: [
      'monitor_id',
      'status',
      'state',
      'last_checked_at',
      'last_error_code',
      'last_error_message',
      'last_error_values',
      'last_response_ms',
      'judged_through',
      'wake_at',
    ],
    withheld: { rank: 'computed from status and state' },
  },
  toOrgTable('uptime.component', componentColumns),
  toOrgTable('uptime.section', sectionColumns),
  toOrgTable('uptime.subscriber', subscriberColumns),
  toOrgTable('uptime.page_logo', logoColumns),
  toOrgTable('uptime.page_domain', domainColumns),
  {
    table: 'uptime.page_link',
    columns: ['service_id', 'expires_at'],
    withheld: { token_digest: 'proves a secret' },
  },
  toOrgTable('uptime.monitor', monitorColumns),
  toOrgTable('uptime.service', { ...serviceColumns, isPublic: publicColumn, version: versionColumn }),
]
