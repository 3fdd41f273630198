import { heartbeat } from './heartbeat.ts'
import { http } from './http.ts'
import { ping } from './ping.ts'
import { tcp } from './tcp.ts'

/** The monitor types. A new type is a file and a line here. */
export const monitorTypes = {
  http,
  tcp,
  ping,
  heartbeat,
}

export type MonitorType = keyof typeof monitorTypes
