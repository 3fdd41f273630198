import type { Language } from '../sentence.ts'
import type { Shown, Summary } from '../usecases/read-posture.ts'

export type PageWords = {
  readonly title: (host: string) => string
  readonly nav: Readonly<Record<'incidents' | 'report' | 'policy' | 'other' | 'back', string>>
  readonly shown: Readonly<Record<Shown, string>>
  readonly banner: (summary: Summary) => string
  readonly standing: (summary: Summary) => string
  readonly asOf: (time: string) => string
  readonly policySince: (date: string, hash: string) => string
  readonly notSince: string
  readonly verified: string
  readonly verifiedHint: string
  readonly stated: string
  readonly statedHint: string
  readonly risks: string
  readonly risksHint: string
  readonly deviations: string
  readonly noDeviations: string
  readonly undeclared: string
  readonly declared: (reason: string, owner: string, retireBy: string) => string
  readonly columns: Readonly<
    Record<
      'verdict' | 'claim' | 'seen' | 'at' | 'history' | 'by' | 'document' | 'review' | 'risk' | 'answers',
      string
    >
  >
  readonly never: string
  readonly held: (held: number, of: number) => string
  readonly answered: (held: number, of: number) => string
  readonly yourself: string
  readonly yourselfHint: string
  readonly why: string
  readonly how: string
  readonly kinds: Readonly<Record<'outside' | 'inside' | 'canary', string>>
  readonly every: (minutes: number) => string
  readonly kept: string
  readonly results: (count: number) => string
  readonly sources: string
  readonly none: string
  readonly unknownClaim: string
}

export const pageWords: Readonly<Record<Language, PageWords>> = {
  en: {
    title: (host) => `Security of ${host}`,
    nav: {
      incidents: 'Incidents',
      report: 'Report a weakness',
      policy: 'Security policy',
      other: '日本語',
      back: 'All claims',
    },
    shown: {
      holds: 'Holds',
      fails: 'Fails',
      unknown: 'Unknown',
      stated: 'Stated',
      overdue: 'Review overdue',
    },
    banner: ({ fails, unknown, verified }) =>
      fails > 0
        ? `${fails} of ${verified} verified claims ${fails === 1 ? 'fails' : 'fail'}`
        : unknown > 0
          ? `No verified claim fails; of ${unknown} nothing is known at the moment`
          : `All ${verified} verified claims hold`,
    standing: ({ holds, fails, unknown }) => `${holds} hold · ${fails} fail · ${unknown} unknown`,
    asOf: (time) => `As of ${time}.`,
    policySince: (date, hash) => `Sentences and policy ${hash} since ${date}.`,
    notSince: 'Nothing was probed yet under the sentences and policy of now.',
    verified: 'Verified',
    verifiedHint:
      'Each sentence takes its figures from the running policy, and a probe tries to prove it false on this very deployment.',
    stated: 'Stated',
    statedHint: 'What no probe can decide. Somebody answers for it, and nothing here counts as verified.',
    risks: 'By risk',
    risksHint:
      'The OWASP API Security Top 10 (2023), and the verified claims that answer each: a risk stands as the worst of them does.',
    deviations: 'Deviations',
    noDeviations: 'No setting of this instance weakens a control.',
    undeclared: 'The operator has given no reason.',
    declared: (reason, owner, retireBy) => `${reason} (${owner}, until ${retireBy})`,
    columns: {
      verdict: 'Result',
      claim: 'Claim',
      seen: 'Seen',
      at: 'When (UTC)',
      history: 'Newest results',
      by: 'Stated by',
      document: 'Document',
      review: 'Review by',
      risk: 'Risk',
      answers: 'Answered by',
    },
    never: 'never',
    held: (held, of) => `${held} of the last ${of} held`,
    answered: (held, of) => (of === 0 ? 'No claim answers it' : `${held} of ${of} claims hold`),
    yourself: 'Check it yourself',
    yourselfHint:
      'The newest evidence is signed. Fetch it with the public keys and verify it offline, or run the probes against this instance with the keys of a test organisation:',
    why: 'Why it matters',
    how: 'How it is probed',
    kinds: {
      outside: 'From outside, over the network alone.',
      inside: 'From inside, by facts of the running server.',
      canary: 'Through the real path, to a receiver of the prober’s own.',
    },
    every: (minutes) => `Every ${minutes} minutes.`,
    kept: 'Kept by',
    results: (count) => (count === 1 ? 'The last result' : `The last ${count} results`),
    sources: 'Promised before as',
    none: 'None yet.',
    unknownClaim: 'There is no such claim',
  },
  ja: {
    title: (host) => `${host} のセキュリティ`,
    nav: {
      incidents: 'インシデント',
      report: '脆弱性の報告',
      policy: 'セキュリティポリシー',
      other: 'English',
      back: 'すべての主張',
    },
    shown: {
      holds: '成立',
      fails: '不成立',
      unknown: '不明',
      stated: '表明',
      overdue: '見直し期限切れ',
    },
    banner: ({ fails, unknown, verified }) =>
      fails > 0
        ? `検証対象${verified}件のうち${fails}件が成立していません`
        : unknown > 0
          ? `不成立の主張はありませんが、現在${unknown}件が不明です`
          : `検証対象の${verified}件すべてが成立しています`,
    standing: ({ holds, fails, unknown }) => `成立 ${holds} · 不成立 ${fails} · 不明 ${unknown}`,
    asOf: (time) => `${time} 時点。`,
    policySince: (date, hash) => `文言とポリシー ${hash} は ${date} から有効です。`,
    notSince: '現在の文言とポリシーでは、まだ検証されていません。',
    verified: '検証済み',
    verifiedHint:
      '各文の数値は稼働中のポリシーから取り出され、プローブがこの環境そのものに対して反証を試みます。',
    stated: '表明',
    statedHint: 'プローブでは判定できない事項です。責任者を明記し、検証済みには数えません。',
    risks: 'リスク別',
    risksHint:
      'OWASP API Security Top 10（2023）の各リスクと、それに対応する検証済みの主張です。リスクの結果は、対応する主張のうち最も悪い結果です。',
    deviations: '逸脱',
    noDeviations: 'このインスタンスには、統制を弱める設定はありません。',
    undeclared: '運用者は理由を示していません。',
    declared: (reason, owner, retireBy) => `${reason}（${owner}、${retireBy} まで）`,
    columns: {
      verdict: '結果',
      claim: '主張',
      seen: '観測値',
      at: '日時 (UTC)',
      history: '最近の結果',
      by: '表明者',
      document: '文書',
      review: '見直し期限',
      risk: 'リスク',
      answers: '対応する主張',
    },
    never: '未検証',
    held: (held, of) => `直近${of}回のうち${held}回成立`,
    answered: (held, of) => (of === 0 ? '対応する主張はありません' : `${of}件のうち${held}件が成立`),
    yourself: 'ご自身で確かめる',
    yourselfHint:
      '最新の証拠は署名されています。公開鍵とともに取得してオフラインで検証するか、テスト組織のキーを使ってこのインスタンスにプローブを実行してください。',
    why: '理由',
    how: '検証方法',
    kinds: {
      outside: '外部から、ネットワーク経由のみで検証します。',
      inside: '内部から、稼働中のサーバーの事実を読みます。',
      canary: '実際の経路を通して、プローブ専用の受信先で確かめます。',
    },
    every: (minutes) => `${minutes}分ごと。`,
    kept: '担当箇所',
    results: (count) => `直近${count}件の結果`,
    sources: '従来の記載',
    none: 'まだありません。',
    unknownClaim: 'そのような主張はありません',
  },
}
