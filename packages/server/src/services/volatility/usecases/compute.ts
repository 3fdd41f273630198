import { BudgetSpent } from '../compute/compute-pool.ts'
import type { TaskName, Tasks } from '../compute/tasks.ts'
import type { ComputingDeps } from '../deps.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'

/** Computes on a thread; throws `range_too_large` with a range that would fit if it takes too long. */
export async function compute<Name extends TaskName>(
  deps: Pick<ComputingDeps, 'compute'>,
  name: Name,
  input: Parameters<Tasks[Name]>[0],
  { field, fits }: { readonly field: string; readonly fits: string },
): Promise<ReturnType<Tasks[Name]>> {
  return deps.compute.run(name, input).catch((error: unknown) => {
    if (!(error instanceof BudgetSpent)) throw error
    const seconds = volatilityPolicy.computeBudgetMs / 1_000
    throw problems.range_too_large({
      fields: [{ field, message: `asks for more than ${seconds} seconds of computing: ${fits}` }],
      cause: error,
    })
  })
}
