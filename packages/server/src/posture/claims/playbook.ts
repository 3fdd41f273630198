import { type Claim, defineClaim } from '../define-claim.ts'
import { drillEveryRunbook, rotateFirst, rotateWithinMinutes } from '../probes/drilled-runbooks.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'server/local/runbooks'

/** Claims about what is done when a secret may be exposed. */
export const playbookClaims: readonly Claim[] = [
  defineClaim({
    id: 'playbook.every-runbook-is-drilled',
    control: 'operations',
    sources: seeds('A24', 'A25', 'A26', 'A27', 'A28', 'A29', 'A30', 'A31', 'A32'),
    sentence: () => ({
      en: 'For every secret there is a runbook that rotates it, the gravest first, and each is drilled on throw-away secrets at least once a year.',
      ja: 'すべての秘密について、更新の手順書を重大な順に用意し、使い捨ての秘密で少なくとも年に一度訓練します。',
    }),
    why: {
      en: 'What was never tried does not work on the day that it is needed.',
      ja: '試したことのない手順は、必要な日に役立たないからです。',
    },
    owner,
    asvs: ['v5.0.0-13.3.4'],
    probe: { kind: 'inside', run: drillEveryRunbook },
    method: {
      en: 'Reads the record that each drill left: when it was, and whether every step had its effect.',
      ja: '各訓練の記録から、実施日と、すべての手順の効果を読みます。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'playbook.rotation-comes-first',
    control: 'operations',
    sources: seeds('A33'),
    sentence: () => ({
      en: 'Rotate first, investigate second: no runbook looks at what was done with a secret before the secret is useless.',
      ja: '調査より先に更新します。秘密を無効にする前に、その使われ方を調べる手順はありません。',
    }),
    why: {
      en: 'Every minute of looking is a minute in which the secret still works.',
      ja: '調べている間も、秘密は使われ続けるからです。',
    },
    owner,
    probe: { kind: 'inside', run: rotateFirst },
    method: {
      en: 'Reads the order of the steps in the record of each drill.',
      ja: '各訓練の記録から、手順の順序を読みます。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'playbook.rotation-takes-minutes',
    control: 'operations',
    sources: seeds('A34'),
    sentence: () => ({
      en: 'Each rotation takes less than 10 minutes of work.',
      ja: '各更新の作業時間は10分未満です。',
    }),
    why: {
      en: 'What takes an afternoon is put off until the morning.',
      ja: '半日かかる作業は、翌朝に先送りされるからです。',
    },
    owner,
    probe: { kind: 'inside', run: rotateWithinMinutes },
    method: {
      en: 'Reads the time of each drill, without what was waited for a person.',
      ja: '各訓練の記録から、人を待った時間を除く所要時間を読みます。',
    },
    everyMinutes: 1_440,
  }),
]
