import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { send } from './ask.ts'

const yearMs = 366 * 86_400_000

/** Checks `security.txt` against RFC 9116: its place, its required fields, and its expiry. */
export async function readSecurityText(target: Target): Promise<Finding> {
  const { status, headers, text } = await target.send('/.well-known/security.txt')
  if (status !== 200) return fails(`/.well-known/security.txt answered ${status}`, { status })
  if (!(headers.get('content-type') ?? '').startsWith('text/plain'))
    return fails('security.txt is not served as plain text')
  const fields = toFields(text)
  const contacts = fields.get('contact') ?? []
  if (contacts.length === 0) return fails('security.txt names no contact')
  const stray = contacts.find(
    (contact) => !/^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\S+)$/.test(contact),
  )
  if (stray !== undefined) return fails('security.txt names a contact that is no URI')
  const expires = fields.get('expires') ?? []
  const endMs = Date.parse(expires[0] ?? '')
  const leftMs = endMs - Date.now()
  const figures = { contacts: contacts.length, expiresInDays: Math.floor(leftMs / 86_400_000) }
  if (expires.length !== 1 || Number.isNaN(endMs))
    return fails('security.txt does not say when it expires', figures)
  if (leftMs <= 0) return fails('security.txt has expired', figures)
  if (leftMs > yearMs) return fails('security.txt expires more than a year from now', figures)
  for (const name of ['policy', 'acknowledgments', 'canonical'])
    if ((fields.get(name) ?? []).length === 0) return fails(`security.txt has no field ${name}`, figures)
  return holds(figures)
}

function toFields(text: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>()
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z-]+):\s*(.*\S)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), value])
  }
  return fields
}

/** Patterns that a page must contain, by their purpose. */
export type Said = Readonly<Record<string, RegExp>>

/** Reads a page as people get it, and looks for each required statement. */
export function readPage(path: string, said: Said) {
  return async (target: Target): Promise<Finding> => {
    const page = await send(target, path)
    const text = toText(page.text)
    const missing = Object.entries(said).find(([, pattern]) => !pattern.test(text))
    return missing === undefined
      ? holds({ statements: Object.keys(said).length })
      : fails(`${path} does not say ${missing[0]}`)
  }
}

/** The text of a page, without markup. */
function toText(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
}
