import { type Claim, stateClaim } from '../define-claim.ts'
import { seeds } from '../seed-sentences.ts'

/** Claims about how the program is developed, which no probe of an instance can check. */
export const practiceClaims: readonly Claim[] = [
  stateClaim({
    id: 'practice.dependencies',
    control: 'practice',
    sources: seeds('M37'),
    sentence: () => ({
      en: 'Dependencies are few, locked with their hashes, and updated with every release.',
      ja: '依存パッケージは最小限に絞り、ハッシュとともに固定し、リリースごとに更新します。',
    }),
    why: {
      en: 'Most known weaknesses are in code that somebody else wrote.',
      ja: '既知の脆弱性の多くは、他者が書いたコードにあるからです。',
    },
    owner: 'maintainers',
    statedBy: 'the maintainers of Gatehouse',
    document: 'CONTRIBUTING.md',
    reviewBy: '2027-05-31',
  }),
  stateClaim({
    id: 'practice.secret-scan',
    control: 'practice',
    sources: seeds('C22'),
    sentence: () => ({
      en: 'Each commit is searched for secrets before it is made, and the whole history with every check.',
      ja: '各コミットは作成前に秘密の混入を検査し、検査のたびに全履歴も調べます。',
    }),
    why: {
      en: 'A secret in a commit stays in the history for good.',
      ja: 'コミットに入った秘密は、履歴に永久に残るからです。',
    },
    owner: 'maintainers',
    statedBy: 'the maintainers of Gatehouse',
    document: '.gitleaks.toml',
    reviewBy: '2027-05-31',
  }),
  stateClaim({
    id: 'practice.owasp-mapping',
    control: 'practice',
    sources: seeds('C31', 'C32'),
    sentence: () => ({
      en: 'Each of the ten risks of the OWASP API Security Top 10 (2023) is answered by controls that docs/trust/owasp-api-top-10.md names.',
      ja: 'OWASP API Security Top 10（2023）の10のリスクそれぞれに、docs/trust/owasp-api-top-10.mdに示す対策があります。',
    }),
    why: {
      en: 'A list that others agreed upon shows what one would not have thought of.',
      ja: '広く合意された一覧は、自分では気づかない点を示すからです。',
    },
    owner: 'maintainers',
    statedBy: 'the maintainers of Gatehouse',
    document: 'docs/trust/owasp-api-top-10.md',
    reviewBy: '2027-05-31',
  }),
  stateClaim({
    id: 'practice.reviews',
    control: 'practice',
    sources: seeds('M36'),
    sentence: () => ({
      en: 'Every change is reviewed, and held against rules of the house that a machine checks.',
      ja: 'すべての変更はレビューされ、機械が検査する規約に照らして確認されます。',
    }),
    why: {
      en: 'Another pair of eyes finds what its author cannot see.',
      ja: '別の人の目は、書いた本人に見えないものを見つけるからです。',
    },
    owner: 'maintainers',
    statedBy: 'the maintainers of Gatehouse',
    document: 'CONTRIBUTING.md',
    reviewBy: '2027-05-31',
  }),
]
