import type { IncomingMessage } from 'node:http'
import type { Clock } from '@gatehouse/kernel/clock'
import type { ServedService } from '../service/define-service.ts'
import { holdUntil } from '../service/hold-until.ts'

type Named = { readonly name: string; readonly value: string }

/**
 * Removes query parameters that hold a credential from the request line, before anything else reads it (G4), and
 * returns their names. Only names that the service lists are removed.
 */
export function cutCredentials(
  { policy: { keyInUrl } }: Pick<ServedService, 'policy'>,
  request: Pick<IncomingMessage, 'url'>,
): readonly Named[] {
  const { url = '/' } = request
  const start = url.indexOf('?')
  if (start === -1 || keyInUrl === undefined) return []
  const found: Named[] = []
  const kept = url
    .slice(start + 1)
    .split('&')
    .filter((member) => {
      const named = [...new URLSearchParams(member)].map(([name, value]) => ({ name, value }))
      const credentials = named.filter(({ name }) => keyInUrl.names.includes(name.toLowerCase()))
      found.push(...credentials)
      return credentials.length === 0
    })
  if (found.length > 0) request.url = url.slice(0, start) + (kept.length === 0 ? '' : `?${kept.join('&')}`)
  return found
}

/**
 * Refuses a request whose URL held a credential, no sooner than a wrong credential would be refused. The answer never
 * repeats it.
 */
export async function refuseCredentialInUrl(
  { clock }: { readonly clock: Clock },
  { policy: { gate, keyInUrl } }: Pick<ServedService, 'policy'>,
  { name }: Pick<Named, 'name'>,
  arrivedMs: number,
): Promise<never> {
  await holdUntil(clock, arrivedMs + gate.floorMs)
  if (keyInUrl === undefined) throw new Error('This service has no opinion on keys in URLs')
  throw keyInUrl.refusal({
    fields: [
      {
        field: name.toLowerCase(),
        message: 'a key goes into a header, never into a URL, which others write down',
      },
    ],
  })
}
