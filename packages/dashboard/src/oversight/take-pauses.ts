import { GatehouseProblem } from '@gatehouse/sdk'

const secondsUnlessSaid = 60

/** Waits as long as the server asks for and retries, because a long import exceeds the limit per minute. */
export async function takePauses<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof GatehouseProblem) || error.status !== 429) throw error
      const seconds = error.retryAfterSeconds ?? secondsUnlessSaid
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    }
  }
}
