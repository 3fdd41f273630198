import { limitMutants } from './limits.ts'
import type { Mutant } from './mutant.ts'
import { tenancyMutants } from './tenancy.ts'
import { webhookMutants } from './webhooks.ts'

/** For every claim that is verified, the server on which its probe must fail: one file a subject, as the claims. */
export const mutants: readonly Mutant[] = [...limitMutants, ...tenancyMutants, ...webhookMutants]
