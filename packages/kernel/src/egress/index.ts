export { createEgress, type Egress, type EgressOptions } from './create-egress.ts'
export { noAllowance, type AllowedRange, type EgressAllowance } from './egress-allowance.ts'
export { parseEgressAllowance } from './parse-egress-allowance.ts'
export { egressDefaults, type EgressPolicy, type EgressScheme } from './egress-policy.ts'
export { judgeAddress, type AddressVerdict, type ForbiddenReason } from './judge-address.ts'
export {
  judgeTarget,
  type Target,
  type TargetInput,
  type TargetRefusal,
  type TargetRules,
  type TargetVerdict,
} from './judge-target.ts'
export { assertHeaders, connectionHeaders, judgeHeader, type HeaderVerdict } from './judge-header.ts'
export { EgressError, type EgressErrorCode, type HttpFault } from './egress-error.ts'
export type { CertificateFault, TlsFault } from './tls-fault.ts'
export { parseNameServers, type NameServer } from './dns/name-servers.ts'
export type { Phases } from './phases.ts'
export type { Connection, ConnectionRequest } from './open-connection.ts'
export type { AliasLookUp, ResolveAlias } from './look-up-aliases.ts'
export type { ResolveTexts, TextLookUp } from './look-up-texts.ts'
export type { WebSocketConnection, WebSocketRequest } from './open-web-socket.ts'
export type { EgressRequest, EgressResponse, ReadBody } from './request-once.ts'
export type { Resolve } from './resolve-target.ts'
export type { TlsOptions } from './secure.ts'
