import type { Claim } from './claim.d.mts'

/** Write the addresses of your own API here, of which none may answer a stranger. */
const paths = ['/orders', '/customers']

export const claim = {
  id: 'access.strangers-are-refused',
  control: 'authentication',
  sentence: 'Nothing of a customer is shown to somebody without a key.',
  probe: async (target) => {
    let refused = 0
    for (const path of paths) {
      const { status } = await target.send(path)
      // What is not there is no proof that it would be kept.
      if (status === 404) return { verdict: 'unknown', because: `There is nothing at ${path}` }
      if (status !== 401 && status !== 403)
        return { verdict: 'fails', because: `${path} answered ${status} to a stranger`, figures: { refused } }
      refused += 1
    }
    return { verdict: 'holds', figures: { refused } }
  },
} satisfies Claim
