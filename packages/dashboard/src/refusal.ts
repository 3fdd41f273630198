import { GatehouseProblem } from '@gatehouse/sdk'

/** A refusal whose message is the whole sentence that a person reads. */
export class Refusal extends Error {}

/** Says what a code of the server means where it is met; other refusals stay as they are. */
export async function saying<T>(
  sentences: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const sentence = error instanceof GatehouseProblem ? sentences[error.code] : undefined
    throw sentence === undefined ? error : new Refusal(sentence, { cause: error })
  }
}

/** Whether the server refused with this code, said in our words or its own. */
export function isRefusal(error: unknown, code: string): boolean {
  const problem = error instanceof Refusal ? error.cause : error
  return problem instanceof GatehouseProblem && problem.code === code
}
