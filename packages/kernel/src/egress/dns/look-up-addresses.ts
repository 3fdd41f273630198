import type { Answer } from './answer-cache.ts'
import { DnsError } from './dns-error.ts'
import type { Question } from './dns-message.ts'

export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>

/** How long an IPv4 answer waits for the IPv6 answer; a few name servers never answer for IPv6. */
const ipv6GraceMs = 250

/**
 * Queries both address families at the same time. IPv4 is always awaited: many name servers wrongly answer an IPv6
 * query by saying that the name does not exist (RFC 4074 §4.2). A late answer for IPv6 still reaches the cache.
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

/**
 * Combines the answers of both families; undefined stands for a family that was not awaited. Throws when there is no
 * address.
 */
export function toAddresses(
  hostname: string,
  ipv4: Answer | Error,
  ipv6: Answer | Error | undefined,
): readonly string[] {
  const addresses = [...toFound(ipv4), ...toFound(ipv6)]
  if (addresses.length > 0) return addresses
  if (isUnknownName(ipv4)) throw new DnsError('ENOTFOUND', hostname)
  // That one family has no address says little while the other could not be looked up.
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
