import { createLogger, toErrorFields } from '@gatehouse/kernel/log'
import { compose } from './compose.ts'
import { readServerConfig } from './config.ts'

/** Runs the server until it is told to stop; resolves to the process's exit code. */
export async function serve(): Promise<number> {
  const config = readServerConfig(process.env, process.cwd())
  const log = createLogger(config.logLevel)
  const told = firstSignal()
  const server = await compose({ config, log, env: process.env })
  process.stdout.write(`ready on ${server.origin}\n`)
  if (server.ownerLink !== undefined)
    process.stdout.write(
      `Create the owner account (this link works once, for 24 hours): ${server.ownerLink}\n`,
    )
  const signal = await told
  log.info('stopping', { signal })
  await server.stop()
  return 0
}

/** The first request to stop; later ones change nothing, since Ctrl-C can arrive twice. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal))
  })
}

/** For errors that nothing caught: they are logged, and the process ends, since its state is unknown. */
export function dieOnUncaught(): void {
  const log = createLogger('error')
  const die = (error: unknown): void => {
    log.error('Gatehouse stops after an error that nothing caught', toErrorFields(error))
    process.exit(1)
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
}
