import type { Logger } from '@gatehouse/kernel/log'
import { listPlainTransports, type ServerConfig } from './config.ts'

/** Logs which protections that are on by default the settings turn off. */
export function warnOfOpenings(
  config: ServerConfig,
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): void {
  for (const { transport } of listPlainTransports(config, env))
    log.warn(
      `The way to the ${transport} leaves this machine without verified TLS, as GATEHOUSE_ALLOW_PLAIN allows`,
    )
  if (config.egressAllow !== '')
    log.warn('Networks beyond the public internet may be reached', { cidrs: config.egressAllow })
}
