import type { ServiceFacts, ServicePolicy } from './define-service.ts'
import { problemEnvelope } from './envelope.ts'

const perMinute = { windowSeconds: 60, whenStoreFails: 'refuse' } as const

/** The gate of endpoints for sessions, and of public ones. */
export const sessionGate: ServicePolicy['gate'] = {
  credentialHeaders: ['authorization'],
  floorMs: 80,
  floorOn: 'failures',
  beforeProof: { name: 'platform-before-proof', limit: 60, ...perMinute },
  perKey: { name: 'platform-key', limit: 60, ...perMinute },
  perKeyBy: 'key',
  // One count for all of `/dashboard/*`, whichever service a path belongs to.
  perUser: { name: 'dashboard-user', limit: 60, ...perMinute },
}

/** The facts of a service that is public and stores nothing. */
export const open: Pick<ServiceFacts, 'problems' | 'envelope' | 'schema' | 'events' | 'plans' | 'auditDoor'> =
  {
    problems: {},
    envelope: problemEnvelope,
    schema: { migrations: [], partitions: [], retention: [], personal: [], orgs: [], sealed: [] },
    events: {},
    plans: { unlimited: {} },
    auditDoor: null,
  }

/** Its policy: one limit by address, under the name that its endpoints use. */
export function openPolicy(limit: string): ServicePolicy {
  return {
    keyShape: null,
    gate: sessionGate,
    publicLimits: { [limit]: { name: limit, limit: 600, windowSeconds: 60, whenStoreFails: 'admit' } },
    scopes: [],
    defaultScopes: [],
    deviceScopes: null,
  }
}
