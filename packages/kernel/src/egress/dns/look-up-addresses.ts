import type { Answer } from './answer-cache.ts'
import { DnsError } from './dns-error.ts'
import type { Question } from './dns-message.ts'

export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>

/** How long a name's IPv4 addresses wait for its IPv6 addresses; a few name servers never answer for those. */
const ipv6GraceMs = 250

/**
 * Asks for both families at once. IPv4 is always waited for: name servers that say of IPv6 that the name does not exist
 * are too common to be believed (RFC 4074 §4.2). An answer for IPv6 that comes late still reaches the cache.
 */
export async function lookUpAddresses(
  ask: Ask,
  hostname: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  signal.addEventListener('abort', stop)
  try {
    const ipv6 = ask({ hostname, type: 'AAAA' }, controller.signal).catch(toError)
    const ipv4 = await ask({ hostname, type: 'A' }, signal).catch(toError)
    if (isUnknownName(ipv4)) stop()
    const hasAddresses = toFound(ipv4).length > 0
    return toAddresses(hostname, ipv4, await (hasAddresses ? within(ipv6, ipv6GraceMs) : ipv6))
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** What both families come to; undefined is a family that was not waited for. Throws where there is no address. */
export function toAddresses(
  hostname: string,
  ipv4: Answer | Error,
  ipv6: Answer | Error | undefined,
): readonly string[] {
  const addresses = [...toFound(ipv4), ...toFound(ipv6)]
  if (addresses.length > 0) return addresses
  if (isUnknownName(ipv4)) throw new DnsError('ENOTFOUND', hostname)
  // One family without an address says little while the other could not be asked.
  for (const answer of [ipv4, ipv6]) if (answer instanceof Error) throw answer
  throw new DnsError('ENODATA', hostname)
}

function isUnknownName(answer: Answer | Error): boolean {
  return !(answer instanceof Error) && answer.kind === 'missing' && answer.code === 'ENOTFOUND'
}

function toFound(answer: Answer | Error | undefined): readonly string[] {
  return answer === undefined || answer instanceof Error || answer.kind === 'missing' ? [] : answer.values
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('A look-up was aborted', { cause: error })
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(late.resolve, timeoutMs, undefined)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
