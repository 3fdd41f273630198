import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { parse } from 'tldts'
import { z } from 'zod'
import { toHostName } from './email-address.ts'

export type ParsedHostName =
  | { readonly accepted: true; readonly name: string }
  | { readonly accepted: false; readonly because: string }

/** Names that are not of the public DNS, or that nobody can own there (RFC 6761, 6762, 7686, 9476). */
const special = /(?:^|\.)(?:localhost|local|internal|arpa|onion|invalid|alt)$/

/**
 * Parses a host name of which somebody can say that it is theirs: at least one label below a public suffix. Returns it in
 * lower case and Punycode, without the dot of the root.
 */
export function parsePublicHostName(text: string): ParsedHostName {
  const refuse = (because: string): ParsedHostName => ({ accepted: false, because })
  const plain = text.replace(/[.\u3002\uff0e\uff61]$/, '')
  if (plain.includes('*')) return refuse('must be one name, not a wildcard')
  if (isAddress(plain)) return refuse('must be a name, not an IP address')
  if (special.test(plain.toLowerCase())) return refuse('must be a name of the public internet')
  const name = toHostName(plain)
  if (name === undefined)
    return refuse('must be a host name such as status.example.com, without https:// and without a path')
  if (special.test(name)) return refuse('must be a name of the public internet')
  if (parse(name, { allowPrivateDomains: true }).domain === null)
    return refuse('must be a name of your own below it: many owners share this one')
  return { accepted: true, name }
}

/** In any spelling that a browser would take for one. */
function isAddress(text: string): boolean {
  return isIP(text.replaceAll(/^\[|\]$/g, '')) !== 0 || isIP(domainToASCII(text)) !== 0
}

/** The schema of such a name, of at most `charactersMax` characters in Punycode. */
export function publicHostName(charactersMax: number) {
  return z
    .string()
    .trim()
    .max(1_000, `must be at most ${charactersMax} characters long`)
    .meta({ examples: ['status.example.com'] })
    .transform((text, context) => {
      const parsed = parsePublicHostName(text)
      const because = !parsed.accepted
        ? parsed.because
        : parsed.name.length > charactersMax
          ? `must be at most ${charactersMax} characters long`
          : undefined
      if (parsed.accepted && because === undefined) return parsed.name
      context.addIssue({ code: 'custom', message: because ?? '' })
      return z.NEVER
    })
}
