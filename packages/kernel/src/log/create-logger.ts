import pino, { type DestinationStream } from 'pino'

/** The only members that a log line may have; anything else is dropped, so that no secret can get in. */
const allowedFields = [
  'requestId',
  'orgId',
  'keyPrefix',
  'userId',
  'method',
  'route',
  'status',
  'durationMs',
  'ip',
  'reason',
  'code',
  'error',
  'stack',
  'service',
  'job',
  'monitorId',
  'incidentId',
  'channelId',
  'webhookId',
  'deliveryId',
  'node',
  'count',
  'address',
  'path',
  'pid',
  'signal',
  'version',
  'cidrs',
  'attempt',
  'lateMs',
] as const

export type LogFields = {
  readonly [Field in (typeof allowedFields)[number]]?: string | number | readonly string[] | undefined
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type Logger = {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

const allowed: ReadonlySet<string> = new Set(allowedFields)

/** Logs JSON lines, to standard output unless another destination is given. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const log = destination === undefined ? pino(options) : pino(options, destination)
  const write = (name: Exclude<LogLevel, 'silent'>, message: string, fields?: LogFields): void => {
    // Most lines are below the level, and picking their fields would cost time in every request.
    if (log.isLevelEnabled(name)) log[name](pick(fields), message)
  }
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  }
}

/** The log fields of an error: its message and stack, with those of its cause, and no other property. */
export function toErrorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) }
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : ''
  return { error: error.message, stack: `${error.stack ?? ''}${cause}` }
}

function pick(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => allowed.has(name) && value !== undefined),
  )
}
