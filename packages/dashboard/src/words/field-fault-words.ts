import { language } from '../language.ts'

// The server's messages about fields are English and meant for programs; these are translations for users. Unmatched
// ones stay as they are.
const inJapanese: readonly (readonly [said: RegExp, sentence: string])[] = [
  [/^is required$/, '入力してください。'],
  [/^must be (\d+) to (\d+) characters long$/, '$1 ～ $2 文字で入力してください。'],
  [/^must be at most (\d+) characters long$/, '$1 文字以内で入力してください。'],
  [/^must be at least (\d+) characters long$/, '$1 文字以上で入力してください。'],
  [/^must be a whole number between (\S+) and (\S+)$/, '$1 ～ $2 の整数で入力してください。'],
  [/^must be between (\S+) and (\S+)$/, '$1 ～ $2 の範囲で入力してください。'],
  [/^must be at least (\S+)$/, '$1 以上で入力してください。'],
  [/^must be at most (\S+)$/, '$1 以下で入力してください。'],
  [/^must be one of (.+)$/, '次のいずれかを選んでください：$1。'],
  [/^must be an e-mail address/, 'メールアドレスを入力してください。'],
  [/^must be a domain such as (\S+)$/, '$1 のようなドメインを入力してください。'],
  [/^must be a valid (\S+)$/, '正しい $1 を入力してください。'],
  [/^must lie in the future$/, '未来の日時を指定してください。'],
  [/^must lie after the start$/, '開始より後の日時を指定してください。'],
  [/^must be at most (\d+) days after the start$/, '開始から $1 日以内で指定してください。'],
  [/^must be at most (\d+) days away$/, '$1 日以内で指定してください。'],
  [/^is taken$/, 'すでに使われています。'],
  [
    /^must be 2 to 63 lower-case letters, digits and hyphens, and begin with a letter or digit$/,
    '英小文字、数字、ハイフン 2 ～ 63 文字で、英小文字か数字で始めてください。',
  ],
  [/^must not be a reserved name$/, 'この名前は予約されています。'],
  [/^is in use by another status page$/, '別のステータスページで使われています。'],
  [/^is the name of this instance itself$/, 'このサーバー自身の名前は使えません。'],
  [/^is not a known field$/, 'この項目は使えません。'],
]

// Messages that do not say what to do about the fault, or use a technical name for the field.
const withCure: readonly (readonly [said: RegExp, en: string, ja: string])[] = [
  [
    /^this address may not be monitored$/,
    'Private addresses are closed. Whoever runs the server opens this one with GATEHOUSE_EGRESS_ALLOW.',
    'プライベートなアドレスは監視できません。サーバーの管理者が GATEHOUSE_EGRESS_ALLOW で許可できます。',
  ],
  [
    /^must not contain credentials; put them in auth$/,
    'Take user and password out of the URL, and choose them under Log-in.',
    'URL からユーザー名とパスワードを除き、「ログイン」で指定してください。',
  ],
  [
    /^must not be given beside expectedStatus$/,
    'Name either one status or several.',
    'ステータスは 1 つか、複数のどちらかで指定してください。',
  ],
  [
    /^must not be given unless method is POST$/,
    'Only POST carries a body: choose POST, or empty this.',
    '本文を送れるのは POST だけです。POST を選ぶか、ここを空にしてください。',
  ],
  [
    /^must not be given without body$/,
    'Without a body there is no type of it: fill in the body, or empty this.',
    '本文がないため指定できません。本文を入力するか、ここを空にしてください。',
  ],
  [
    /^must not be given when method is HEAD$/,
    'An answer to HEAD has no body to look into: choose GET, or empty this.',
    'HEAD の応答には本文がありません。GET を選ぶか、ここを空にしてください。',
  ],
  [
    /^must be given again, because the target is another one$/,
    'The target is another one, so enter the log-in again.',
    '対象が変わったため、ログイン情報を入力し直してください。',
  ],
  [
    /^has nothing yet that could be kept$/,
    'Nothing is stored yet: enter the log-in.',
    '保存済みの情報がありません。ログイン情報を入力してください。',
  ],
  [
    /^must be a status such as "200", or a range such as "200-299"$/,
    'Write statuses as 200, and ranges as 200-299.',
    'ステータスは 200、範囲は 200-299 のように入力してください。',
  ],
  [
    /^must name the lower status first$/,
    'Write the lower status of a range first.',
    '範囲は小さいステータスから書いてください。',
  ],
  [
    /^must (?:be 1 to 64|be named with 1 to 64) letters, digits and hyphens$/,
    'Names of headers have letters, digits and hyphens, 64 at most.',
    'ヘッダー名は英数字とハイフンで 64 文字以内です。',
  ],
  [/^must not contain CR, LF or NUL$/, 'A value has to stay on one line.', '値は 1 行で入力してください。'],
  [
    /^must not contain a colon$/,
    'The user name must not contain a colon.',
    'ユーザー名にコロンは使えません。',
  ],
  [
    /^must not begin or end with a blank$/,
    'Take away the blanks at the beginning and the end.',
    '前後の空白を取り除いてください。',
  ],
  [
    /^must not contain control characters.*$/,
    'Take away line breaks and other control characters.',
    '改行などの制御文字を取り除いてください。',
  ],
  [
    /^must be 0, or a whole number between 5 and 1440$/,
    'Enter 0, or 5 to 1440 whole minutes.',
    '0、または 5 ～ 1440 の整数を入力してください。',
  ],
  [
    /^must recur at least once within five years$/,
    'It never comes. Choose other days, or a later last day.',
    '一度も実施されません。日や最終日を見直してください。',
  ],
  [
    /^must recur at most (\d+) times within (\d+) days$/,
    'That is more than $1 times in $2 days. Let it recur less often.',
    '$2 日間に $1 回を超えています。回数を減らしてください。',
  ],
  [
    /^must be over before the maintenance recurs$/,
    'It would still be on when it comes again. Make it shorter.',
    '次回の開始までに終わりません。短くしてください。',
  ],
  [
    /^must (?:use no other parts than|have FREQ=|have an? (?:INTERVAL|BYDAY|BYMONTHDAY|COUNT)|have COUNT or|be parts such as).*$/,
    'Write a rule such as FREQ=MONTHLY;BYDAY=2SU or FREQ=DAILY;INTERVAL=3;COUNT=10.',
    'FREQ=MONTHLY;BYDAY=2SU や FREQ=DAILY;INTERVAL=3;COUNT=10 のように入力してください。',
  ],
  [
    /^must have (?:five fields|minutes|hours|days|months|weekdays).*$/,
    'Write minute, hour, day, month and weekday, such as 30 2 * * 0.',
    '30 2 * * 0 のように、分・時・日・月・曜日を入力してください。',
  ],
  [
    /^must be a host name such as (\S+), without https:\/\/ and without a path$/,
    'Enter a name such as $1, without https:// and without a path.',
    '$1 のような名前を、https:// やパスを付けずに入力してください。',
  ],
  [
    /^must be one name, not a wildcard$/,
    'Enter one name; a wildcard cannot lead to one page.',
    'ワイルドカードは使えません。1 つの名前を入力してください。',
  ],
  [
    /^must be a name, not an IP address$/,
    'Enter a name; an IP address belongs to no page.',
    'IP アドレスではなく、名前を入力してください。',
  ],
  [
    /^must be a name of the public internet$/,
    'Enter a name that people find on the public internet.',
    'インターネット上で公開されている名前を入力してください。',
  ],
  [
    /^must be a name of your own below it: many owners share this one$/,
    'Many owners share this name. Enter a name of your own below it.',
    'この名前は多くの利用者が共有しています。その下の自社の名前を入力してください。',
  ],
  [
    /^must name (\d+) to (\d+) steps$/,
    'Write $1 to $2 steps, one a line.',
    '手順を $1 ～ $2 個、1 行に 1 つ入力してください。',
  ],
  [/^must not name a tag twice$/, 'A tag is here twice: take one away.', '同じタグが 2 つあります。'],
  [
    /^The header (.+) may not be set\.$/,
    'The header $1 is written by the check itself; credentials go under Log-in.',
    'ヘッダー $1 は指定できません。認証情報は「ログイン」で指定してください。',
  ],
  [
    /^This is not a valid URL\.$|^The host name of the URL is not valid\.$/,
    'Enter a whole URL such as https://example.com/health.',
    'https://example.com/health のような URL を入力してください。',
  ],
  [
    /^The URL must start with http:\/\/ or https:\/\/\.$/,
    'Begin the URL with http:// or https://.',
    'URL は http:// または https:// で始めてください。',
  ],
  [
    /^This is not a valid host name or address\.$/,
    'Enter a host such as db.example.com, or an address.',
    'db.example.com のようなホスト名か、アドレスを入力してください。',
  ],
  [
    /^Ports 25, 465 and 587 are for mail and may not be used here\.$/,
    'Ports 25, 465 and 587 are for mail. Watch another port.',
    'ポート 25、465、587 はメール用のため使えません。別のポートを指定してください。',
  ],
]

/** One fault of a field as a complete sentence in the user's language. */
export function toFaultSentence(said: string, spoken = language): string {
  for (const [known, en, ja] of withCure)
    if (known.test(said)) return said.replace(known, spoken === 'ja' ? ja : en)
  if (spoken === 'ja') {
    const [pattern, sentence] = inJapanese.find(([known]) => known.test(said)) ?? []
    if (pattern !== undefined && sentence !== undefined) return said.replace(pattern, sentence)
  }
  const whole = said.charAt(0).toUpperCase() + said.slice(1)
  return /[.!?。]$/.test(whole) ? whole : `${whole}.`
}
