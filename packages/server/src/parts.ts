import { randomBytes } from 'node:crypto'
import { createAuditLog, createCallLog, createRefusalLog } from '@gatehouse/kernel/audit'
import { type Clock, systemClock } from '@gatehouse/kernel/clock'
import { assertTenancy } from '@gatehouse/kernel/db'
import { createEgress } from '@gatehouse/kernel/egress'
import { createKeyDigests, createKeyVerifier } from '@gatehouse/kernel/keys'
import { createMemoryStore, type LimitStore } from '@gatehouse/kernel/limits'
import { createSealer } from '@gatehouse/kernel/secrets'
import { createAccessTokens, createSessionVerifier, createSudoTokens } from '@gatehouse/kernel/sessions'
import { admitNode } from './admit-node.ts'
import { securityHeaders } from './http/security-headers.ts'
import { judgeControlTokens } from './mcp/judge-control-tokens.ts'
import { claims } from './posture/claims/index.ts'
import type { Claim } from './posture/define-claim.ts'
import type { Service, ServiceModule } from './service/define-service.ts'
import { services } from './services.ts'

/**
 * The parts from which `compose` builds the server. A test can weaken one part, to show that the probe of its control
 * can fail; the server itself has no switch for that.
 */
export type Parts = {
  readonly admitNode: typeof admitNode
  readonly assertTenancy: typeof assertTenancy
  readonly createAccessTokens: typeof createAccessTokens
  readonly createAuditLog: typeof createAuditLog
  readonly createCallLog: typeof createCallLog
  readonly createEgress: typeof createEgress
  readonly createKeyDigests: typeof createKeyDigests
  readonly createKeyVerifier: typeof createKeyVerifier
  readonly createMemoryStore: typeof createMemoryStore
  readonly createRefusalLog: typeof createRefusalLog
  readonly createSealer: typeof createSealer
  readonly createSessionVerifier: typeof createSessionVerifier
  readonly createSudoTokens: typeof createSudoTokens
  readonly judgeControlTokens: typeof judgeControlTokens
  /** Wraps the limit store, whichever it is. */
  readonly wrapLimitStore: (store: LimitStore) => LimitStore
  /** Wraps each service: its policy, endpoints and jobs. */
  readonly wrapService: (service: ServiceModule) => ServiceModule
  /** The services of the instance. */
  readonly services: readonly Service[]
  /** The claims of the security page. */
  readonly claims: readonly Claim[]
  readonly securityHeaders: Readonly<Record<string, string>>
  readonly randomBytes: (length: number) => Buffer
  readonly chance: () => number
  readonly clock: Clock
}

export const realParts: Parts = {
  admitNode,
  assertTenancy,
  createAccessTokens,
  createAuditLog,
  createCallLog,
  createEgress,
  createKeyDigests,
  createKeyVerifier,
  createMemoryStore,
  createRefusalLog,
  createSealer,
  createSessionVerifier,
  createSudoTokens,
  judgeControlTokens,
  wrapLimitStore: (store) => store,
  wrapService: (service) => service,
  services,
  claims,
  securityHeaders,
  randomBytes,
  chance: Math.random,
  clock: systemClock,
}
