import type { ServiceDeps } from '../../service/service-deps.ts'
import type { Waiters } from './usecases/waiters.ts'

/** Everything that the oversight service touches outside itself. */
export type OversightDeps = Pick<
  ServiceDeps,
  | 'audit'
  | 'clock'
  | 'cursors'
  | 'db'
  | 'deriveKey'
  | 'egress'
  | 'listMemberNames'
  | 'orgDesk'
  | 'log'
  | 'ownKeys'
  | 'publicUrl'
  | 'randomBytes'
  | 'sealer'
  | 'signingKey'
  | 'signingPublicKeys'
> & {
  /** What this build computes otherwise than published; empty where it may score. */
  readonly modelFaults: readonly string[]
  /** Who waits on this node for a decision's resolution. */
  readonly waiters: Waiters
}
