import type { ServiceSchema } from '../../service.ts'

export const uptimeSchema: ServiceSchema = {
  migrations: [{ module: 'uptime', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [
    { table: 'uptime.check_result', every: 'day', ahead: 3 },
    { table: 'uptime.heartbeat_ping', every: 'day', ahead: 3 },
  ],
}
