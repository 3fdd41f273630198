import { uptimePolicy } from '../policy.ts'
import type { PageLanguage } from './page-words.ts'

/** Why a form was not taken. */
export type SubscribeFault = 'address' | 'full'

export type SubscribeWords = {
  readonly title: string
  readonly about: (page: string) => string
  readonly email: string
  readonly ask: string
  readonly more: string
  readonly components: string
  readonly noneIsAll: string
  readonly back: string
  readonly asked: string
  readonly askedHint: string
  readonly faults: Readonly<Record<SubscribeFault, string>>
}

const { confirmHours } = uptimePolicy.subscription

export const subscribeWords: Readonly<Record<PageLanguage, SubscribeWords>> = {
  en: {
    title: 'Subscribe',
    about: (page) => `Be told when something happens at ${page}: incidents, and maintenance.`,
    email: 'E-mail address',
    ask: 'Subscribe',
    more: 'Choose what to be told of',
    components: 'Only these components',
    noneIsAll: 'None chosen: all of them.',
    back: 'Back to the status page',
    asked: 'Look into your mailbox',
    askedHint: `If this address is not subscribed yet, it gets a mail with a link. Open it within ${confirmHours} hours, and press its button.`,
    faults: {
      address: 'This is not an e-mail address, or a chosen component is not there any more.',
      full: 'This page takes no more subscribers at the moment. You can follow its feeds.',
    },
  },
  ja: {
    title: '購読',
    about: (page) => `${page}の障害とメンテナンスをお知らせします。`,
    email: 'メールアドレス',
    ask: '購読する',
    more: 'お知らせの対象を選ぶ',
    components: '次のコンポーネントだけ',
    noneIsAll: '選ばない場合は、すべてが対象です。',
    back: 'ステータスページに戻る',
    asked: 'メールをご確認ください',
    askedHint: `このアドレスが未登録の場合は、リンクを記載したメールをお送りします。${confirmHours}時間以内に開いて、ボタンを押してください。`,
    faults: {
      address: 'メールアドレスの形式が正しくないか、選んだコンポーネントがすでにありません。',
      full: 'このページは、これ以上の購読を受け付けていません。フィードをご利用ください。',
    },
  },
}
