import { egressMutants } from './egress.ts'
import { inputMutants } from './input.ts'
import { keyMutants } from './keys.ts'
import { limitMutants } from './limits.ts'
import type { Mutant } from './mutant.ts'
import { operationMutants } from './operations.ts'
import { recordMutants } from './records.ts'
import { refusalMutants } from './refusals.ts'
import { servedMutants } from './served.ts'
import { sessionMutants } from './sessions.ts'
import { tenancyMutants } from './tenancy.ts'
import { transportMutants } from './transport.ts'
import { webhookMutants } from './webhooks.ts'

/** For every claim that is verified, the server on which its probe must fail: one file a subject, as the claims. */
export const mutants: readonly Mutant[] = [
  ...keyMutants,
  ...sessionMutants,
  ...refusalMutants,
  ...limitMutants,
  ...tenancyMutants,
  ...inputMutants,
  ...egressMutants,
  ...webhookMutants,
  ...recordMutants,
  ...servedMutants,
  ...transportMutants,
  ...operationMutants,
]
