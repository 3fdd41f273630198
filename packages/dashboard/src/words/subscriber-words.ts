import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Subscribers',
  text: 'People and programs that are told of incidents and maintenance of this page. Owners see them, and keys that an owner lets.',
  counts: (confirmed: number, pending: number) =>
    pending === 0
      ? `${confirmed} confirmed`
      : `${confirmed} confirmed, ${pending} asked and not confirmed yet`,
  ofMax: (confirmed: number, max: number) => `The plan allows ${max}, of which ${confirmed} are taken.`,
  none: 'Nobody has subscribed yet.',
  noneText: 'The page has a form for it; people confirm their address before anything is sent.',
  kinds: { email: 'E-mail', webhook: 'Webhook' },
  waiting: 'Not confirmed',
  all: 'all components',
  some: (count: number) => (count === 1 ? '1 component' : `${count} components`),
  languages: { en: 'English', ja: 'Japanese' },
  remove: 'Remove',
  confirmRemove: (address: string) => `Remove ${address}?`,
  removed: (address: string) => `${address} is removed, and is told nothing more.`,
  more: 'Show more',
  feeds: 'Feeds',
  feedsText:
    'Programs cannot enter the password of the page. Whoever has these addresses reads its incidents and maintenance without it.',
  showFeeds: 'Show addresses',
  noKey: 'There is no key yet, so no program can read the feeds.',
  makeKey: 'Make a key',
  replaceKey: 'Replace key',
  confirmReplace: 'Addresses with the present key stop working.',
  keyMade: 'The addresses have a new key.',
  feed: {
    atom: 'Incidents as a feed (Atom)',
    rss: 'Incidents as a feed (RSS)',
    calendar: 'Maintenance as a calendar (iCal)',
  },
}

const ja: Said<typeof en> = {
  title: '購読者',
  text: 'このページの障害とメンテナンスのお知らせを受け取る人とプログラムです。見られるのはオーナーと、オーナーが許可したキーだけです。',
  counts: (confirmed: number, pending: number) =>
    pending === 0 ? `確認済み ${confirmed} 件` : `確認済み ${confirmed} 件、確認待ち ${pending} 件`,
  ofMax: (confirmed: number, max: number) => `プランの上限は ${max} 件で、${confirmed} 件を使用しています。`,
  none: '購読者はまだいません。',
  noneText: 'ページに申し込みフォームがあります。アドレスが確認されるまで、お知らせは送信されません。',
  kinds: { email: 'メール', webhook: 'Webhook' },
  waiting: '未確認',
  all: 'すべてのコンポーネント',
  some: (count: number) => `コンポーネント ${count} 件`,
  languages: { en: '英語', ja: '日本語' },
  remove: '削除',
  confirmRemove: (address: string) => `${address} を削除しますか？`,
  removed: (address: string) => `${address} を削除しました。今後お知らせは送信されません。`,
  more: 'さらに表示',
  feeds: 'フィード',
  feedsText:
    'プログラムはページのパスワードを入力できません。次のアドレスを知っていれば、パスワードなしで障害とメンテナンスを読めます。',
  showFeeds: 'アドレスを表示',
  noKey: 'キーがまだないため、プログラムはフィードを読めません。',
  makeKey: 'キーを作成',
  replaceKey: 'キーを交換',
  confirmReplace: '現在のキーを含むアドレスは無効になります。',
  keyMade: 'アドレスのキーを更新しました。',
  feed: {
    atom: '障害情報のフィード (Atom)',
    rss: '障害情報のフィード (RSS)',
    calendar: 'メンテナンスのカレンダー (iCal)',
  },
}

export const translations = { en, ja }
export const subscriberWords = inLanguage(translations)
