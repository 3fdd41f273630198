import { randomBytes, timingSafeEqual } from 'node:crypto'
import { sha256Hex } from '@gatehouse/kernel/audit'
import { instanceOrgId, type MasterPrincipal } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'
import type { Proof } from './http/authenticate.ts'

/**
 * The secrets of the operator's automation, by the names of their settings; undefined for one that is not configured.
 */
export type MasterSecrets = Readonly<Record<string, Secret | undefined>>

/**
 * Verifies that a text is the secret that opens a route. A secret that is not configured matches nothing, in the same
 * time.
 */
export function createMasterVerifier(secrets: MasterSecrets) {
  // A random value takes the place of a secret that is not configured.
  const unknown = randomBytes(32).toString('hex')
  return (name: string, text: string, ip: string): Proof<MasterPrincipal> => {
    const configured = secrets[name]?.reveal() ?? unknown
    const [shown, wanted] = [text, configured].map((one) => Buffer.from(sha256Hex(one), 'hex'))
    if (shown === undefined || wanted === undefined || !timingSafeEqual(shown, wanted))
      return { accepted: false, reason: secrets[name] === undefined ? 'not_configured' : 'wrong_secret' }
    return {
      accepted: true,
      principal: { kind: 'master', orgId: instanceOrgId, secret: name, ip },
      requestsPerWindow: null,
    }
  }
}
