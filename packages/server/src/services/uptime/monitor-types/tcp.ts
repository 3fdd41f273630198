import { z } from 'zod'
import { hostname, noSecrets, port, timeoutMs } from './config-fields.ts'
import { defineMonitorType } from './define-monitor-type.ts'

/** Up if the TCP handshake completes (specification 4.3). */
export const tcp = defineMonitorType({
  title: 'TCP port',
  config: z.strictObject({ hostname, port, timeoutMs }),
  example: { hostname: 'db.example.com', port: 5432 },
  secrets: noSecrets,
  sentences: {},
  target: (config) => ({
    field: 'hostname',
    input: { scheme: 'tcp', hostname: config.hostname, port: config.port },
  }),
  check: (config, look) => look.connect({ scheme: 'tcp', hostname: config.hostname, port: config.port }),
  assess: () => undefined,
})
