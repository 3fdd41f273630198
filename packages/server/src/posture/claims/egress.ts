import { type Claim, defineClaim } from '../define-claim.ts'
import { refuseSpecialMonitors, refuseSpecialReceivers } from '../probes/refuse-special-targets.ts'
import { specialHosts } from '../probes/special-targets.ts'
import { followNoRedirect, nameTheChecker } from '../probes/watch-a-check.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'kernel/egress'
const risks = { owasp: ['API7'], asvs: ['v5.0.0-1.3.6'] } as const

export const egressClaims: readonly Claim[] = [
  defineClaim({
    id: 'egress.special-targets-are-refused',
    control: 'E1',
    service: 'uptime',
    sources: seeds('M21', 'M22', 'A15'),
    sentence: () => ({
      en: 'Monitors reach the public internet alone: private networks, this machine and the metadata services of clouds are refused in every spelling.',
      ja: '監視が届くのは公開インターネットだけです。プライベートネットワーク、サーバー自身、クラウドのメタデータは、どの表記でも拒否します。',
    }),
    why: {
      en: 'A server that can be sent anywhere is a way into the network around it.',
      ja: '任意の宛先に送れるサーバーは、周囲のネットワークへの侵入口になるからです。',
    },
    owner,
    ...risks,
    probe: { kind: 'outside', run: refuseSpecialMonitors },
    method: {
      en: `Asks for monitors of ${specialHosts.length} special addresses and names, each by HTTP and by TCP.`,
      ja: `特別なアドレスと名前${specialHosts.length}件について、HTTPとTCPの監視を作ろうとします。`,
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'egress.webhooks-stay-public',
    control: 'E1',
    sources: seeds('M29'),
    sentence: () => ({
      en: 'Webhooks never go to private addresses or this machine, at whichever door they are made.',
      ja: 'Webhookは、どの入口で登録しても、プライベートアドレスやサーバー自身には送られません。',
    }),
    why: {
      en: 'A receiver is a target like any other.',
      ja: '受信先も、ほかと同じ宛先の1つだからです。',
    },
    owner,
    ...risks,
    probe: { kind: 'outside', run: refuseSpecialReceivers },
    method: {
      en: 'Tries special addresses at the four doors that make webhooks.',
      ja: 'Webhookを登録できる4つの入口で、特別なアドレスを試します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'egress.checks-follow-no-redirect',
    control: 'E4',
    service: 'uptime',
    sources: seeds('M33'),
    sentence: () => ({
      en: 'A check follows no redirect.',
      ja: 'チェックはリダイレクトに従いません。',
    }),
    why: {
      en: 'A redirect chooses the next target, and nobody has judged that one.',
      ja: 'リダイレクトは、審査されていない次の宛先を選ばせるからです。',
    },
    owner,
    ...risks,
    probe: { kind: 'canary', run: followNoRedirect },
    method: {
      en: 'Has a receiver of its own answer 302 to another one, and waits for nobody to come there.',
      ja: '専用の受信先に302で別の受信先を案内させ、そこに誰も来ないことを確かめます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'egress.checks-name-themselves',
    control: 'E10',
    service: 'uptime',
    sources: seeds('M34'),
    sentence: ({ uptime }) => ({
      en: `Every check names itself ${uptime.userAgent}.`,
      ja: `すべてのチェックは${uptime.userAgent}と名乗ります。`,
    }),
    why: {
      en: 'Whoever runs a target can tell our requests from others, and refuse them.',
      ja: '監視先の運営者が、当方のリクエストを見分け、拒否できるようにするためです。',
    },
    owner,
    owasp: ['API9'],
    probe: { kind: 'canary', run: nameTheChecker },
    method: {
      en: 'Has a receiver of its own checked, and reads the User-Agent of all that comes.',
      ja: '専用の受信先をチェックさせ、届いた全リクエストのUser-Agentを読みます。',
    },
    everyMinutes: 360,
  }),
]
