import { isIP } from 'node:net'
import type { OversightDeps } from '../deps.ts'
import type { Settings } from '../domain/settings.ts'

/** The name that this deployment's own page enrols authenticators under; null where it is reached by an address alone. */
export function ownRpId({ publicUrl }: Pick<OversightDeps, 'publicUrl'>): string | null {
  const { hostname } = new URL(publicUrl())
  return isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 ? hostname : null
}

/** Under which names an authenticator may sign: this deployment's, and those that the organisation named. */
export function listRpIds(
  deps: Pick<OversightDeps, 'publicUrl'>,
  { attestRpIds }: Pick<Settings, 'attestRpIds'>,
): readonly string[] {
  const own = ownRpId(deps)
  return [...(own === null ? [] : [own]), ...attestRpIds]
}

/** Whether a page of this origin may use authenticators of the name (WebAuthn Level 3 §5.1.3, RP ID). */
export function isOriginOf(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname, origin: whole } = new URL(origin)
  const isSecure = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost')
  return whole === origin && isSecure && (hostname === rpId || hostname.endsWith(`.${rpId}`))
}
