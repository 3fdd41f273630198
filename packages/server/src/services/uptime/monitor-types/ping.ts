import { z } from 'zod'
import { hostname, noSecrets, port, timeoutMs } from './config-fields.ts'
import { defineMonitorType } from './define-monitor-type.ts'

/** Up if a connection to the host is accepted; default port 443 (specification 4.3). */
export const ping = defineMonitorType({
  title: 'Ping',
  config: z.strictObject({ hostname, port: port.default(443), timeoutMs }),
  example: { hostname: 'example.com' },
  secrets: noSecrets,
  sentences: {},
  target: (config) => ({
    field: 'hostname',
    input: { scheme: 'tcp', hostname: config.hostname, port: config.port },
  }),
  check: (config, look) => look.connect({ scheme: 'tcp', hostname: config.hostname, port: config.port }),
  assess: () => undefined,
})
