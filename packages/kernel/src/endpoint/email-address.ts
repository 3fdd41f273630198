import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { showHost } from './show-host.ts'

/** The lengths of RFC 5321 §4.5.3.1, where a path has 256 characters with its brackets. */
const localMax = 64
const addressMax = 254

/** A dot-atom of RFC 5322 §3.2.3: the form of the part before the @ that needs no quotes. */
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
/**
 * At least two labels of letters, digits and hyphens; the last label is not a number, so that no IP address matches.
 */
const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/

export type ParsedEmail =
  | { readonly accepted: true; readonly address: string }
  | { readonly accepted: false; readonly because: string }

/** Parses an e-mail address: the part before the @ stays as given, the domain becomes lower case and Punycode. */
export function parseEmail(text: string): ParsedEmail {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
  const refuse = (because: string): ParsedEmail => ({ accepted: false, because })
  if (at < 1 || domain === '') return refuse('must be an e-mail address')
  if (local.startsWith('"')) return refuse('must be an e-mail address without quotes before the @')
  if (/[^\u0000-\u007f]/.test(local))
    return refuse('must have only ASCII characters before the @, since few mail servers take others')
  if (domain.startsWith('[')) return refuse('must name a domain after the @, not an address in brackets')
  if (!dotAtom.test(local)) return refuse('must be an e-mail address')
  const ascii = toHostName(domain)
  if (ascii === undefined) return refuse('must name a domain such as example.com after the @')
  if (local.length > localMax) return refuse(`must have at most ${localMax} characters before the @`)
  const address = `${local}@${ascii}`
  return address.length <= addressMax
    ? { accepted: true, address }
    : refuse(`must be at most ${addressMax} characters long`)
}

/** The host name in lower case and Punycode, as domains are stored; undefined for text that is none. */
export function toHostName(domain: string): string | undefined {
  // Text in which a URL parser would see anything but a host is rejected.
  const ascii = /[\s%/\\?#:@[\]<>^|]/.test(domain) ? '' : domainToASCII(domain.normalize('NFC'))
  return hostName.test(ascii) ? ascii : undefined
}

/** The form of an address for people: the domain in its own script, where that is safe. */
export function showEmail(address: string): string {
  const at = address.lastIndexOf('@') + 1
  return `${address.slice(0, at)}${showHost(address.slice(at))}`
}

/** The schema of every e-mail address in a request. */
export const emailAddress = z
  .string()
  .trim()
  .max(1_000, `must be at most ${addressMax} characters long`)
  .meta({ format: 'email' })
  .transform((text, context) => {
    const parsed = parseEmail(text)
    if (parsed.accepted) return parsed.address
    context.addIssue({ code: 'custom', message: parsed.because })
    return z.NEVER
  })

/** The schema of an e-mail domain without the part before the @. */
export const emailDomain = z
  .string()
  .trim()
  .max(253, 'must be at most 253 characters long')
  .meta({ examples: ['example.com'] })
  .transform((text, context) => {
    const domain = toHostName(text)
    if (domain !== undefined) return domain
    context.addIssue({ code: 'custom', message: 'must be a domain such as example.com' })
    return z.NEVER
  })
