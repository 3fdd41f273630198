import type { GateRequest, GateVerdict, Resolution, WaitedDecision } from '../gate.ts'

/** The part of `client.oversight` that the wrappers need. */
export type Oversight = {
  readonly gate: (request: GateRequest, options?: { readonly signal?: AbortSignal }) => Promise<GateVerdict>
  readonly waitForDecision: (
    resumeToken: string,
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ) => Promise<WaitedDecision>
}

type NotAuto = Exclude<GateVerdict, { readonly route: 'auto' }>

/** Thrown in place of an action that a person has to decide about, or that is blocked. */
export class DecisionHeld extends Error {
  override readonly name = 'DecisionHeld'
  readonly verdict: NotAuto
  /** How the decision ended, if the caller waited for it. */
  readonly resolution: Resolution | undefined

  constructor(verdict: NotAuto, resolution?: Resolution) {
    super(toSentence(verdict, resolution), 'cause' in verdict ? { cause: verdict.cause } : undefined)
    this.verdict = verdict
    this.resolution = resolution
  }

  /** Pass it to `waitForDecision` later, also from another process; undefined if nobody will review the decision. */
  get resumeToken(): string | undefined {
    return 'resumeToken' in this.verdict ? this.verdict.resumeToken : undefined
  }
}

function toSentence(verdict: NotAuto, resolution: Resolution | undefined): string {
  if (resolution !== undefined) return `This was decided otherwise: ${resolution.action} by ${resolution.by}`
  if (verdict.route !== 'policy_blocked') return `A person has to look at this first: ${verdict.route}`
  return verdict.because === 'policy'
    ? 'A policy does not let this happen'
    : `Nobody could say whether this may happen, so it does not: ${verdict.because}`
}

export type GuardOptions = {
  /**
   * `wait`: wait for the reviewer without a time limit. `throw` (default): throw a DecisionHeld, whose token can be
   * stored.
   */
  readonly whenHeld?: 'throw' | 'wait'
  readonly signal?: AbortSignal
}

/** Resolves if the action may proceed; rejects with a DecisionHeld if not. */
export async function askFirst(
  oversight: Oversight,
  request: GateRequest,
  { whenHeld = 'throw', signal }: GuardOptions = {},
): Promise<GateVerdict> {
  const aborting = signal === undefined ? {} : { signal }
  const verdict = await oversight.gate(request, aborting)
  if (verdict.route === 'auto') return verdict
  if (whenHeld === 'throw' || verdict.route === 'policy_blocked') throw new DecisionHeld(verdict)
  const waited = await oversight.waitForDecision(verdict.resumeToken, aborting)
  if (waited.state !== 'pending' && waited.resolution.final_route === 'auto') return verdict
  throw new DecisionHeld(verdict, waited.state === 'pending' ? undefined : waited.resolution)
}

/**
 * Wraps a function, or decorates a method as `@guard(…)`: it runs only if the gate allows a call with these
 * arguments.
 */
export function guard<Args extends unknown[]>(
  oversight: Oversight,
  describe: (...args: Args) => GateRequest,
  options: GuardOptions = {},
) {
  return <This, Result>(work: (this: This, ...args: Args) => Result | Promise<Result>) =>
    async function guarded(this: This, ...args: Args): Promise<Result> {
      await askFirst(oversight, describe(...args), options)
      return work.apply(this, args)
    }
}
