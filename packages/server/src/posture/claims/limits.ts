import { type Claim, defineClaim } from '../define-claim.ts'
import { exceedSignInLimit } from '../probes/limits.ts'

export const limitClaims: readonly Claim[] = [
  defineClaim({
    id: 'limits.sign-in-by-address',
    control: 'L1',
    sources: [{ row: 'M25', says: 'The /auth endpoints take 10 requests in 60 seconds from one address' }],
    sentence: ({ platform }) => {
      const { limit, windowSeconds } = platform.publicLimits['auth'] ?? { limit: 0, windowSeconds: 0 }
      return {
        en: `From one address, at most ${limit} requests in ${windowSeconds} seconds reach the log-in.`,
        ja: `1つのアドレスからログインに届くリクエストは、${windowSeconds}秒間に最大${limit}件です。`,
      }
    },
    why: {
      en: 'Whoever guesses passwords gets nowhere from one place.',
      ja: '1か所からパスワードを推測しても先に進めません。',
    },
    owner: 'kernel/limits',
    owasp: ['API2', 'API4'],
    asvs: ['v5.0.0-6.3.1'],
    probe: { kind: 'outside', run: exceedSignInLimit },
    method: {
      en: 'Sends what is no log-in until it is refused, from an address of its own, and counts.',
      ja: '専用のアドレスから、ログインにならないリクエストを拒否されるまで送り、回数を数えます。',
    },
    everyMinutes: 60,
    spendsAddress: true,
  }),
]
