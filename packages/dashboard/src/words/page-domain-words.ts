import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Domain',
  text: 'Let readers find the page under a name of your own. There is nothing else of this server at that name.',
  plan: 'Comes with the plans Pro and Business, and with every server that sells no plans.',
  planMissing: 'Your plan has no domains of your own. An owner can choose Pro or Business.',
  nameless:
    'This server has no name yet that a domain could point to. Whoever runs it sets GATEHOUSE_PUBLIC_URL to an address with a host name.',
  ownersOnly: 'Only owners of the organisation set, verify and remove a domain.',
  none: 'This page has no domain.',
  name: 'Domain name',
  nameHint: 'A name below a domain that is yours, such as status.example.com.',
  use: 'Use this domain',
  set: (domain: string) => `Set the two records for ${domain} now.`,
  status: { pending_validation: 'Not verified', active: 'Active', failed: 'Not found' },
  records:
    'Set these two records where the DNS of the domain is kept, then verify. It can take an hour until they are seen.',
  record: {
    CNAME: 'CNAME record, which leads readers here',
    TXT: 'TXT record, which proves that the name is yours',
  },
  recordName: 'Name',
  recordValue: 'Value',
  copyName: (type: string) => `name of the ${type} record`,
  copyValue: (type: string) => `value of the ${type} record`,
  found: 'Found as it should be.',
  missing: {
    CNAME:
      'No CNAME record was found. Where your provider hides or flattens it (“proxied”), turn that off for this name.',
    TXT: 'No TXT record was found at this name.',
  },
  other: 'Found something else:',
  unanswered: 'The name servers did not answer. Try again in a while.',
  verify: 'Verify now',
  verifying: 'Looking…',
  checked: 'Last looked',
  verified: (domain: string) => `${domain} shows this page.`,
  notVerified: 'Not both records are there yet. Each says what was found.',
  activeText:
    'The records are looked for each day. After seven days without them the page leaves the domain.',
  badDays: (days: number) =>
    `Not both records were found for ${days} ${days === 1 ? 'day' : 'days'}. After seven the page leaves the domain.`,
  certificate: 'Browsers reach it by HTTPS once whoever runs this server has a certificate for the name.',
  open: 'Open',
  remove: 'Remove domain…',
  removeNow: 'Remove domain',
  removeTitle: (domain: string) => `Remove ${domain}?`,
  removeText:
    'The page is no longer there at once. It stays at its other address. Take the records away, too.',
  removed: (domain: string) => `${domain} is removed.`,
}

const ja: Said<typeof en> = {
  title: 'ドメイン',
  text: '自社のドメイン名でページを公開できます。その名前では、このサーバーのほかの機能は表示されません。',
  plan: 'Pro と Business のプラン、およびプランを販売していないサーバーで使えます。',
  planMissing: '現在のプランでは独自ドメインを使えません。オーナーが Pro か Business を選べます。',
  nameless:
    'このサーバーには、ドメインの向け先になる名前がまだありません。サーバーの管理者が GATEHOUSE_PUBLIC_URL にホスト名付きの URL を設定する必要があります。',
  ownersOnly: 'ドメインの設定、確認、削除ができるのは組織のオーナーだけです。',
  none: 'このページにドメインはありません。',
  name: 'ドメイン名',
  nameHint: '自社のドメインの下の名前です（例：status.example.com）。',
  use: 'このドメインを使う',
  set: (domain) => `${domain} の 2 つのレコードを設定してください。`,
  status: { pending_validation: '未確認', active: '有効', failed: '確認できません' },
  records:
    'ドメインの DNS に次の 2 つのレコードを設定し、確認してください。反映まで 1 時間ほどかかることがあります。',
  record: {
    CNAME: 'CNAME レコード（閲覧者をここへ導きます）',
    TXT: 'TXT レコード（名前の所有を証明します）',
  },
  recordName: '名前',
  recordValue: '値',
  copyName: (type) => `${type} レコードの名前`,
  copyValue: (type) => `${type} レコードの値`,
  found: '正しく設定されています。',
  missing: {
    CNAME:
      'CNAME レコードが見つかりません。DNS 事業者の機能（プロキシなど）で隠れている場合は、この名前では無効にしてください。',
    TXT: 'この名前に TXT レコードが見つかりません。',
  },
  other: '別の値が見つかりました:',
  unanswered: 'ネームサーバーから応答がありません。しばらくしてからお試しください。',
  verify: '今すぐ確認',
  verifying: '確認中…',
  checked: '前回の確認',
  verified: (domain) => `${domain} でこのページが表示されます。`,
  notVerified: '両方のレコードはまだ揃っていません。見つかった内容は各レコードに示しています。',
  activeText:
    'レコードは毎日確認します。7 日間見つからないと、このドメインではページが表示されなくなります。',
  badDays: (days) =>
    `${days} 日間、両方のレコードが揃っていません。7 日になると、このドメインではページが表示されなくなります。`,
  certificate: 'HTTPS で開けるのは、サーバーの管理者がこの名前の証明書を用意した後です。',
  open: '開く',
  remove: 'ドメインを削除…',
  removeNow: 'ドメインを削除',
  removeTitle: (domain) => `${domain} を削除しますか？`,
  removeText:
    'このドメインではすぐに表示されなくなります。もう一方のアドレスはそのまま使えます。DNS のレコードも削除してください。',
  removed: (domain) => `${domain} を削除しました。`,
}

export const translations = { en, ja }
export const pageDomainWords = inLanguage(translations)
