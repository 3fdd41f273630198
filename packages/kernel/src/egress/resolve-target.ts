import type { Attempt } from './attempt.ts'
import type { EgressAllowance } from './egress-allowance.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { judgeDialledAddress, type Target } from './judge-target.ts'
import { toErrorCode } from './network-failure.ts'

/**
 * All addresses of a name. Rejects with an error whose `code` is ENOTFOUND or ENODATA where the name has none, another
 * DNS code (ESERVFAIL, ETIMEOUT …) where its name servers are at fault, or ECONNREFUSED where ours do not answer. An
 * aborted look-up may still say which of these it is.
 */
export type Resolve = (
  hostname: string,
  options: {
    readonly signal: AbortSignal
    /** Bypasses cached answers. */
    readonly fresh?: boolean
    /** The org on whose behalf the name is looked up; orgs take turns. */
    readonly org?: string
  },
) => Promise<readonly { readonly address: string }[]>

type LookUpRules = {
  readonly policy: EgressPolicy
  readonly fresh: boolean
  readonly org: string | undefined
}

/**
 * The addresses to dial, in order. One forbidden address makes the whole answer forbidden: an answer that mixes a
 * private address with public ones is meant to get the private one dialled.
 */
export async function resolveTarget(
  resolve: Resolve,
  attempt: Attempt,
  target: Target,
  { policy, allow, fresh, org }: LookUpRules & { readonly allow: EgressAllowance },
): Promise<readonly string[]> {
  const addresses = target.literal
    ? [target.hostname]
    : await lookUp(resolve, attempt, target.hostname, { policy, fresh, org })
  const clean = addresses.every((address) => judgeDialledAddress(address, target.port, policy, allow).allowed)
  if (!clean) throw attempt.failure('target_forbidden')
  return alternateFamilies(addresses).slice(0, policy.addressesMax)
}

async function lookUp(
  resolve: Resolve,
  attempt: Attempt,
  hostname: string,
  { policy, fresh, org }: LookUpRules,
): Promise<readonly string[]> {
  const controller = new AbortController()
  const stopped = Promise.withResolvers<never>()
  const stop = (): void => {
    controller.abort()
    // A resolver that listens to the signal first reports what it knows; one that does not listen is not awaited.
    setImmediate(stopped.reject, controller.signal.reason)
  }
  const timer = setTimeout(stop, attempt.remainingMs(policy.connectTimeoutMs))
  attempt.signal.addEventListener('abort', stop)
  try {
    const { signal } = controller
    const answer = await Promise.race([
      resolve(hostname, { signal, fresh, ...(org === undefined ? {} : { org }) }),
      stopped.promise,
    ])
    if (answer.length === 0) throw attempt.failure('dns_not_found')
    attempt.finish('dnsMs')
    return answer.map(({ address }) => address)
  } catch (error) {
    throw toLookUpFailure(attempt, error, controller.signal.aborted)
  } finally {
    clearTimeout(timer)
    attempt.signal.removeEventListener('abort', stop)
  }
}

function toLookUpFailure(attempt: Attempt, error: unknown, stopped: boolean): unknown {
  const code = toErrorCode(error)
  if (code === 'ENOTFOUND' || code === 'ENODATA')
    return attempt.interruption('dns_not_found', { cause: error })
  const rcode = rcodes.get(code)
  if (rcode !== undefined || code === 'ECONNREFUSED' || code.startsWith('EAI_')) {
    return attempt.interruption('dns_failed', { rcode, cause: error })
  }
  return stopped ? attempt.interruption('dns_failed', { rcode: 'TIMEOUT' }) : error
}

const rcodes: ReadonlyMap<string, string> = new Map([
  ['EFORMERR', 'FORMERR'],
  ['ESERVFAIL', 'SERVFAIL'],
  ['ENOTIMP', 'NOTIMP'],
  ['EREFUSED', 'REFUSED'],
  ['EBADRESP', 'BADRESP'],
  ['ETIMEOUT', 'TIMEOUT'],
])

/**
 * Alternates IPv4 and IPv6, so that a shortened list still has both. The resolver's order within a family, and its
 * first choice, are kept.
 */
function alternateFamilies(addresses: readonly string[]): readonly string[] {
  if (addresses.length < 2) return addresses
  const isIpv6 = (address: string): boolean => address.includes(':')
  const firstIsIpv6 = isIpv6(addresses[0] ?? '')
  const preferred = addresses.filter((address) => isIpv6(address) === firstIsIpv6)
  const other = addresses.filter((address) => isIpv6(address) !== firstIsIpv6)
  return preferred
    .flatMap((address, index) => [address, ...other.slice(index, index + 1)])
    .concat(other.slice(preferred.length))
}
