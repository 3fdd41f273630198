/**
 * SQLSTATE classes and codes that mean a failure of the database or of the connection to it: connection, resources
 * (disk, memory, connections), operator intervention (shutting down, starting, a statement that took too long), system
 * errors, a read-only server.
 */
const outageStates = /^(?:08|53|58|57P|57014$|25006$|XX00[12]$)/
const outageCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EMFILE',
  'ENFILE',
])
/** The messages of driver errors that have no code. */
const outageSentences =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after)/

/**
 * Whether an error means that the database, or the connection to it, has failed, and not that the statement was wrong.
 */
export function isOutage(error: unknown): boolean {
  // The depth is bounded, since causes may form a circle.
  let cause = error
  for (let depth = 0; depth < 10 && cause instanceof Error; depth += 1) {
    const code = 'code' in cause ? String(cause.code) : ''
    if (outageStates.test(code) || outageCodes.has(code) || outageSentences.test(cause.message)) return true
    cause = cause.cause
  }
  return false
}
