import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Plan',
  text: 'What this organisation may do with the volatility service, and what it pays for that.',
  now: 'Your plan',
  names: { free: 'Free', pro: 'Pro', desk: 'Desk', unlimited: 'Unlimited' },
  source: 'Where it comes from',
  sources: { operator: 'Given by the operator', subscription: 'Paid for' },
  unlimitedText: 'Plans are not in use on this instance: nobody pays, and only the limits below apply.',
  subscriptions: 'What is paid for',
  nothing: 'Nothing is paid for',
  nothingText:
    'Choose a plan below. You pay on the pages of the payment provider, and come back with the plan.',
  notOffered: 'Nothing can be bought on this instance. Its operator gives plans.',
  plan: 'Plan',
  status: 'Status',
  statuses: {
    trialing: 'On trial',
    active: 'Active',
    past_due: 'Payment is due',
    paused: 'Paused',
    canceled: 'Ended',
  },
  paidUntil: 'Paid until',
  keptUntil: (day: string) => `The plan is kept until ${day}.`,
  manage: 'Change or end',
  manageText: 'Cards, invoices and the end of a subscription are on the pages of the payment provider.',
  compare: 'What plans allow',
  another:
    'Another plan is a subscription of its own: once you have it, end the one above, or you pay for both.',
  limit: 'Limit',
  current: (plan: string) => `${plan} (yours)`,
  limits: {
    requests_per_minute: 'Requests a minute',
    backtests_per_minute: 'Backtests a minute',
    connections: 'Open streams',
    pairs_per_connection: 'Symbols and timeframes on one stream',
    subscriptions: 'Webhook subscriptions',
    presets: 'Presets of your own',
    keys: 'Keys',
  },
  buy: (plan: string) => `Buy ${plan}`,
} as const

const ja: Said<typeof en> = {
  title: 'プラン',
  text: 'この組織がボラティリティサービスで利用できる範囲と、その支払いです。',
  now: '現在のプラン',
  names: { free: 'Free', pro: 'Pro', desk: 'Desk', unlimited: '無制限' },
  source: '付与のもと',
  sources: { operator: '運用者による付与', subscription: '有料契約' },
  unlimitedText: 'このインスタンスではプランを使っていません。支払いはなく、下の上限だけが適用されます。',
  subscriptions: 'お支払い中の契約',
  nothing: '契約はありません',
  nothingText:
    '下からプランを選んでください。支払いは決済事業者のページで行い、完了するとプランが切り替わります。',
  notOffered: 'このインスタンスでは購入できません。プランは運用者が付与します。',
  plan: 'プラン',
  status: '状態',
  statuses: {
    trialing: '試用中',
    active: '有効',
    past_due: '支払い待ち',
    paused: '一時停止中',
    canceled: '終了',
  },
  paidUntil: '支払い済み期限',
  keptUntil: (day) => `プランは ${day} まで維持されます。`,
  manage: '変更・解約',
  manageText: 'カード、請求書、解約の手続きは決済事業者のページで行います。',
  compare: 'プランごとの上限',
  another:
    '別のプランは新しい契約になります。切り替わったら上の契約を解約してください。解約しないと両方の料金がかかります。',
  limit: '上限',
  current: (plan) => `${plan}(現在)`,
  limits: {
    requests_per_minute: '1 分あたりのリクエスト',
    backtests_per_minute: '1 分あたりのバックテスト',
    connections: '同時に開けるストリーム',
    pairs_per_connection: '1 ストリームの銘柄と時間足の組',
    subscriptions: 'Webhook の購読',
    presets: '独自のプリセット',
    keys: 'キー',
  },
  buy: (plan) => `${plan} を購入`,
}

export const translations = { en, ja }
export const planWords = inLanguage(translations)
