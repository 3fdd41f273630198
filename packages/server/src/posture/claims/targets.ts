import { type Claim, defineClaim, stateClaim } from '../define-claim.ts'
import { acknowledgeTargets } from '../probes/acknowledge-targets.ts'
import { seeds } from '../seed-sentences.ts'

export const targetClaims: readonly Claim[] = [
  defineClaim({
    id: 'targets.are-acknowledged',
    control: 'operations',
    service: 'uptime',
    sources: seeds('M35'),
    sentence: () => ({
      en: 'An owner of each organisation is asked once to say that its targets are its to monitor; who said so, when and to which words is kept.',
      ja: '各組織の所有者に、監視対象を監視する権限があることの確認を一度求め、誰が、いつ、どの文言に同意したかを記録します。',
    }),
    why: {
      en: 'Whose a target is, its owner knows and no program can tell.',
      ja: '対象が誰のものかは所有者だけが知っており、プログラムには判断できないからです。',
    },
    owner: 'server/platform',
    probe: { kind: 'outside', run: acknowledgeTargets },
    method: {
      en: 'Says so as the owner of an organisation of its own, and reads what is kept.',
      ja: '専用の組織の所有者として確認し、記録された内容を読みます。',
    },
    everyMinutes: 1_440,
    orgs: 'own',
  }),
  stateClaim({
    id: 'targets.only-with-leave',
    control: 'operations',
    service: 'uptime',
    sources: seeds('M35'),
    sentence: () => ({
      en: 'Only targets that are your own, or whose owner allows it, may be monitored.',
      ja: '監視できるのは、自ら管理する対象、または所有者の許可を得た対象だけです。',
    }),
    why: {
      en: 'A check is a request to somebody, and somebody answers for it.',
      ja: '監視は誰かへのリクエストであり、その責任を負う人がいるからです。',
    },
    owner: 'operations',
    statedBy: 'the operator of this instance',
    document: 'README.md',
    reviewBy: '2027-05-31',
  }),
]
