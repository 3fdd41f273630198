import { heartbeat } from './heartbeat.ts'
import { http } from './http.ts'
import { ping } from './ping.ts'
import { tcp } from './tcp.ts'

/** What can be monitored. A new type is its file and its line here. */
export const monitorTypes = {
  http,
  tcp,
  ping,
  heartbeat,
}

export type MonitorType = keyof typeof monitorTypes
