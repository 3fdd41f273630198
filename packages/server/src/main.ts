import { constants } from 'node:os'
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

/** One Ctrl-C can arrive twice: from the terminal, and from the process that started this one. */
const sameSignalMs = 250

/** Resolves with the first signal to stop; a second, separate signal ends the process immediately (H8). */
function firstSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let firstMs: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      const nowMs = performance.now()
      if (firstMs !== undefined && nowMs - firstMs > sameSignalMs)
        process.exit(128 + constants.signals[signal])
      firstMs ??= nowMs
      resolve(signal)
    })
  return promise
}

/** Handles uncaught errors: they are logged, and the process ends, since its state is unknown. */
export function dieOnUncaught(): void {
  const log = createLogger('error')
  const die = (error: unknown): void => {
    log.error('Gatehouse stops after an error that nothing caught', toErrorFields(error))
    process.exit(1)
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
}
