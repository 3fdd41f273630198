import { createSecureContext, getCACertificates } from 'node:tls'
import { systemClock, type Clock } from '../clock/index.ts'
import { createResolver } from './dns/create-resolver.ts'
import type { NameServer } from './dns/name-servers.ts'
import type { EgressAllowance } from './egress-allowance.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { judgeTargetNow } from './judge-target-now.ts'
import { judgeTarget, type TargetInput, type TargetRules, type TargetVerdict } from './judge-target.ts'
import {
  openConnection,
  type Connection,
  type ConnectionRequest,
  type EgressDeps,
} from './open-connection.ts'
import { requestOnce, type EgressRequest, type EgressResponse } from './request-once.ts'
import type { Resolve } from './resolve-target.ts'

/** The one way out of the server. What a caller may do is its policy, passed with every call. */
export type Egress = {
  /** For the start log and the posture page. */
  readonly allow: EgressAllowance
  readonly judgeTarget: (input: TargetInput, rules: TargetRules) => TargetVerdict
  readonly judgeTargetNow: (
    input: TargetInput,
    policy: EgressPolicy,
    signal?: AbortSignal,
  ) => Promise<TargetVerdict>
  readonly openConnection: (request: ConnectionRequest) => Promise<Connection>
  readonly request: (request: EgressRequest) => Promise<EgressResponse>
  /** Ends the look-ups under way; connections belong to their callers. */
  readonly close: () => void
}

export type EgressOptions = {
  readonly allow: EgressAllowance
  /** Asked in turn; where there are none, the machine's own are asked. */
  readonly dnsServers?: readonly NameServer[]
  /** In place of the kernel's own resolver. */
  readonly resolve?: Resolve
  readonly clock?: Clock
  /** PEM roots that the operator trusts beside those of Node.js. */
  readonly trustedCertificates?: readonly string[]
}

export function createEgress({
  allow,
  dnsServers = [],
  resolve,
  clock = systemClock,
  trustedCertificates = [],
}: EgressOptions): Egress {
  // Made once: reading a hundred and fifty roots for every handshake would cost more than the handshake.
  const secureContext = createSecureContext({ ca: [...getCACertificates('default'), ...trustedCertificates] })
  const resolver = createResolver({ servers: dnsServers, clock })
  const deps: EgressDeps = { allow, resolve: resolve ?? resolver.resolve, clock, secureContext }
  return {
    allow,
    judgeTarget: (input, rules) => judgeTarget(input, rules, allow),
    judgeTargetNow: (input, policy, signal) => judgeTargetNow(deps, input, policy, signal),
    openConnection: (request) => openConnection(deps, request),
    request: (request) => requestOnce(deps, request),
    close: resolver.close,
  }
}
