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

/** What this instance claims of its security, and the evidence for it. */
export const posture = defineService({
  name: 'posture',
  title: 'Security page',
  description: 'What the instance claims of its security, and what probes last saw of it',
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
    // What this node has just found is shown at once.
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
        // It takes a while, and whoever looks first is not to wait for it.
        deps.build().catch((error: unknown) => deps.log.error('The code has no hash', toErrorFields(error)))
        // What a new build or a new installation does is not known until it is probed: nobody is to wait for the timetable.
        const firstAtMs = deps.clock.now() + policy.firstRoundAfterMs
        if (deps.isScheduled) await asWriter(deps, (tx) => queueDue(tx, firstAtMs))
        return startNothing()
      },
    }
  },
})
