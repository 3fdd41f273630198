import type { Sealer } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import { type HttpAuth, httpAuth } from '../contract/monitor-config.ts'

/** The members of a config that are kept sealed. */
export type MonitorSecrets = { readonly auth: HttpAuth }

const secrets = z.strictObject({ auth: httpAuth })

export function sealMonitorSecrets(
  sealer: Sealer,
  orgId: string,
  monitorId: string,
  secret: MonitorSecrets,
): string {
  return sealer.seal(place(orgId, monitorId), JSON.stringify(secret))
}

/** Opens what a check needs, for the one moment in which it is sent. */
export function openMonitorSecrets(
  sealer: Sealer,
  orgId: string,
  monitor: { readonly id: string; readonly sealedConfig: string | null },
): MonitorSecrets | null {
  if (monitor.sealedConfig === null) return null
  return secrets.parse(JSON.parse(sealer.open(place(orgId, monitor.id), monitor.sealedConfig).reveal()))
}

function place(orgId: string, row: string) {
  return { orgId, table: 'uptime.monitor', column: 'sealed_config', row }
}
