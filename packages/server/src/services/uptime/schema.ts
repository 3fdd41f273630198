import type { ServiceSchema } from '../../service.ts'
import { orgTables } from './org-tables.ts'
import { uptimeRetention } from './retention.ts'

export const uptimeSchema: ServiceSchema = {
  migrations: [{ module: 'uptime', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [
    { table: 'uptime.check_result', every: 'day', ahead: 3 },
    { table: 'uptime.heartbeat_ping', every: 'day', ahead: 3 },
  ],
  orgs: orgTables,
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
      table: 'uptime.channel_verification',
      person: 'email',
      holds: 'email',
      readIn: 'org',
      columns: ['org_id', 'id', 'channel_id', 'email', 'expires_at', 'created_at'],
    },
  ],
}
