import { GatehouseProblem } from '@gatehouse/sdk'

const secondsUnlessSaid = 60

/** Takes the pauses that the server asks for, since a long import outlasts what a minute allows. */
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
