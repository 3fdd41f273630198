type Figures = Readonly<Record<string, number | string | boolean>>

/** The newest evidence of a claim, as far as its standing depends on it. */
export type LastEvidence = {
  readonly verdict: 'holds' | 'fails' | 'unknown'
  readonly because: string | null
  readonly figures: Figures
  readonly endedMs: number
  readonly build: string
  readonly policy: string
}

/** The circumstances of a probe that would run now. */
export type Circumstances = { readonly nowMs: number; readonly build: string; readonly policy: string }

export type Standing =
  | { readonly verdict: 'holds'; readonly because: null; readonly figures: Figures }
  | { readonly verdict: 'fails' | 'unknown'; readonly because: string; readonly figures: Figures }

/** A probe without a result is repeated sooner than one with a result. */
const unknownAgainMinutes = 15
/** Evidence is stale when it is older than this many intervals. */
export const staleAfterIntervals = 2

/** The present standing of a claim. `unknown` is never shown as good. */
export function judgeStanding(
  last: LastEvidence | undefined,
  everyMinutes: number,
  { nowMs, build, policy }: Circumstances,
): Standing {
  if (last === undefined) return unknown('There is no evidence yet')
  if (last.build !== build) return unknown('The evidence is of another build of the server')
  if (last.policy !== policy) return unknown('The evidence is of another policy or another sentence')
  const staleMs = staleAfterIntervals * everyMinutes * 60_000
  if (nowMs - last.endedMs > staleMs) return unknown('The evidence is stale')
  const { verdict, figures } = last
  if (verdict === 'holds') return { verdict, because: null, figures }
  return { verdict, because: last.because ?? 'The probe did not say why', figures }
}

/** Whether the claim is due to be probed. */
export function isDue(
  last: LastEvidence | undefined,
  everyMinutes: number,
  { nowMs, build, policy }: Circumstances,
): boolean {
  if (last === undefined || last.build !== build || last.policy !== policy) return true
  const minutes = last.verdict === 'unknown' ? Math.min(everyMinutes, unknownAgainMinutes) : everyMinutes
  return nowMs - last.endedMs >= minutes * 60_000
}

function unknown(because: string): Standing {
  return { verdict: 'unknown', because, figures: {} }
}
