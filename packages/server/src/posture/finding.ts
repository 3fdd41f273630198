import type { FigureName } from './figure-names.ts'

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

/** Figures of ours have names in both languages; those of an operator's own claims are shown as they are called. */
type Named<Some extends Figures> = Some & { readonly [Name in Exclude<keyof Some, FigureName>]: never }

export function holds<const Some extends Figures>(figures: Named<Some>): Finding
export function holds(): Finding
export function holds(figures: Figures = {}): Finding {
  return { verdict: 'holds', figures }
}

/** `because` is one public sentence: what was observed, and what was expected. */
export function fails<const Some extends Figures>(because: string, figures: Named<Some>): Finding
export function fails(because: string): Finding
export function fails(because: string, figures: Figures = {}): Finding {
  return { verdict: 'fails', because, figures }
}

export function unknown<const Some extends Figures>(because: string, figures: Named<Some>): Finding
export function unknown(because: string): Finding
export function unknown(because: string, figures: Figures = {}): Finding {
  return { verdict: 'unknown', because, figures }
}
