import type { Refused } from '@gatehouse/kernel/limits'
import type { Problem } from '@gatehouse/kernel/problem'
import { problems } from './problems.ts'

/**
 * The error for a request that a limit refused; `isByAddress`: it was counted by its address, because nobody was
 * authenticated.
 */
export function overLimit({ because, retryAfterSeconds }: Refused, isByAddress = false): Problem {
  switch (because) {
    case 'store_unavailable':
      return problems.UNAVAILABLE({
        detail: 'Requests cannot be counted at the moment, so none is let in',
        retryAfterSeconds,
      })
    case 'limit_reached':
      return problems[isByAddress ? 'RATE_LIMITED_IP' : 'RATE_LIMITED']({
        detail: `Too many requests. Try again in ${retryAfterSeconds} s`,
        retryAfterSeconds,
      })
  }
}
