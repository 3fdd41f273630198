/** Numbers from 0 to 1 that a seed reproduces: Lehmer's generator. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % (2 ** 31 - 1)
    return state / (2 ** 31 - 1)
  }
}

/** Milliseconds until the next request of a Poisson process. */
export function nextArrivalMs(random: () => number, perMs: number): number {
  return -Math.log(random()) / perMs
}
