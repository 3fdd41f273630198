import type { Claim } from '../define-claim.ts'
import { hostingClaims } from './hosting.ts'
import { limitClaims } from './limits.ts'
import { tenancyClaims } from './tenancy.ts'
import { webhookClaims } from './webhooks.ts'

/** Every sentence of the security page, by subject: one file each. */
export const claims: readonly Claim[] = [...hostingClaims, ...limitClaims, ...tenancyClaims, ...webhookClaims]
