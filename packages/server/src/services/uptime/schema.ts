import { toSealedColumns } from '@gatehouse/kernel/db'
import type { ServiceSchema } from '../../service/define-service.ts'
import { orgTables } from './org-tables.ts'
import { uptimeRetention } from './retention.ts'
import { channelColumns } from './store/channel-columns.ts'
import { monitorColumns } from './store/monitor-columns.ts'
import { serviceColumns } from './store/service-columns.ts'
import { subscriberColumns } from './store/subscriber-columns.ts'

export const uptimeSchema: ServiceSchema = {
  migrations: [{ module: 'uptime', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [
    { table: 'uptime.check_result', every: 'day', ahead: 3 },
    { table: 'uptime.heartbeat_ping', every: 'day', ahead: 3 },
  ],
  orgs: orgTables,
  sealed: [
    ...toSealedColumns('uptime.service', serviceColumns),
    ...toSealedColumns('uptime.monitor', monitorColumns),
    { table: 'uptime.heartbeat', column: 'sealed_token', row: 'monitor_id', owner: 'org_id', within: 'org' },
    ...toSealedColumns('uptime.channel', channelColumns),
    ...toSealedColumns('uptime.subscriber', subscriberColumns),
  ],
  retention: uptimeRetention,
  personal: [
    {
      table: 'uptime.incident',
      person: 'acknowledged_by',
      holds: 'id',
      readIn: 'org',
      columns: ['org_id', 'id', 'title', 'monitor_name', 'started_at', 'acknowledged_at', 'resolved_at'],
    },
    {
      table: 'uptime.incident',
      person: 'assignee_id',
      holds: 'id',
      readIn: 'org',
      columns: ['org_id', 'id', 'title', 'monitor_name', 'started_at', 'assignments', 'resolved_at'],
    },
    {
      table: 'uptime.channel_verification',
      person: 'email',
      holds: 'email',
      readIn: 'org',
      columns: ['org_id', 'id', 'channel_id', 'email', 'expires_at', 'created_at'],
    },
    {
      table: 'uptime.subscriber',
      person: 'address',
      holds: 'email',
      readIn: 'org',
      columns: [
        'org_id',
        'id',
        'service_id',
        'address',
        'language',
        'component_ids',
        'confirmed_at',
        'created_at',
      ],
    },
  ],
}
