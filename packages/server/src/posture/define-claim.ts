import type { Finding } from './finding.ts'
import type { Inside } from './inside.ts'
import type { PosturePolicy } from './posture-policy.ts'
import type { Sentence } from './sentence.ts'
import type { Sink } from './sink.ts'
import type { Target } from './target.ts'

/** Which sentence of a seed page a claim answers: its id in the list of the 116 (M01 … A35), and what it says. */
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
  /** Stable, dotted: `keys.rotation-is-instant`. It is part of URLs and of the evidence. */
  readonly id: string
  /** Control of the kernel's list or part of a specification: `K6`, `operations`. */
  readonly control: string
  readonly sources: readonly Source[]
  /** Figures come from the running policy, so that page and behaviour cannot drift apart. */
  readonly sentence: (policy: PosturePolicy) => Sentence
  /** Why it matters, in one or two sentences. */
  readonly why: Sentence
  /** The folder that keeps the promise: `kernel/keys`. */
  readonly owner: string
  /** The service without which there is nothing to claim; absent: every instance claims it. */
  readonly service?: 'uptime' | 'oversight' | 'volatility'
  /** OWASP API Security Top 10 (2023), `API1` … `API10`, and requirements of ASVS 5.0, `v5.0.0-11.4.2`. */
  readonly owasp?: readonly string[]
  readonly asvs?: readonly string[]
}

/** A sentence that is checked against the running deployment. */
export type VerifiedClaim = Described & {
  readonly kind: 'verified'
  readonly probe: Probe
  /** How the probe goes about it, for the page of the claim. */
  readonly method: Sentence
  readonly everyMinutes: number
  /** Default 60 s. */
  readonly timeoutMs?: number
  /** How many requests it may send to the target; one more ends it. Default 1,000. */
  readonly requestsMax?: number
  /** `own`: two orgs for this probe alone, because it uses up a limit or changes them for good. Default `shared`. */
  readonly orgs?: 'shared' | 'own'
  /** It uses up the limits of its address, so that it runs after the others where there is only one. Default false. */
  readonly spendsAddress?: boolean
  /** It finds nothing from an address that has used up its limits: where there is only one, it waits. Default false. */
  readonly needsFreshAddress?: boolean
}

/** A sentence that no probe can decide. It is shown apart and never counted as verified. */
export type StatedClaim = Described & {
  readonly kind: 'stated'
  /** Who answers for it, in words: a role, not a person. */
  readonly statedBy: string
  /** A path of the repository or of the deployment that says more. */
  readonly document: string
  /** `2027-05-01`: later than this, the claim is shown as overdue. */
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
