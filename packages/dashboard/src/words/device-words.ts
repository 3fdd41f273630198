import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Sign in a device',
  text: 'A command line or an assistant asks for access. Type the code that it shows.',
  code: 'Code',
  next: 'Continue',
  compare: 'Does the device show this code?',
  compareText: 'If you did not start this yourself, or the code differs, turn it away.',
  clients: { cli: 'Gatehouse command line', mcp: 'An assistant, over MCP' },
  client: 'Who asks',
  from: 'From',
  asked: 'Asked',
  key: 'Key',
  org: 'Organisation',
  scopes: 'Allowed to',
  service: (service: string) => `use the ${service} service`,
  scope: { read: 'read everything', write: 'change and delete' },
  returns: 'Returns to',
  approve: 'Approve',
  deny: 'Turn away',
  other: 'Type another code',
  approved: 'The device is signed in',
  approvedText: (name: string) =>
    `It collects the key “${name}” now. You can revoke it under API keys at any time.`,
  goBack: 'Return to the device',
  denied: 'The device was turned away',
  deniedText: 'It gets no key. You can close this page.',
  unverified: 'Verify your e-mail address first',
  unverifiedText:
    'A device gets a key of your organisation, so only people with a verified address approve one.',
  expired:
    'No device shows this code now. Codes last 15 minutes: start again on the device and type the new one.',
  tooMany: 'Too many wrong codes were typed. Wait an hour, then start again on the device.',
  viewer: 'Viewers cannot approve devices. Ask an owner of the organisation to make you a member.',
} as const

const ja: Said<typeof en> = {
  title: '端末のログイン',
  text: 'コマンドラインまたはアシスタントがアクセスを求めています。表示されているコードを入力してください。',
  code: 'コード',
  next: '次へ',
  compare: '端末に同じコードが表示されていますか？',
  compareText: 'ご自身で始めた操作でない場合や、コードが異なる場合は拒否してください。',
  clients: { cli: 'Gatehouse コマンドライン', mcp: 'アシスタント（MCP）' },
  client: '要求元',
  from: '接続元',
  asked: '要求日時',
  key: '発行されるキー',
  org: '組織',
  scopes: '許可される操作',
  service: (service) => `${service} サービスの利用`,
  scope: { read: 'すべての読み取り', write: '変更と削除' },
  returns: '戻り先',
  approve: '承認',
  deny: '拒否',
  other: '別のコードを入力',
  approved: '端末がログインしました',
  approvedText: (name) => `端末はキー「${name}」を受け取ります。API キーの画面からいつでも失効できます。`,
  goBack: '端末に戻る',
  denied: '端末を拒否しました',
  deniedText: 'キーは発行されません。このページを閉じてかまいません。',
  unverified: '先にメールアドレスを確認してください',
  unverifiedText: '端末は組織のキーを受け取るため、アドレスを確認済みの方だけが承認できます。',
  expired:
    'このコードを表示している端末はありません。コードの有効期間は 15 分です。端末でやり直し、新しいコードを入力してください。',
  tooMany: '誤ったコードが何度も入力されました。1 時間待ってから、端末でやり直してください。',
  viewer: '閲覧者は端末を承認できません。組織のオーナーにメンバーへの変更を依頼してください。',
}

export const translations = { en, ja }
export const deviceWords = inLanguage(translations)
