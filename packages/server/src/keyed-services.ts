import type { KeyedService } from './platform/index.ts'
import { uptimePolicy } from './services/uptime/policy.ts'

/** The services that API keys open, by name: for the gate, the dashboard and the commands on the server's own machine. */
export const keyedServices: ReadonlyMap<string, KeyedService> = new Map([['uptime', uptimePolicy]])
