import { isIP } from 'node:net'
import type { OversightDeps } from '../deps.ts'
import type { Settings } from '../domain/settings.ts'

/**
 * The relying-party id under which this deployment's own page enrols authenticators; null if it has only an IP
 * address.
 */
export function ownRpId({ publicUrl }: Pick<OversightDeps, 'publicUrl'>): string | null {
  const { hostname } = new URL(publicUrl())
  return isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 ? hostname : null
}

/**
 * The relying-party ids that an authenticator may sign for: this deployment's and those in the organisation's
 * settings.
 */
export function listRpIds(
  deps: Pick<OversightDeps, 'publicUrl'>,
  { attestRpIds }: Pick<Settings, 'attestRpIds'>,
): readonly string[] {
  const own = ownRpId(deps)
  return [...(own === null ? [] : [own]), ...attestRpIds]
}

/** Whether a page of this origin may use authenticators of the relying-party id (WebAuthn Level 3 §5.1.3, RP ID). */
export function isOriginOf(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname, origin: whole } = new URL(origin)
  const isSecure = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost')
  return whole === origin && isSecure && (hostname === rpId || hostname.endsWith(`.${rpId}`))
}
