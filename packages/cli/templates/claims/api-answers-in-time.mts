import type { Claim } from './claim.d.mts'

const path = '/'
const mostMs = 2_000

export const claim = {
  id: 'api.answers-in-time',
  control: 'availability',
  sentence: `The API answers within ${mostMs} ms.`,
  probe: async (target) => {
    const { status, tookMs } = await target.send(path)
    const figures = { status, tookMs: Math.round(tookMs) }
    if (status >= 500) return { verdict: 'fails', because: `${path} answered ${status}`, figures }
    return tookMs <= mostMs
      ? { verdict: 'holds', figures }
      : { verdict: 'fails', because: `${path} took longer than ${mostMs} ms`, figures }
  },
} satisfies Claim
