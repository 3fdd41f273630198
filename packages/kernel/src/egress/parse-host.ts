import { parseAddress } from './parse-address.ts'

export type Host = {
  /** Lower-case ASCII, without brackets or a trailing dot; an address in its canonical spelling. */
  readonly hostname: string
  readonly literal: boolean
}

/** Parses a host in any spelling that the WHATWG parser knows; an IPv6 address may come without its brackets. */
export function parseHost(raw: string): Host | undefined {
  const host = raw.includes(':') && !raw.startsWith('[') ? `[${raw}]` : raw
  // These characters would end the host or change which part of the URL is the host.
  if (/[/\\?#@\s]/.test(host) || /:[^\]]*$/.test(host)) return undefined
  const url = URL.parse(`http://${host}/`)
  return url === null ? undefined : toHost(url)
}

/**
 * The host of a parsed http or https URL. The parser has already turned every spelling (decimal, octal, hexadecimal,
 * short, percent-encoded, full-width, invisible characters) into one, so only plain names are left to check.
 */
export function toHost(url: URL): Host | undefined {
  if (url.hostname.startsWith('[')) return { hostname: url.hostname.slice(1, -1), literal: true }
  const hostname = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname
  if (parseAddress(hostname) !== undefined) return { hostname, literal: true }
  return isName(hostname) ? { hostname, literal: false } : undefined
}

/** The lengths of RFC 1035 §2.3.4; the underscore is common in real host names. */
function isName(hostname: string): boolean {
  return hostname.length <= 253 && hostname.split('.').every((label) => /^[a-z0-9_-]{1,63}$/.test(label))
}
