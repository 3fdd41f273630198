import { language } from '../language.ts'

// What the server says of a field is English for programs; here are its sentences for people. What matches none stays as it is.
const inJapanese: readonly (readonly [said: RegExp, sentence: string])[] = [
  [/^is required$/, '入力してください。'],
  [/^must be (\d+) to (\d+) characters long$/, '$1 ～ $2 文字で入力してください。'],
  [/^must be at most (\d+) characters long$/, '$1 文字以内で入力してください。'],
  [/^must be at least (\d+) characters long$/, '$1 文字以上で入力してください。'],
  [/^must be a whole number between (\S+) and (\S+)$/, '$1 ～ $2 の整数で入力してください。'],
  [/^must be between (\S+) and (\S+)$/, '$1 ～ $2 の範囲で入力してください。'],
  [/^must be at least (\S+)$/, '$1 以上で入力してください。'],
  [/^must be at most (\S+)$/, '$1 以下で入力してください。'],
  [/^must be one of (.+)$/, '次のいずれかを選んでください: $1。'],
  [/^must be an e-mail address/, 'メールアドレスを入力してください。'],
  [/^must be a domain such as (\S+)$/, '$1 のようなドメインを入力してください。'],
  [/^must be a valid (\S+)$/, '正しい $1 を入力してください。'],
  [/^is taken$/, 'すでに使われています。'],
  [
    /^must be 2 to 63 lower-case letters, digits and hyphens, and begin with a letter or digit$/,
    '英小文字、数字、ハイフン 2 ～ 63 文字で、英小文字か数字で始めてください。',
  ],
  [/^must not be a reserved name$/, 'この名前は予約されています。'],
  [/^is not a known field$/, 'この項目は使えません。'],
]

/** One fault of a field as a whole sentence in the person's language. */
export function toFaultSentence(said: string, spoken = language): string {
  if (spoken === 'ja') {
    const [pattern, sentence] = inJapanese.find(([known]) => known.test(said)) ?? []
    if (pattern !== undefined && sentence !== undefined) return said.replace(pattern, sentence)
  }
  const whole = said.charAt(0).toUpperCase() + said.slice(1)
  return /[.!?。]$/.test(whole) ? whole : `${whole}.`
}
