import { inLanguage, type Said } from '../language.ts'

const en = {
  backToSignIn: 'Back to sign in',
  toDashboard: 'Go to the dashboard',
  forgotLink: 'Forgot your password?',
  field: {
    email: 'E-mail',
    password: 'Password',
    newPassword: 'New password',
    repeat: 'New password, once more',
    name: 'Your name',
    orgName: 'Organisation',
  },
  passwordHint: 'At least 8 characters. A few unrelated words do well.',
  orgHint: 'You can also join one later, by invitation.',
  notTheSame: 'The two passwords are not the same. Type the new one twice.',
  noLink: 'The address of this page is not complete. Open the link in the mail again, or copy all of it.',
  forgot: {
    title: 'Forgot your password?',
    text: 'We mail you a link that sets a new one.',
    submit: 'Send the link',
    sent: 'Look into your mailbox',
    sentText: (email: string) =>
      `If ${email} has an account here, a mail with a link is on its way. The link works once, for 60 minutes.`,
    again: 'Nothing there? Look into the spam folder, or send it again.',
    sendAgain: 'Use another address',
  },
  reset: {
    title: 'Set a new password',
    text: 'Every session of yours ends, on every device.',
    submit: 'Set password',
    done: 'Your new password is set',
    doneText: 'You are signed out everywhere. Sign in with the new password.',
    spent: 'This link was used already, or is older than 60 minutes. Your password is unchanged.',
    again: 'Send a new link',
  },
  verify: {
    title: 'Confirm your e-mail address',
    text: 'One press proves that mails reach you at this address.',
    submit: 'Confirm my address',
    done: 'Your address is confirmed',
    doneText: 'Thank you. Mails from Gatehouse reach you from now on.',
    spent: 'This link was used already, or is older than 24 hours.',
    spentSignedOut: 'If your address is not confirmed yet, sign in and send a new link from your account.',
    send: 'Send the link again',
    sent: 'A new mail is on its way. Open the link in it.',
  },
  register: {
    title: 'Create an account',
    text: 'It exists once you have opened the link that we mail you.',
    submit: 'Create account',
    sent: 'Look into your mailbox',
    sentText: (email: string) =>
      `We have sent a mail to ${email}. Open the link in it within 24 hours to finish. Without it, no account is made.`,
    closed: 'Accounts here are by invitation',
    closedText:
      'Registration is closed on this server. Ask an owner of your organisation to invite you: the invitation holds a link that makes your account.',
  },
  invite: {
    title: 'Join the organisation',
    text: 'You were invited. Make an account to join.',
    textKnown: 'You were invited. Prove that the account is yours, and you are in.',
    submit: 'Create account and join',
    submitKnown: 'Join',
    iHaveOne: 'I have an account already',
    iAmNew: 'I have no account yet',
    asPerson: (email: string) => `You are signed in as ${email}.`,
    refused: 'E-mail or password is not right. Try again, or reset your password first.',
    spent: 'This invitation was used, withdrawn or is older than 7 days. Ask who invited you for a new one.',
    member: 'You belong to this organisation already. There is nothing left to do.',
  },
} as const

const ja: Said<typeof en> = {
  backToSignIn: 'ログインに戻る',
  toDashboard: 'ダッシュボードへ',
  forgotLink: 'パスワードをお忘れですか？',
  field: {
    email: 'メールアドレス',
    password: 'パスワード',
    newPassword: '新しいパスワード',
    repeat: '新しいパスワード（確認）',
    name: 'お名前',
    orgName: '組織名',
  },
  passwordHint: '8 文字以上。関連のない単語をいくつか並べるのがお勧めです。',
  orgHint: 'あとから招待を受けて参加することもできます。',
  notTheSame: '2 つのパスワードが一致しません。新しいパスワードを 2 回入力してください。',
  noLink: 'このページのアドレスが不完全です。メールのリンクをもう一度開くか、全体をコピーしてください。',
  forgot: {
    title: 'パスワードをお忘れですか？',
    text: '再設定用のリンクをメールでお送りします。',
    submit: 'リンクを送信',
    sent: 'メールをご確認ください',
    sentText: (email) =>
      `${email} のアカウントがあれば、リンクを記載したメールをお送りします。リンクは 60 分間、1 回だけ有効です。`,
    again: '届かない場合は、迷惑メールフォルダーを確認するか、もう一度送信してください。',
    sendAgain: '別のアドレスを使う',
  },
  reset: {
    title: '新しいパスワードの設定',
    text: 'すべての端末のセッションが終了します。',
    submit: 'パスワードを設定',
    done: '新しいパスワードを設定しました',
    doneText: 'すべての端末からログアウトしました。新しいパスワードでログインしてください。',
    spent: 'このリンクは使用済みか、60 分を過ぎています。パスワードは変わっていません。',
    again: '新しいリンクを送信',
  },
  verify: {
    title: 'メールアドレスの確認',
    text: 'ボタンを押すと、このアドレスにメールが届くことを確認できます。',
    submit: 'アドレスを確認する',
    done: 'アドレスを確認しました',
    doneText: 'ありがとうございます。今後 Gatehouse からのメールをこのアドレスにお送りします。',
    spent: 'このリンクは使用済みか、24 時間を過ぎています。',
    spentSignedOut:
      'まだ確認が済んでいない場合は、ログインしてアカウント画面から新しいリンクを送信してください。',
    send: 'リンクを再送信',
    sent: '新しいメールをお送りします。記載のリンクを開いてください。',
  },
  register: {
    title: 'アカウントの作成',
    text: 'メールでお送りするリンクを開くと、アカウントが作成されます。',
    submit: 'アカウントを作成',
    sent: 'メールをご確認ください',
    sentText: (email) =>
      `${email} にメールをお送りしました。24 時間以内に記載のリンクを開くと完了します。開かなければアカウントは作成されません。`,
    closed: 'アカウントは招待制です',
    closedText:
      'このサーバーでは新規登録を受け付けていません。組織のオーナーに招待を依頼してください。招待のリンクからアカウントを作成できます。',
  },
  invite: {
    title: '組織に参加',
    text: '招待されています。アカウントを作成して参加してください。',
    textKnown: '招待されています。ご自身のアカウントであることを確認すると参加できます。',
    submit: 'アカウントを作成して参加',
    submitKnown: '参加する',
    iHaveOne: 'アカウントを持っています',
    iAmNew: 'アカウントを持っていません',
    asPerson: (email) => `${email} でログインしています。`,
    refused:
      'メールアドレスかパスワードが正しくありません。もう一度入力するか、先にパスワードを再設定してください。',
    spent:
      'この招待は使用済みか、取り消されたか、7 日を過ぎています。招待した方に新しい招待を依頼してください。',
    member: 'すでにこの組織のメンバーです。ほかに必要な操作はありません。',
  },
}

export const translations = { en, ja }
export const doorWords = inLanguage(translations)
