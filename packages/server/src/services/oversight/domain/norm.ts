import type { TimeNorm } from './deliberation.ts'
import type { Prior } from './score.ts'

/** A domain's reference times and priors; a version never changes (specification 4.7). */
export type Norm = TimeNorm & { readonly id: string; readonly prior: Prior }

export const defaultNorm: Norm = {
  id: 'default',
  tMinMs: 500,
  tRefMs: 15_000,
  prior: [50, 50, 50, 50, 50, 50, 50],
}
