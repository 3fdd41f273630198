import type { Refused } from '@gatehouse/kernel/limits'
import type { Problem } from '@gatehouse/kernel/problem'
import { problems } from './problems.ts'

/** The refusal of a request that a limit did not let in: by its address where nothing was proven. */
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
