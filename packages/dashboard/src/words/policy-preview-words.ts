import { inLanguage, type Said } from '../language.ts'

const en = {
  ask: 'Try on past decisions',
  title: 'What this would have done',
  none: 'No decisions yet: there is nothing to try it on.',
  span: (n: string, since: string, until: string) => `n = ${n} decisions, from ${since} to ${until}.`,
  newest: (n: string) => `The newest ${n} are tried, no more.`,
  notJudged: (n: string, of: string) => `${n} of ${of} are not judged, and in no figure below.`,
  inputsGone: (n: string) =>
    `${n}: what they were scored from was erased with a person, or was never complete.`,
  modelUnknown: (n: string) => `${n}: a model scored them that this server does not have.`,
  same: (n: string) => `Nothing would have been different (n = ${n}).`,
  different: (moved: string, of: string) => `${moved} of ${of} would have been different:`,
  moved: {
    stricter: (n: string) => `${n} stricter`,
    looser: (n: string) => `${n} less strict`,
    outcome: (n: string) => `${n} on the same route, with another outcome`,
  },
  move: { stricter: 'Stricter', looser: 'Less strict', outcome: 'Same route, another outcome' },
  earlier: 'Some were routed by an earlier version; both columns route them anew.',
  inForce: 'In force',
  changed: 'As changed',
  difference: 'Difference',
  figure: 'Route',
  waiting: 'Wait for a person',
  perDay: 'Wait for a person, a day',
  outcome: 'What became of those that wait',
  outcomes: {
    decided: 'Decided in time',
    expired_released: 'Nobody in time: goes through',
    expired_blocked: 'Nobody in time: blocked',
    open: 'Cannot be known',
  },
  outcomeText:
    'People are taken to have decided when they did; of what did not wait then, nobody knows when they would have.',
  pool: 'Wait for a person, by pool',
  anyone: 'anyone',
  differing: (shown: string, of: string) => `Decisions that would have been different (${shown} of ${of})`,
  decision: 'Decision',
} as const

const ja: Said<typeof en> = {
  ask: '過去の判断で試す',
  title: 'この変更が適用されていた場合',
  none: '判断がまだないため、試す対象がありません。',
  span: (n, since, until) => `n = ${n} 件の判断、${since} から ${until} まで。`,
  newest: (n) => `試すのは最新の ${n} 件までです。`,
  notJudged: (n, of) => `${of} 件のうち ${n} 件は判定できず、以下のどの数値にも含まれません。`,
  inputsGone: (n) => `${n} 件：採点の元になった情報が個人とともに消去されたか、もともと揃っていません。`,
  modelUnknown: (n) => `${n} 件：このサーバーにないモデルで採点されました。`,
  same: (n) => `結果の変わる判断はありません (n = ${n})。`,
  different: (moved, of) => `${of} 件のうち ${moved} 件の結果が変わります：`,
  moved: {
    stricter: (n) => `より厳しく ${n} 件`,
    looser: (n) => `より緩く ${n} 件`,
    outcome: (n) => `経路は同じで結末が異なる ${n} 件`,
  },
  move: { stricter: 'より厳しく', looser: 'より緩く', outcome: '経路は同じ、結末が異なる' },
  earlier: '以前のバージョンで振り分けられたものも含みます。どちらの列も改めて振り分けた結果です。',
  inForce: '現在',
  changed: '変更後',
  difference: '差',
  figure: '経路',
  waiting: '人を待つ',
  perDay: '人を待つ (1 日あたり)',
  outcome: '人を待つ判断の結末',
  outcomes: {
    decided: '期限内に判断',
    expired_released: '期限切れ：通す',
    expired_blocked: '期限切れ：遮断',
    open: '分からない',
  },
  outcomeText:
    '人は実際に判断した時刻に判断したものとします。当時待たなかった判断については、いつ判断されたか分かりません。',
  pool: '人を待つ (プール別)',
  anyone: '誰でも',
  differing: (shown, of) => `結果が変わる判断 (${of} 件中 ${shown} 件)`,
  decision: '判断',
}

export const translations = { en, ja }
export const policyPreviewWords = inLanguage(translations)
