import type { Claim, VerifiedClaim } from '../define-claim.ts'
import { hostingClaims } from './hosting.ts'
import { limitClaims } from './limits.ts'
import { tenancyClaims } from './tenancy.ts'
import { webhookClaims } from './webhooks.ts'

/** Every sentence of the security page, by subject: one file each. */
export const claims: readonly Claim[] = [...hostingClaims, ...limitClaims, ...tenancyClaims, ...webhookClaims]

export function isVerified(claim: Claim): claim is VerifiedClaim {
  return claim.kind === 'verified'
}
