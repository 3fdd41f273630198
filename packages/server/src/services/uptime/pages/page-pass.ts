import { createHash } from 'node:crypto'
import type { Sealer } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import type { PagePass } from '../domain/page-access.ts'

/** What a browser keeps; the key of feeds is no pass to the page. */
type KeptPass = Exclude<PagePass, { readonly kind: 'feed_key' }>

const passSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password'), passwordDigest: z.string(), untilMs: z.number() }),
  z.strictObject({ kind: z.literal('member'), untilMs: z.number() }),
])

type Place = { readonly orgId: string; readonly serviceId: string }

/** Seals a pass for a cookie: valid only for this page, and neither readable nor changeable by the browser. */
export function sealPass(sealer: Sealer, place: Place, pass: KeptPass): string {
  return sealer.seal(toContext(place), JSON.stringify(pass))
}

/** Undefined for anything that is not a valid pass of this page; a cookie can have any content. */
export function openPass(sealer: Sealer, place: Place, sealed: string): KeptPass | undefined {
  try {
    return passSchema.parse(JSON.parse(sealer.open(toContext(place), sealed).reveal()))
  } catch {
    return undefined
  }
}

/** Identifies the password behind a pass without exposing its hash. */
export function digestOfPassword(hash: string): string {
  return createHash('sha256').update(hash).digest('base64url')
}

function toContext({ orgId, serviceId }: Place) {
  return { orgId, table: 'uptime.service', column: 'pass', row: serviceId }
}
