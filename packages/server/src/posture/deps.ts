import type { ServiceDeps } from '../service/service-deps.ts'
import type { Claim } from './define-claim.ts'
import type { Deviation } from './deviation.ts'
import type { PosturePolicy } from './posture-policy.ts'
import type { ProbeOptions } from './probe-deployment.ts'
import type { ProbeResult } from './run.ts'
import type { Language } from './sentence.ts'

/** The dependencies of the security page. */
export type PostureDeps = Pick<
  ServiceDeps,
  'db' | 'audit' | 'clock' | 'log' | 'signingKey' | 'signingPublicKeys' | 'publicUrl' | 'stopping'
> & {
  /** The claims of the running services. */
  readonly claims: readonly Claim[]
  readonly policy: () => PosturePolicy
  readonly deviations: readonly Deviation[]
  /** SHA-256 of the running code, in hex. */
  readonly build: () => Promise<string>
  readonly probe: (options: ProbeOptions) => Promise<readonly ProbeResult[]>
  /** Deletes what a node that died has left of its probes. */
  readonly eraseLeft: () => Promise<void>
  /** Whether probes run on a schedule. */
  readonly isScheduled: boolean
  /** The supported language that an `Accept-Language` header prefers. */
  readonly toLanguage: (header: string | undefined) => Language
  readonly openIncident: (claim: string, title: string) => Promise<void>
  readonly tellFailed: (claim: string, atMs: number) => Promise<void>
}
