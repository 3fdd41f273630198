import { createSecureContext, getCACertificates } from 'node:tls'
import { systemClock, type Clock } from '../clock/index.ts'
import { createResolver } from './dns/create-resolver.ts'
import type { NameServer } from './dns/name-servers.ts'
import { type EgressAllowance, noAllowance } from './egress-allowance.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { judgeTargetNow } from './judge-target-now.ts'
import { type AliasLookUp, lookUpAliases, type ResolveAlias } from './look-up-aliases.ts'
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

/**
 * The only way in which the server opens outbound connections. What a caller may do is its policy, passed with every
 * call.
 */
export type Egress = {
  /** What the operator permits; shown in the start log and on the security page. */
  readonly allow: EgressAllowance
  readonly judgeTarget: (input: TargetInput, rules: TargetRules) => TargetVerdict
  readonly judgeTargetNow: (
    input: TargetInput,
    policy: EgressPolicy,
    signal?: AbortSignal,
  ) => Promise<TargetVerdict>
  readonly openConnection: (request: ConnectionRequest) => Promise<Connection>
  /**
   * Looks up the TXT records of a name, to prove who owns it: never from a cache, and with a timeout of three seconds
   * (E9).
   */
  readonly lookUpTexts: (hostname: string, signal?: AbortSignal) => Promise<TextLookUp>
  /**
   * Follows the CNAME records of a name until one gives `target` or there are no more: never from a cache, and with the
   * timeout of `lookUpTexts`.
   */
  readonly lookUpAliases: (hostname: string, target: string, signal?: AbortSignal) => Promise<AliasLookUp>
  readonly request: (request: EgressRequest) => Promise<EgressResponse>
  /** Opens a WebSocket (RFC 6455); the schemes http and https of a policy stand for ws and wss. */
  readonly openWebSocket: (request: WebSocketRequest) => Promise<WebSocketConnection>
  /**
   * The same egress on behalf of an org: orgs take turns at scarce resources. `beyond` is what this org alone may reach
   * in addition.
   */
  readonly forOrg: (orgId: string, beyond?: EgressAllowance) => Egress
  /** Aborts the look-ups under way; connections belong to their callers. */
  readonly close: () => void
}

export type EgressOptions = {
  readonly allow: EgressAllowance
  /** The name servers, asked in turn. Default: those that the machine is configured with. */
  readonly dnsServers?: readonly NameServer[]
  /** Replaces the kernel's own resolver. */
  readonly resolve?: Resolve
  readonly resolveTexts?: ResolveTexts
  readonly resolveAlias?: ResolveAlias
  /** How many names may be looked up at the same time; one org may use half of that. Default 200. */
  readonly dnsQueriesMax?: number
  readonly clock?: Clock
  /** Root certificates (PEM) that the operator trusts in addition to those of Node.js. */
  readonly trustedCertificates?: readonly string[]
}

export function createEgress({
  allow,
  dnsServers = [],
  resolve,
  resolveTexts,
  resolveAlias,
  dnsQueriesMax = 200,
  clock = systemClock,
  trustedCertificates = [],
}: EgressOptions): Egress {
  // Created once: reading a hundred and fifty root certificates for every handshake would cost more than the handshake.
  const ca = [...getCACertificates('default'), ...trustedCertificates]
  const secureContext = createSecureContext({ ca })
  const resolver = createResolver({ servers: dnsServers, clock, limits: toLimits(dnsQueriesMax) })
  const deps: EgressDeps = {
    allow,
    resolve: resolve ?? resolver.resolve,
    resolveTexts: resolveTexts ?? resolver.resolveTexts,
    resolveAlias: resolveAlias ?? resolver.resolveAlias,
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
    lookUpAliases: (hostname, target, signal) => lookUpAliases(deps, hostname, target, signal),
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
