import { createSecureContext, getCACertificates } from 'node:tls'
import { systemClock, type Clock } from '../clock/index.ts'
import { createResolver } from './dns/create-resolver.ts'
import type { NameServer } from './dns/name-servers.ts'
import { type EgressAllowance, noAllowance } from './egress-allowance.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { judgeTargetNow } from './judge-target-now.ts'
import { lookUpTexts, type ResolveTexts, type TextLookUp } from './look-up-texts.ts'
import { judgeTarget, type TargetInput, type TargetRules, type TargetVerdict } from './judge-target.ts'
import {
  openConnection,
  type Connection,
  type ConnectionRequest,
  type EgressDeps,
} from './open-connection.ts'
import { openWebSocket, type WebSocketConnection, type WebSocketRequest } from './open-web-socket.ts'
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
  /** The TXT records of a name, to prove whose it is: asked anew, and given up after three seconds (E9). */
  readonly lookUpTexts: (hostname: string, signal?: AbortSignal) => Promise<TextLookUp>
  readonly request: (request: EgressRequest) => Promise<EgressResponse>
  /** A WebSocket of RFC 6455; the schemes http and https of a policy stand for ws and wss. */
  readonly openWebSocket: (request: WebSocketRequest) => Promise<WebSocketConnection>
  /**
   * The same way out on behalf of an org: orgs take turns where something is scarce. `beyond` is what this org may reach
   * besides, and no other.
   */
  readonly forOrg: (orgId: string, beyond?: EgressAllowance) => Egress
  /** Ends the look-ups under way; connections belong to their callers. */
  readonly close: () => void
}

export type EgressOptions = {
  readonly allow: EgressAllowance
  /** Asked in turn; where there are none, the machine's own are asked. */
  readonly dnsServers?: readonly NameServer[]
  /** In place of the kernel's own resolver. */
  readonly resolve?: Resolve
  readonly resolveTexts?: ResolveTexts
  /** How many names may be asked for at once; half of them on behalf of one org. Default 200. */
  readonly dnsQueriesMax?: number
  readonly clock?: Clock
  /** PEM roots that the operator trusts beside those of Node.js. */
  readonly trustedCertificates?: readonly string[]
}

export function createEgress({
  allow,
  dnsServers = [],
  resolve,
  resolveTexts,
  dnsQueriesMax = 200,
  clock = systemClock,
  trustedCertificates = [],
}: EgressOptions): Egress {
  // Made once: reading a hundred and fifty roots for every handshake would cost more than the handshake.
  const ca = [...getCACertificates('default'), ...trustedCertificates]
  const secureContext = createSecureContext({ ca })
  const resolver = createResolver({ servers: dnsServers, clock, limits: toLimits(dnsQueriesMax) })
  const deps: EgressDeps = {
    allow,
    resolve: resolve ?? resolver.resolve,
    resolveTexts: resolveTexts ?? resolver.resolveTexts,
    clock,
    secureContextFor: (newest) =>
      newest === undefined ? secureContext : createSecureContext({ ca, maxVersion: newest }),
  }
  return toEgress(deps, resolver.close)
}

function toEgress(deps: EgressDeps, close: () => void): Egress {
  const { allow } = deps
  return {
    allow,
    judgeTarget: (input, rules) => judgeTarget(input, rules, allow),
    judgeTargetNow: (input, policy, signal) => judgeTargetNow(deps, input, policy, signal),
    openConnection: (request) => openConnection(deps, request),
    lookUpTexts: (hostname, signal) => lookUpTexts(deps, hostname, signal),
    request: (request) => requestOnce(deps, request),
    openWebSocket: (request) => openWebSocket(deps, request),
    forOrg: (org, { ranges } = noAllowance) =>
      toEgress(
        { ...deps, org, allow: ranges.length === 0 ? allow : { ranges: [...allow.ranges, ...ranges] } },
        close,
      ),
    close,
  }
}

function toLimits(inFlightMax: number) {
  return {
    inFlightMax,
    inFlightPerOrgMax: Math.ceil(inFlightMax / 2),
    inFlightPerDomainMax: Math.ceil(inFlightMax / 4),
  }
}
