import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'

const retrySeconds = 60

/**
 * Refuses to score if this build computes a published figure differently (specification 4.1); reads are not affected.
 */
export function assertModel({ modelFaults }: Pick<OversightDeps, 'modelFaults'>): void {
  if (modelFaults.length === 0) return
  throw problems.SERVICE_UNAVAILABLE({
    detail: 'The model of this build does not give its published answers, so nothing is scored',
    retryAfterSeconds: retrySeconds,
  })
}
