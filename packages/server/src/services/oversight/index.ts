import { bindJob } from '@gatehouse/kernel/jobs'
import { defineService } from '../../service/define-service.ts'
import type { ServiceDeps } from '../../service/service-deps.ts'
import { startLoop } from '../../service/start-loop.ts'
import { oversightEndpoints } from './contract/endpoints.ts'
import { oversightEvents } from './contract/events.ts'
import { programName } from './contract/front.ts'
import { eraseBodiesJob } from './contract/jobs.ts'
import type { OversightDeps } from './deps.ts'
import { oversightEnvelope } from './envelope.ts'
import { oversightHandlers } from './handlers/index.ts'
import { oversightRecurring } from './jobs/index.ts'
import { oversightPlans } from './plans.ts'
import { oversightDefaultScopes, oversightPolicy } from './policy.ts'
import { problems } from './problems.ts'
import { oversightSchema } from './schema.ts'
import { listModelFaults } from './self-test.ts'
import { signForClients } from './sign-webhook.ts'
import { verifyAccessLink } from './usecases/access-links.ts'
import { eraseBodies } from './usecases/erase-operator.ts'
import { expireDecisions } from './usecases/expire-decisions.ts'
import { createWaiters } from './usecases/waiters.ts'

export { alertRaisedJob } from './contract/jobs.ts'

/** Measures whether people who approve, change or reject AI output are judging it. */
export const oversight = defineService({
  name: 'oversight',
  title: 'Oversight',
  description: 'Human decisions with AI advice: scores, reliance, routing and signed receipts',
  policy: {
    ...oversightPolicy,
    jsonDepthMax: oversightPolicy.jsonDepthMax.usual,
    defaultScopes: oversightDefaultScopes,
    deviceScopes: null,
  },
  problems,
  envelope: oversightEnvelope,
  schema: oversightSchema,
  events: oversightEvents,
  signWebhook: signForClients,
  programName,
  plans: oversightPlans,
  auditDoor: null,
  endpoints: oversightEndpoints,
  build: (lent: ServiceDeps) => {
    const modelFaults = listModelFaults()
    const waiters = createWaiters(lent.news, lent.stopping)
    const deps: OversightDeps = { ...lent, modelFaults, waiters }
    return {
      handlers: oversightHandlers(deps),
      impairments: modelFaults.map((fault) => `oversight does not score: ${fault}`),
      jobs: [bindJob(eraseBodiesJob, (payload) => eraseBodies(deps, payload))],
      recurring: oversightRecurring(deps),
      verifyLink: (token) => verifyAccessLink(deps, token),
      start: async () =>
        startLoop('oversight expiry', oversightPolicy.decisions.expiryRoundSeconds * 1_000, lent.log, () =>
          expireDecisions(deps),
        ),
    }
  },
})
