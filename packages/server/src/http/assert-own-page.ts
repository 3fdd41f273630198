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
 * A page that made its own name point at this machine asks under that name (DNS rebinding). An address cannot be pointed
 * anywhere, and behind a proxy of the operator's own the name is the proxy's to judge.
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

/** Programs send no Origin; a page may call when it is this instance's own, or one that the organisation allows. */
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
