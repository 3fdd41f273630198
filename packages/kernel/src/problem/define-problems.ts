import { Problem, type ProblemDetails } from './problem.ts'

export type ProblemTable = Readonly<Record<string, readonly [status: number, title: string]>>
export type ProblemFactory = ((details?: ProblemDetails) => Problem) & {
  readonly status: number
  readonly title: string
}
export type Problems<T extends ProblemTable> = { readonly [Code in keyof T]: ProblemFactory }

/**
 * Defines a module's refusals: stable code, status and title on one line each. Use: `throw problems.not_found({ detail
 * })`.
 */
export function defineProblems<const T extends ProblemTable>(table: T): Problems<T> {
  const factories = Object.entries(table).map(([code, [status, title]]) => {
    const make = (details?: ProblemDetails): Problem => new Problem(code, status, title, details)
    return [code, Object.assign(make, { status, title })] as const
  })
  // Safe: the entries are built from exactly the keys of `table`.
  return Object.fromEntries(factories) as Problems<T>
}
