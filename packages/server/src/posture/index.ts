import { asWriter } from '@gatehouse/kernel/db'
import { toErrorFields } from '@gatehouse/kernel/log'
import { defineService, startNothing } from '../service/define-service.ts'
import { wireEnvelope } from '../service/envelope.ts'
import { postureEndpoints } from './contract/endpoints.ts'
import type { PostureDeps } from './deps.ts'
import { postureHandlers } from './handlers/posture-handlers.ts'
import { postureJobs, postureRecurring } from './jobs/index.ts'
import { policy } from './policy.ts'
import { problems } from './problems.ts'
import { postureSchema } from './schema.ts'
import { notePolicy } from './usecases/note-policy.ts'
import { queueDue } from './usecases/run-probes.ts'
import { createReader } from './usecases/read-posture.ts'
import { verdictGauge } from './verdict-gauge.ts'

export type { PostureDeps } from './deps.ts'
export type { LentOrg } from './lent-orgs.ts'
export { probeTarget, type TargetRun } from './probe-target.ts'
export { readRun } from './usecases/read-posture.ts'
export { askForRun } from './usecases/run-probes.ts'

/** The claims of this instance about its security, and the evidence for them. */
export const posture = defineService({
  name: 'posture',
  title: 'Security page',
  description: 'The security claims of this instance and the latest results of the probes that check them',
  policy,
  problems,
  envelope: wireEnvelope,
  schema: postureSchema,
  events: {},
  plans: { unlimited: {} },
  auditDoor: null,
  endpoints: postureEndpoints,
  build: (given: PostureDeps) => {
    const reader = createReader(given)
    // A result of this node is shown immediately.
    const deps: PostureDeps = {
      ...given,
      probe: (options) =>
        given.probe({
          ...options,
          onResult: async (result) => {
            await options.onResult?.(result)
            reader.forget()
          },
        }),
    }
    return {
      handlers: postureHandlers(deps, reader),
      jobs: postureJobs(deps),
      recurring: postureRecurring(deps),
      gauges: [verdictGauge(reader.read)],
      start: async () => {
        await notePolicy(deps)
        // Hashing takes a while, so it starts now, and not with the first request.
        deps.build().catch((error: unknown) => deps.log.error('The code has no hash', toErrorFields(error)))
        // Nothing is known of a new build or installation until it is probed, so the first run does not wait for the
        // schedule.
        const firstAtMs = deps.clock.now() + policy.firstRoundAfterMs
        if (deps.isScheduled) await asWriter(deps, (tx) => queueDue(tx, firstAtMs))
        return startNothing()
      },
    }
  },
})
