import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../clock/index.ts'
import { startAttempt, type Attempt } from './attempt.ts'
import { dial } from './dial.ts'
import type { EgressAllowance } from './egress-allowance.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { judgeDialledAddress, judgeTarget, type Target, type TargetInput } from './judge-target.ts'
import type { ResolveAlias } from './look-up-aliases.ts'
import type { ResolveTexts } from './look-up-texts.ts'
import type { Phases } from './phases.ts'
import { resolveTarget, type Resolve } from './resolve-target.ts'
import { secure, type SecureRules, type TlsOptions } from './secure.ts'

export type EgressDeps = {
  readonly allow: EgressAllowance
  readonly resolve: Resolve
  readonly resolveTexts: ResolveTexts
  readonly resolveAlias: ResolveAlias
  readonly clock: Clock
  readonly secureContextFor: SecureRules['secureContextFor']
  /** The org on whose behalf names are looked up; undefined for the operator's own connections. */
  readonly org?: string
}

export type ConnectionRequest = {
  readonly target: TargetInput
  readonly policy: EgressPolicy
  /** The timeout of opening, handshake included; at most the policy's total, which is the default. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Bypasses cached DNS answers. Default false. */
  readonly fresh?: boolean
  /** The TLS options for the schemes https and tls. */
  readonly tls?: TlsOptions
  /** The local address to dial from. Default: the one that the route implies. */
  readonly from?: string
}

export type Connection = {
  /**
   * An open socket; nothing was read or written, and the caller destroys it. A TLSSocket for the schemes https and tls.
   */
  readonly socket: Socket | TLSSocket
  readonly remoteAddress: string
  readonly phases: Phases
}

/** Opens one outbound connection, or throws an EgressError; every socket that leaves the server is made here. */
export async function openConnection(deps: EgressDeps, request: ConnectionRequest): Promise<Connection> {
  const attempt = startRequest(deps, request)
  try {
    const target = admit(deps, attempt, request.target, request.policy)
    const { policy, fresh = false, tls = {}, from } = request
    const { socket, remoteAddress } = await connectTo(deps, attempt, target, { policy, fresh, tls, from })
    return { socket, remoteAddress, phases: attempt.phases() }
  } finally {
    attempt.release()
  }
}

export function startRequest(
  deps: EgressDeps,
  {
    policy,
    timeoutMs = policy.totalTimeoutMs,
    signal,
  }: Pick<ConnectionRequest, 'policy' | 'timeoutMs' | 'signal'>,
): Attempt {
  return startAttempt(deps.clock, Math.min(timeoutMs, policy.totalTimeoutMs), signal)
}

/** Repeats the judgement that was made when the target was saved: rules and allowance may have changed since. */
export function admit(deps: EgressDeps, attempt: Attempt, input: TargetInput, policy: EgressPolicy): Target {
  const verdict = judgeTarget(input, policy, deps.allow)
  if (!verdict.accepted) throw attempt.failure('target_forbidden')
  return verdict.target
}

export async function connectTo(
  deps: EgressDeps,
  attempt: Attempt,
  target: Target,
  {
    policy,
    fresh,
    tls,
    from,
  }: {
    readonly policy: EgressPolicy
    readonly fresh: boolean
    readonly tls: TlsOptions
    readonly from?: string | undefined
  },
): Promise<{
  readonly socket: Socket | TLSSocket
  /** The socket whose bytes are counted; the same as the other one where nothing is encrypted. */
  readonly wire: Socket
  readonly remoteAddress: string
}> {
  const { allow, org, secureContextFor } = deps
  const addresses = await resolveTarget(deps.resolve, attempt, target, { policy, allow, fresh, org })
  const plain = await dial(attempt, addresses, target.port, {
    timeoutMs: policy.connectTimeoutMs,
    from,
  })
  const remoteAddress = assertRemoteAddress(deps, attempt, plain, target, policy)
  const encrypted = target.scheme === 'https' || target.scheme === 'tls'
  const socket = encrypted
    ? await secure(
        attempt,
        plain,
        target,
        { secureContextFor, handshakeBytesMax: policy.handshakeBytesMax },
        tls,
      )
    : plain
  return { socket, wire: plain, remoteAddress }
}

/** Also judges the address that the kernel has really connected to; a peer that has already gone has none. */
function assertRemoteAddress(
  deps: EgressDeps,
  attempt: Attempt,
  socket: Socket,
  target: Target,
  policy: EgressPolicy,
): string {
  const { remoteAddress } = socket
  if (remoteAddress === undefined) {
    socket.destroy()
    throw attempt.failure('connection_reset')
  }
  if (!judgeDialledAddress(remoteAddress, target.port, policy, deps.allow).allowed) {
    socket.destroy()
    throw attempt.failure('target_forbidden')
  }
  return remoteAddress
}
