import { type Claim, defineClaim } from '../define-claim.ts'
import { failOftenEnough } from '../probes/fail-often-enough.ts'
import { suppressFlapping } from '../probes/flap.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'server/services/uptime'

export const uptimeAlertClaims: readonly Claim[] = [
  defineClaim({
    id: 'alerts.flapping-is-suppressed',
    control: 'uptime',
    service: 'uptime',
    sources: seeds('M30', 'M31'),
    sentence: ({ uptime: { flap } }) => ({
      en: `A monitor that changes ${flap.changes} times in ${flap.windowSeconds / 60} minutes flaps: what follows is told in one notice, not in many.`,
      ja: `${flap.windowSeconds / 60}分間に${flap.changes}回変化した監視はフラッピングとみなし、以後の通知をまとめます。`,
    }),
    why: {
      en: 'Whoever is called out too often stops looking.',
      ja: '通知が多すぎると、誰も見なくなるからです。',
    },
    owner,
    probe: { kind: 'canary', run: suppressFlapping },
    method: {
      en: 'Lets a job report failure and success in turn, and reads which changes were told.',
      ja: 'ジョブに失敗と成功を交互に報告させ、どの変化が通知されたかを読みます。',
    },
    everyMinutes: 720,
    timeoutMs: 120_000,
  }),
  defineClaim({
    id: 'alerts.incidents-need-failures-in-a-row',
    control: 'uptime',
    service: 'uptime',
    sources: seeds('M32'),
    sentence: ({ uptime: { downThreshold } }) => ({
      en: `Unless a monitor says otherwise, an incident opens after ${downThreshold.default} failed checks in a row, and no sooner.`,
      ja: `監視に別の設定がない限り、インシデントは連続${downThreshold.default}回のチェック失敗で開き、それより早くは開きません。`,
    }),
    why: {
      en: 'One lost packet is not an outage.',
      ja: 'パケットが1つ失われても、障害とは限らないからです。',
    },
    owner,
    probe: { kind: 'canary', run: failOftenEnough },
    method: {
      en: 'Lets a receiver of its own begin to fail, and counts the failures until an incident opens.',
      ja: '専用の受信先を失敗させ、インシデントが開くまでの失敗回数を数えます。',
    },
    everyMinutes: 1_440,
    timeoutMs: 120_000,
  }),
]
