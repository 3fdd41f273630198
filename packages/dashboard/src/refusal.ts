import { GatehouseProblem } from '@gatehouse/sdk'

/** An error whose message is a complete sentence for the user. */
export class Refusal extends Error {}

/** Replaces the message of an error code by one for its context; other errors are unchanged. */
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

/** Whether the server refused with this code, with either our message or its own. */
export function isRefusal(error: unknown, code: string): boolean {
  const problem = error instanceof Refusal ? error.cause : error
  return problem instanceof GatehouseProblem && problem.code === code
}
