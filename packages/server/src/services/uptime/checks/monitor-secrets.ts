import type { Sealer } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

/** The decrypted secret members of a config, by name. */
export type MonitorSecrets = Readonly<Record<string, unknown>>

export function sealMonitorSecrets(
  sealer: Sealer,
  orgId: string,
  monitorId: string,
  secrets: MonitorSecrets,
): string | null {
  if (Object.keys(secrets).length === 0) return null
  return sealer.seal(place(orgId, monitorId), JSON.stringify(secrets))
}

/** Decrypts the secrets of a check; called only when the check is sent. */
export function openMonitorSecrets(
  sealer: Sealer,
  orgId: string,
  monitor: { readonly id: string; readonly sealedConfig: string | null },
): MonitorSecrets {
  if (monitor.sealedConfig === null) return {}
  return z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(sealer.open(place(orgId, monitor.id), monitor.sealedConfig).reveal()))
}

function place(orgId: string, row: string) {
  return { orgId, table: 'uptime.monitor', column: 'sealed_config', row }
}
