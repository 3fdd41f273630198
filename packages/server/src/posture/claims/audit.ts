import { type Claim, defineClaim } from '../define-claim.ts'
import { verifyChain } from '../probes/verify-chain.ts'
import { seeds } from '../seed-sentences.ts'

export const auditClaims: readonly Claim[] = [
  defineClaim({
    id: 'audit.chains-verify',
    control: 'A5',
    sources: seeds('C07'),
    sentence: () => ({
      en: 'Everything that was decided is an entry of a signed hash chain, in which a changed or missing entry is found.',
      ja: 'すべての決定は署名付きハッシュチェーンに記録され、改変や欠落は検出されます。',
    }),
    why: {
      en: 'A log that can be changed without a trace proves nothing.',
      ja: '痕跡なく変えられる記録は、何も証明しないからです。',
    },
    owner: 'kernel/audit',
    asvs: ['v5.0.0-16.4.2'],
    probe: { kind: 'outside', run: verifyChain },
    method: {
      en: 'Has the chain of its own organisation verified: every hash, every signature, every number.',
      ja: '専用の組織のチェーンについて、全ハッシュ、全署名、全番号を検証させます。',
    },
    everyMinutes: 60,
  }),
]
