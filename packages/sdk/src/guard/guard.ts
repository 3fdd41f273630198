import type { GateRequest, GateVerdict, Resolution, WaitedDecision } from '../gate.ts'

/** What the wrappers need of `client.oversight`. */
export type Oversight = {
  readonly gate: (request: GateRequest, options?: { readonly signal?: AbortSignal }) => Promise<GateVerdict>
  readonly waitForDecision: (
    resumeToken: string,
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ) => Promise<WaitedDecision>
}

type NotAuto = Exclude<GateVerdict, { readonly route: 'auto' }>

/** Thrown instead of doing what a person has to decide, or what nobody may do. */
export class DecisionHeld extends Error {
  override readonly name = 'DecisionHeld'
  readonly verdict: NotAuto
  /** How it ended, where somebody waited for that. */
  readonly resolution: Resolution | undefined

  constructor(verdict: NotAuto, resolution?: Resolution) {
    super(toSentence(verdict, resolution), 'cause' in verdict ? { cause: verdict.cause } : undefined)
    this.verdict = verdict
    this.resolution = resolution
  }

  /** Opens the resolution later, in another process too; undefined where nobody will decide. */
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
  /** `wait`: for the person, as long as that takes. Default `throw`: a DecisionHeld, whose token can be kept. */
  readonly whenHeld?: 'throw' | 'wait'
  readonly signal?: AbortSignal
}

/** Resolves where the thing may happen; rejects with a DecisionHeld where it may not. */
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
 * A decorator: the function, or the method below `@guard(…)`, runs when the gate says that what it is called with may
 * happen.
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
