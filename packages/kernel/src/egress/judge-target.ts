import type { EgressAllowance } from './egress-allowance.ts'
import type { EgressPolicy, EgressScheme } from './egress-policy.ts'
import { judgeAddress, type AddressVerdict } from './judge-address.ts'
import { parseHost, toHost, type Host } from './parse-host.ts'

/** An http or https URL, or the host and port of a bare connection. */
export type TargetInput =
  | string
  | { readonly scheme: 'tcp' | 'tls'; readonly hostname: string; readonly port: number }

export type Target = Host & {
  readonly scheme: EgressScheme
  readonly port: number
  /** Path and query of a URL; empty for a bare connection. */
  readonly path: string
}

export type TargetRules = Pick<
  EgressPolicy,
  'schemes' | 'ports' | 'hosts' | 'mailPorts' | 'operatorConfigured'
>

export type TargetVerdict =
  | { readonly accepted: true; readonly target: Target }
  | { readonly accepted: false; readonly reason: TargetRefusal; readonly sentence: string }

export type TargetRefusal = 'malformed' | 'userinfo' | 'scheme' | 'port' | 'name' | 'address'

/**
 * Whether a target may be saved. Judges spelling, scheme, port, name and, for an address, the address. A name is judged
 * by what it resolves to, at every dial. `sentence` is worded to follow the name of the field.
 */
export function judgeTarget(input: TargetInput, rules: TargetRules, allow: EgressAllowance): TargetVerdict {
  const parsed = typeof input === 'string' ? parseUrl(input) : parseHostAndPort(input)
  if (!parsed.accepted) return parsed
  const { target } = parsed
  if (!rules.schemes.includes(target.scheme)) return refuseScheme(rules.schemes)
  if (!isPort(target.port)) return refuse('port', 'The port must be a whole number from 1 to 65535.')
  if (!rules.mailPorts && mailPorts.has(target.port)) {
    return refuse('port', 'Ports 25, 465 and 587 are for mail and may not be used here.')
  }
  if (rules.ports !== 'any' && !rules.ports.includes(target.port)) {
    return refuse('port', `The port must be one of ${rules.ports.join(', ')}.`)
  }
  if (rules.hosts !== undefined && !rules.hosts.includes(target.hostname)) {
    return refuse('name', 'This host is not one of those that may be reached here.')
  }
  if (isForbiddenName(target, rules)) {
    return refuse('name', 'This name belongs to a private network and may not be used.')
  }
  if (target.literal && !judgeDialledAddress(target.hostname, target.port, rules, allow).allowed) {
    return refuseAddress('This address is not on the public internet and may not be used.')
  }
  return parsed
}

/**
 * Judges a dialled address under one policy: a host that the operator configured may be private, but never a metadata
 * address.
 */
export function judgeDialledAddress(
  address: string,
  port: number,
  rules: Pick<TargetRules, 'operatorConfigured'>,
  allow: EgressAllowance,
): AddressVerdict {
  const verdict = judgeAddress(address, allow, port)
  if (verdict.allowed || !rules.operatorConfigured) return verdict
  return verdict.reason === 'metadata' || verdict.reason === 'not_an_address' ? verdict : { allowed: true }
}

export function refuseAddress(sentence: string): TargetVerdict {
  return refuse('address', sentence)
}

function parseUrl(raw: string): TargetVerdict {
  const url = URL.parse(raw)
  if (url === null) return refuse('malformed', 'This is not a valid URL.')
  // The parser drops tabs and newlines, trims blanks and reads a backslash as a slash, so a person sees another host.
  if (/[^\u0020-\u{10ffff}]|[\u007f\\]/u.test(raw) || raw.trim() !== raw) {
    return refuse('malformed', 'A URL may not contain tabs, line breaks, backslashes or blanks at its ends.')
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('userinfo', 'A URL may not contain a user name or password.')
  }
  const scheme = schemesOfUrls.get(url.protocol)
  if (scheme === undefined) return refuse('scheme', 'The URL must start with http:// or https://.')
  const host = toHost(url)
  if (host === undefined) return refuse('malformed', 'The host name of the URL is not valid.')
  const port = url.port === '' ? defaultPorts[scheme] : Number(url.port)
  return { accepted: true, target: { ...host, scheme, port, path: url.pathname + url.search } }
}

function parseHostAndPort({ scheme, hostname, port }: Exclude<TargetInput, string>): TargetVerdict {
  const host = parseHost(hostname)
  if (host === undefined) return refuse('malformed', 'This is not a valid host name or address.')
  return { accepted: true, target: { ...host, scheme, port, path: '' } }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}

function isForbiddenName({ hostname, literal }: Target, rules: TargetRules): boolean {
  if (literal) return false
  if (hostname === 'metadata.google.internal') return true
  if (rules.operatorConfigured) return false
  return hostname === 'localhost' || /\.(?:localhost|internal|local)$/.test(hostname)
}

function refuseScheme(schemes: readonly EgressScheme[]): TargetVerdict {
  return refuse('scheme', `The scheme must be ${schemes.join(' or ')}.`)
}

function refuse(reason: TargetRefusal, sentence: string): TargetVerdict {
  return { accepted: false, reason, sentence }
}

const mailPorts: ReadonlySet<number> = new Set([25, 465, 587])
const defaultPorts = { http: 80, https: 443 } as const
const schemesOfUrls: ReadonlyMap<string, 'http' | 'https'> = new Map([
  ['http:', 'http'],
  ['https:', 'https'],
])
