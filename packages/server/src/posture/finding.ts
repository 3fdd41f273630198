/** A figure that a probe saw: a count, a time, a word. Its name ends in its unit, as names do in the code. */
export type Figures = Readonly<Record<string, number | string | boolean>>

/**
 * What a probe found. `unknown` is for a probe that could not see (the target is unreachable, or gives it less than it
 * needs); it is never shown as good.
 */
export type Finding =
  | { readonly verdict: 'holds'; readonly figures: Figures }
  | { readonly verdict: 'fails'; readonly figures: Figures; readonly because: string }
  | { readonly verdict: 'unknown'; readonly figures: Figures; readonly because: string }

export function holds(figures: Figures = {}): Finding {
  return { verdict: 'holds', figures }
}

/** `because` is one sentence for strangers: what was seen, and what should have been. */
export function fails(because: string, figures: Figures = {}): Finding {
  return { verdict: 'fails', because, figures }
}

export function unknown(because: string, figures: Figures = {}): Finding {
  return { verdict: 'unknown', because, figures }
}
