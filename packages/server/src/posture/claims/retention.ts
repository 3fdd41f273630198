import { type Claim, defineClaim } from '../define-claim.ts'
import { keepNoLonger } from '../probes/oldest-rows.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'kernel/retention'
const asvs = ['v5.0.0-14.2.7']
/** The first promise on the oversight service's page; a month is a twelfth of 365.25 days. */
const interactionDays = 731
const auditDays = 90

export const retentionClaims: readonly Claim[] = [
  defineClaim({
    id: 'retention.interactions',
    control: 'retention',
    service: 'oversight',
    sources: seeds('C16'),
    sentence: ({ oversight: { retention } }) => ({
      en: `Decisions with AI advice are kept for ${retention.interactionMonths} months, and deleted then.`,
      ja: `AIの助言を伴う判断の記録は${retention.interactionMonths}か月保存し、その後削除します。`,
    }),
    why: {
      en: 'Data that nobody needs any more can only do harm.',
      ja: '不要になったデータは、害になるだけだからです。',
    },
    owner,
    asvs,
    probe: {
      kind: 'inside',
      run: keepNoLonger(['decisions with AI advice', 'events of the decisions'], interactionDays),
    },
    method: {
      en: 'Reads the oldest row of all, and whether the last run of retention succeeded.',
      ja: '最も古い行と、直近の保存期間処理の成否を読みます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'retention.audit-and-alerts',
    control: 'retention',
    service: 'oversight',
    sources: seeds('C18'),
    sentence: ({ oversight: { retention } }) => ({
      en: `Bodies of audit entries and alerts that are over are kept for ${retention.alertDays} days; the hashes of the chain stay.`,
      ja: `監査記録の本文と終了したアラートは${retention.alertDays}日で削除し、チェーンのハッシュは残します。`,
    }),
    why: {
      en: 'A log of what people did is personal data, and its proof does not need its text.',
      ja: '操作の記録は個人に関する情報であり、証明に本文は必要ないからです。',
    },
    owner,
    asvs,
    probe: { kind: 'inside', run: keepNoLonger(['audit bodies', 'alerts that are over'], auditDays) },
    method: {
      en: 'Reads the oldest of both, and whether the last run of retention succeeded.',
      ja: '両者の最も古い行と、直近の保存期間処理の成否を読みます。',
    },
    everyMinutes: 360,
  }),
]
