import { uptimePolicy } from '../policy.ts'
import type { PageLanguage } from './page-words.ts'

/** Why a form was not taken. */
export type SubscribeFault = 'address' | 'full' | 'unreturned'

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
  readonly webhook: string
  readonly webhookHint: string
  readonly webhookUrl: string
  readonly made: string
  readonly madeHint: string
  readonly secret: string
  readonly ending: string
  /** Of the page by which a subscriber changes what it is told of. */
  readonly choice: {
    readonly title: string
    readonly about: (page: string) => string
    readonly save: string
    readonly saved: string
    readonly single: string
    readonly unknown: string
    readonly ended: string
  }
  readonly faults: Readonly<Record<SubscribeFault, string>>
}

const { confirmHours, challengeTimeoutMs } = uptimePolicy.subscription
const challengeSeconds = challengeTimeoutMs / 1_000

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
    webhook: 'Subscribe a program by webhook',
    webhookHint: `The URL gets a POST with a challenge, and has to return it within ${challengeSeconds} seconds. What follows is signed with a secret, as in Standard Webhooks.`,
    webhookUrl: 'URL (https)',
    made: 'The webhook is subscribed',
    madeHint: 'Keep both now: they are not shown again.',
    secret: 'Secret that signs what is sent',
    ending: 'A POST to this address ends it',
    choice: {
      title: 'What you are told of',
      about: (page) => `Choose what of ${page} you are told of.`,
      save: 'Save',
      saved: 'Saved. It counts from the next notice on.',
      single: 'This page shows nothing to choose from: you are told of all of it.',
      unknown: 'A chosen component is not there any more. Choose again.',
      ended:
        'Nothing can be chosen by this link: the subscription has ended, or the page is not open to its readers any more.',
    },
    faults: {
      unreturned: `The URL did not return the challenge within ${challengeSeconds} seconds.`,
      address: 'This is no address that can be told, or a chosen component is not there any more.',
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
    webhook: 'プログラムで受け取る (Webhook)',
    webhookHint: `URL にチャレンジを含む POST を送信します。${challengeSeconds}秒以内に同じ値を返してください。以降のお知らせには Standard Webhooks の署名が付きます。`,
    webhookUrl: 'URL (https)',
    made: 'Webhook を登録しました',
    madeHint: '次の 2 つは二度と表示されません。今すぐ保存してください。',
    secret: 'お知らせに署名するシークレット',
    ending: 'このアドレスに POST すると停止します',
    choice: {
      title: 'お知らせの対象',
      about: (page) => `${page}のお知らせの対象を選べます。`,
      save: '保存',
      saved: '保存しました。次のお知らせから適用されます。',
      single: 'このページに選べる項目はありません。すべてをお知らせします。',
      unknown: '選んだコンポーネントがすでにありません。もう一度お選びください。',
      ended: 'このリンクでは変更できません。購読が停止されているか、ページが公開されていません。',
    },
    faults: {
      unreturned: `URL が${challengeSeconds}秒以内にチャレンジを返しませんでした。`,
      address: 'お知らせを送れるアドレスではないか、選んだコンポーネントがすでにありません。',
      full: 'このページは、これ以上の購読を受け付けていません。フィードをご利用ください。',
    },
  },
}
