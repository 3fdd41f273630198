import type { ServiceDeps } from '../../service/service-deps.ts'
import type { Waiters } from './usecases/waiters.ts'

/** The dependencies of the oversight service. */
export type OversightDeps = Pick<
  ServiceDeps,
  | 'audit'
  | 'chargeLimit'
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
  /** Published figures that this build computes differently; must be empty for the build to score. */
  readonly modelFaults: readonly string[]
  /** Requests on this node that wait for the resolution of a decision. */
  readonly waiters: Waiters
}
