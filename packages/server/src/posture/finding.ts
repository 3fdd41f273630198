/** The figures that a probe observed: counts, times, words. Each name ends in its unit. */
export type Figures = Readonly<Record<string, number | string | boolean>>

/**
 * The result of a probe. `unknown`: the probe could not observe (the target is unreachable, or gives it less than it
 * needs); it is never shown as good.
 */
export type Finding =
  | { readonly verdict: 'holds'; readonly figures: Figures }
  | { readonly verdict: 'fails'; readonly figures: Figures; readonly because: string }
  | { readonly verdict: 'unknown'; readonly figures: Figures; readonly because: string }

export function holds(figures: Figures = {}): Finding {
  return { verdict: 'holds', figures }
}

/** `because` is one public sentence: what was observed, and what was expected. */
export function fails(because: string, figures: Figures = {}): Finding {
  return { verdict: 'fails', because, figures }
}

export function unknown(because: string, figures: Figures = {}): Finding {
  return { verdict: 'unknown', because, figures }
}
