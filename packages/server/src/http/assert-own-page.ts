import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Caller } from './authenticate.ts'
import type { CorsDeps } from './cors.ts'
import { problems } from './problems.ts'

export type OwnPageDeps = CorsDeps & {
  readonly trustedHops: number
  readonly publicUrl: () => string
}

/**
 * Refuses requests under a foreign host name: a page whose own name resolves to this machine sends that name (DNS
 * rebinding). An IP address cannot be rebound, and behind the operator's proxy the name is checked by the proxy.
 */
export function assertOwnName({ headers }: IncomingMessage, deps: OwnPageDeps): void {
  const { host } = headers
  if (host === undefined || deps.trustedHops > 0) return
  const name = toHostname(`http://${host}`)
  const isOwn =
    name !== undefined && (name === 'localhost' || isIP(name) !== 0 || name === toHostname(deps.publicUrl()))
  if (!isOwn)
    throw problems.FORBIDDEN({
      detail: 'Host: must be an address, localhost, or the name in GATEHOUSE_PUBLIC_URL',
    })
}

/**
 * Refuses requests from foreign pages. Programs send no Origin; a page may call when it belongs to this instance, or
 * when the org allows its origin.
 */
export async function assertAllowedPage(
  { headers: { origin } }: IncomingMessage,
  caller: Caller,
  deps: OwnPageDeps,
): Promise<void> {
  if (origin === undefined || origin === new URL(deps.publicUrl()).origin) return
  if (caller.kind === 'key' && (await deps.isOriginAllowed(caller.orgId, origin))) return
  throw problems.FORBIDDEN({ detail: 'Origin: pages of this origin may not call this server' })
}

function toHostname(url: string): string | undefined {
  return URL.parse(url)?.hostname.replace(/^\[|\]$/g, '')
}
