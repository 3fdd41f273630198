import { dvol } from './dvol.ts'
import type { DerivativeKind } from './derivative-feed.ts'
import { funding } from './funding.ts'

/** Every derivative feed there is. */
export const derivativeKinds = { funding, dvol } as const satisfies Readonly<Record<string, DerivativeKind>>
