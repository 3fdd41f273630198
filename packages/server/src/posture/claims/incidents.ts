import { type Claim, defineClaim } from '../define-claim.ts'
import { publishReports, tellTheAffectedInTime } from '../probes/kept-clocks.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'server/platform'

export const incidentClaims: readonly Claim[] = [
  defineClaim({
    id: 'incidents.affected-are-told-in-time',
    control: 'operations',
    sources: seeds('M39', 'M40'),
    sentence: ({ platform }) => {
      const { hours } = platform.incidents.tell
      return {
        en: `A failed claim opens a security incident by itself. It is contained, and everybody whom it touches is told, within ${hours} hours.`,
        ja: `確認に失敗した主張は、自動的にセキュリティインシデントを開きます。${hours}時間以内に封じ込め、影響を受けるすべての顧客に知らせます。`,
      }
    },
    why: {
      en: 'Whoever is affected can only act on what they know.',
      ja: '影響を受ける人は、知らされなければ行動できないからです。',
    },
    owner,
    probe: { kind: 'inside', run: tellTheAffectedInTime },
    method: {
      en: 'Counts open incidents whose clock has run out.',
      ja: '期限を過ぎた未完了のインシデントを数えます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'incidents.reports-are-published',
    control: 'operations',
    sources: seeds('M41'),
    sentence: () => ({
      en: 'What happened, and what was done against it, is published at /security/incidents for everybody.',
      ja: '発生した事象と対策は、/security/incidentsで誰にでも公開します。',
    }),
    why: {
      en: 'Trust comes from how mistakes are told.',
      ja: '信頼は、失敗の伝え方から生まれるからです。',
    },
    owner,
    probe: { kind: 'inside', run: publishReports },
    method: {
      en: 'Reads every report that was published, as a visitor.',
      ja: '公開済みのすべての報告を、閲覧者として読みます。',
    },
    everyMinutes: 360,
  }),
]
