import type { Finding } from './finding.ts'
import type { Inside } from './inside.ts'
import type { PosturePolicy } from './posture-policy.ts'
import type { Sentence } from './sentence.ts'
import type { Sink } from './sink.ts'
import type { Target } from './target.ts'

/** The sentence of a security page that a claim answers: its id in the list of the 116 (M01 … A35), and its text. */
export type Source = { readonly row: string; readonly says: string }

/** A probe runs outside (over the network alone), inside (reads facts), or through the real path to a sink of its own. */
export type Probe =
  | {
      readonly kind: 'outside'
      readonly run: (target: Target, signal: AbortSignal, policy: PosturePolicy) => Promise<Finding>
    }
  | { readonly kind: 'inside'; readonly run: (inside: Inside, signal: AbortSignal) => Promise<Finding> }
  | {
      readonly kind: 'canary'
      readonly run: (
        target: Target,
        sink: Sink,
        signal: AbortSignal,
        policy: PosturePolicy,
      ) => Promise<Finding>
    }

type Described = {
  /** A stable, dotted id: `keys.rotation-is-instant`. It is part of URLs and of the evidence. */
  readonly id: string
  /** The control of the kernel's list, or the part of a specification: `K6`, `operations`. */
  readonly control: string
  readonly sources: readonly Source[]
  /** The text of the claim. Figures come from the running policy, so that page and behaviour cannot diverge. */
  readonly sentence: (policy: PosturePolicy) => Sentence
  /** Why the claim matters, in one or two sentences. */
  readonly why: Sentence
  /** The folder of the code that keeps the promise: `kernel/keys`. */
  readonly owner: string
  /** The service that the claim is about; absent: every instance makes the claim. */
  readonly service?: 'uptime' | 'oversight' | 'volatility'
  /**
   * Risks of the OWASP API Security Top 10 (2023), `API1` … `API10`, and requirements of ASVS 5.0, such as
   * `v5.0.0-11.4.2`.
   */
  readonly owasp?: readonly string[]
  readonly asvs?: readonly string[]
}

/** A claim that is checked against the running deployment. */
export type VerifiedClaim = Described & {
  readonly kind: 'verified'
  readonly probe: Probe
  /** How the probe checks the claim, for the claim's page. */
  readonly method: Sentence
  readonly everyMinutes: number
  /** The timeout of the probe. Default 60 s. */
  readonly timeoutMs?: number
  /** How many requests the probe may send to the target; one more ends it. Default 1,000. */
  readonly requestsMax?: number
  /**
   * `own`: the probe gets two orgs of its own, because it uses up a limit or changes them permanently. Default
   * `shared`.
   */
  readonly orgs?: 'shared' | 'own'
  /**
   * The probe uses up the limits of its address, so it runs after the others where there is only one address. Default
   * false.
   */
  readonly spendsAddress?: boolean
  /**
   * The probe cannot work from an address that has used up its limits, so it waits where there is only one address.
   * Default false.
   */
  readonly needsFreshAddress?: boolean
}

/** A claim that no probe can decide. It is shown separately and never counted as verified. */
export type StatedClaim = Described & {
  readonly kind: 'stated'
  /** Who is accountable for it: a role, not a person. */
  readonly statedBy: string
  /** The path of a document in the repository or the deployment. */
  readonly document: string
  /** Such as `2027-05-01`: after this day, the claim is shown as overdue. */
  readonly reviewBy: string
}

export type Claim = VerifiedClaim | StatedClaim

export function isVerified(claim: Claim): claim is VerifiedClaim {
  return claim.kind === 'verified'
}

export function defineClaim(claim: Omit<VerifiedClaim, 'kind'>): VerifiedClaim {
  return { kind: 'verified', ...claim }
}

export function stateClaim(claim: Omit<StatedClaim, 'kind'>): StatedClaim {
  return { kind: 'stated', ...claim }
}
