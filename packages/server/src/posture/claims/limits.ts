import type { LimitRule } from '@gatehouse/kernel/limits'
import { type Claim, defineClaim } from '../define-claim.ts'
import type { Sentence } from '../sentence.ts'
import { failClosed, forgetCounts } from '../probes/limit-rules.ts'
import {
  countByPrefix,
  refuseOverKeyLimit,
  refuseOverLogInLimit,
  refuseOverUserLimit,
  refuseStrangersOverLimit,
} from '../probes/refuse-over-limit.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'kernel/limits'
const risks = { owasp: ['API4'], asvs: ['v5.0.0-2.4.1'] } as const
/** The first promise on the oversight service's page. */
const stateHours = 2

const why: Sentence = {
  en: 'Nobody can guess, flood or starve others without being stopped first.',
  ja: '総当たりや大量送信で他者を妨げる前に、必ず止められます。',
}

function per({ limit, windowSeconds }: Pick<LimitRule, 'limit' | 'windowSeconds'>) {
  return { limit: limit.toLocaleString('en'), seconds: windowSeconds }
}

export const limitClaims: readonly Claim[] = [
  defineClaim({
    id: 'limits.sign-in-by-address',
    control: 'L1',
    sources: seeds('M25'),
    sentence: ({ platform }) => {
      const { limit, seconds } = per(platform.publicLimits['auth'] ?? { limit: 0, windowSeconds: 0 })
      return {
        en: `From one address, at most ${limit} requests in ${seconds} seconds reach the log-in.`,
        ja: `1つのアドレスからログインに届くリクエストは、${seconds}秒間に最大${limit}件です。`,
      }
    },
    why,
    owner,
    owasp: ['API2', 'API4', 'API6'],
    asvs: ['v5.0.0-6.3.1'],
    probe: { kind: 'outside', run: refuseOverLogInLimit },
    method: {
      en: 'Asks the log-in once more than an address may, and looks for the refusal.',
      ja: 'ログインを上限より1回多く呼び出し、拒否されることを確かめます。',
    },
    everyMinutes: 60,
    spendsAddress: true,
  }),
  defineClaim({
    id: 'limits.dashboard-by-person',
    control: 'L2',
    sources: seeds('M26'),
    sentence: ({ platform }) => {
      const { limit, seconds } = per(platform.gate.perUser)
      return {
        en: `A person's dashboard makes at most ${limit} requests in any ${seconds} seconds.`,
        ja: `1人のダッシュボードからのリクエストは、どの${seconds}秒間でも最大${limit}件です。`,
      }
    },
    why,
    owner,
    ...risks,
    owasp: ['API4', 'API6'],
    probe: { kind: 'outside', run: refuseOverUserLimit },
    method: {
      en: 'Opens the dashboard once more than a person may, as an owner of its own.',
      ja: '専用の所有者として、上限より1回多くダッシュボードを呼び出します。',
    },
    everyMinutes: 360,
    orgs: 'own',
  }),
  defineClaim({
    id: 'limits.api-by-key',
    control: 'L3',
    service: 'uptime',
    sources: seeds('M27'),
    sentence: ({ uptime }) => {
      const { limit, seconds } = per(uptime.gate.perKey)
      return {
        en: `A key of Uptime makes at most ${limit} requests in any ${seconds} seconds.`,
        ja: `稼働監視の1つのキーからのリクエストは、どの${seconds}秒間でも最大${limit}件です。`,
      }
    },
    why,
    owner,
    ...risks,
    probe: { kind: 'outside', run: refuseOverKeyLimit('uptime') },
    method: {
      en: 'Makes a key and calls with it once more than it may.',
      ja: 'キーを作り、上限より1回多く呼び出します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'limits.before-proof',
    control: 'L4',
    service: 'oversight',
    sources: seeds('C08'),
    sentence: ({ oversight }) => {
      const { limit, seconds } = per(oversight.gate.beforeProof)
      return {
        en: `Before anybody is proven, one address makes at most ${limit} requests in any ${seconds} seconds.`,
        ja: `認証前のリクエストは、1つのアドレスからどの${seconds}秒間でも最大${limit}件です。`,
      }
    },
    why,
    owner,
    owasp: ['API2', 'API4', 'API6'],
    asvs: ['v5.0.0-6.3.1'],
    probe: { kind: 'outside', run: refuseStrangersOverLimit },
    method: {
      en: 'Sends as many calls without a key as there may be, and then a good key, which is refused for that minute.',
      ja: 'キーなしの呼び出しを上限まで送り、その後は正しいキーも1分間拒否されることを確かめます。',
    },
    everyMinutes: 360,
    spendsAddress: true,
    needsFreshAddress: true,
  }),
  defineClaim({
    id: 'limits.fail-closed',
    control: 'L4',
    sources: seeds('C09'),
    sentence: () => ({
      en: 'Where the store of the counts is gone, whoever proves nothing is refused, not let in.',
      ja: '回数の記録先が失われたときは、認証前の呼び出しを通さず、拒否します。',
    }),
    why: {
      en: 'Whoever can break a counter must not be rewarded with an open door.',
      ja: 'カウンターを壊した者に、入口を開けてはなりません。',
    },
    owner,
    owasp: ['API4', 'API8'],
    asvs: ['v5.0.0-16.5.3'],
    probe: { kind: 'inside', run: failClosed },
    method: {
      en: 'Has every running limit of unproven calls judge a stranger while its store answers nothing.',
      ja: '稼働中の認証前のすべての制限に、記録先が応答しない状態で、見知らぬ相手を判定させます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'limits.oversight-by-key',
    control: 'L5',
    service: 'oversight',
    sources: seeds('C10'),
    sentence: ({ oversight }) => {
      const { limit, seconds } = per(oversight.gate.perKey)
      return {
        en: `A key of Oversight makes at most ${limit} requests in any ${seconds} seconds, by a sliding window.`,
        ja: `人による監督の1つのキーからのリクエストは、スライディングウィンドウで、どの${seconds}秒間でも最大${limit}件です。`,
      }
    },
    why,
    owner,
    ...risks,
    probe: { kind: 'outside', run: refuseOverKeyLimit('oversight') },
    method: {
      en: 'Makes a key and calls with it once more than it may, a few at a time.',
      ja: 'キーを作り、少しずつ並行して、上限より1回多く呼び出します。',
    },
    everyMinutes: 720,
    requestsMax: 1_100,
    timeoutMs: 58_000,
  }),
  defineClaim({
    id: 'limits.oversight-by-prefix',
    control: 'L5',
    service: 'oversight',
    sources: seeds('C11'),
    sentence: ({ oversight }) => {
      const { visibleLength = 0, prefixes = [] } = oversight.keyShape ?? {}
      const characters = visibleLength - (prefixes[0]?.length ?? 0)
      return {
        en: `That limit is counted by the first ${characters} characters of the key's body: no key uses up another's.`,
        ja: `この上限はキー本体の先頭${characters}文字ごとに数え、あるキーが別のキーの分を使うことはありません。`,
      }
    },
    why: {
      en: 'One busy program of a customer must not stop its others.',
      ja: '1つのプログラムの負荷で、同じ顧客の別のプログラムが止まってはなりません。',
    },
    owner,
    ...risks,
    probe: { kind: 'outside', run: countByPrefix },
    method: {
      en: 'Wears out a key that may call five times, and calls with another of the same organisation.',
      ja: '5回まで使えるキーを使い切り、同じ組織の別のキーで呼び出します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'limits.counts-are-forgotten',
    control: 'retention',
    sources: seeds('C17'),
    sentence: () => ({
      en: `The state of limits is kept for at most ${stateHours} hours.`,
      ja: `制限の状態は最長${stateHours}時間で消去します。`,
    }),
    why: {
      en: 'Who called when is personal data; a counter needs it for its window only.',
      ja: 'いつ誰が呼んだかは個人に関する情報であり、集計の間だけ必要だからです。',
    },
    owner,
    asvs: ['v5.0.0-14.2.7'],
    probe: { kind: 'inside', run: (inside) => forgetCounts(inside, stateHours) },
    method: {
      en: 'Counts somebody who is nobody by every running limit, and sees when the store has forgotten it; and how old the oldest count is.',
      ja: '稼働中のすべての制限で架空の相手を数え、記録先が忘れるまでの時間と、最も古い記録の経過時間を確かめます。',
    },
    everyMinutes: 360,
  }),
]
