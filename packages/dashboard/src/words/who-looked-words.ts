import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Who looked',
  text: 'Each person or key that opened these figures, once for each day; the person sees the same list. Whoever opens them within a quarter of an hour again is counted once.',
  ownText:
    'Each person or key that opened your figures, once for each day, your own looks among them; your organisation sees the same list. Whoever opens them within a quarter of an hour again is counted once.',
  none: 'Nobody has looked yet.',
  kinds: { member: 'a member', key: 'a key', link: 'by an access link' },
  holder: 'Whoever has a link to the own record',
  former: 'Somebody who is no member any more',
  ways: {
    screen: 'on the screen',
    api: 'by the API',
    export: 'as an export',
    own_record: 'as the own record',
  },
  times: (n: string) => `${n} times`,
  more: 'Load more',
} as const

const ja: Said<typeof en> = {
  title: '閲覧した人',
  text: 'この数値を開いた人またはキーを 1 日に 1 件示します。本人にも同じ一覧が見えます。15 分以内に再び開いた場合は 1 回と数えます。',
  ownText:
    'あなたの数値を開いた人またはキーを、あなた自身の閲覧も含めて 1 日に 1 件示します。組織にも同じ一覧が見えます。15 分以内に再び開いた場合は 1 回と数えます。',
  none: 'まだ誰も閲覧していません。',
  kinds: { member: 'メンバー', key: 'キー', link: 'アクセスリンク' },
  holder: '本人の記録へのリンクを持つ人',
  former: '現在はメンバーでない人',
  ways: { screen: '画面', api: 'API', export: 'エクスポート', own_record: '本人の記録' },
  times: (n) => `${n} 回`,
  more: 'さらに表示',
}

export const translations = { en, ja }
export const whoLookedWords = inLanguage(translations)
