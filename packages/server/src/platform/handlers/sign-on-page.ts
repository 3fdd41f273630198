import { html, RawReply } from '@gatehouse/kernel/endpoint'
import { plainPolicy, plainStyle } from '../../service/plain-page.ts'
import type { Language } from '../domain/language.ts'
import type { SignOnRefusal } from '../domain/sign-on-refusal.ts'

type Said = { readonly status: number } & Readonly<Record<Language, string>>

const sentences: Readonly<Record<SignOnRefusal, Said>> = {
  unknown: {
    status: 404,
    en: 'No sign-in through an organisation is set up for this address. Check its spelling, or sign in with your password.',
    ja: 'このアドレスには、組織を通じたサインインが設定されていません。綴りを確かめるか、パスワードでサインインしてください。',
  },
  begun_elsewhere: {
    status: 400,
    en: 'This sign-in took too long, was used already, or was begun in another browser. Please begin again.',
    ja: 'このサインインは時間がかかりすぎたか、使用済みか、別のブラウザーで始められました。もう一度お試しください。',
  },
  denied: {
    status: 403,
    en: 'The sign-in was cancelled, or your organisation does not let you use Gatehouse. Ask whoever runs its sign-in server.',
    ja: 'サインインが取り消されたか、組織が Gatehouse の利用を許可していません。サインインサーバーの管理者にお尋ねください。',
  },
  issuer_unreachable: {
    status: 502,
    en: 'The sign-in server of your organisation cannot be reached. Try again in a while; an owner of the organisation can see why.',
    ja: '組織のサインインサーバーに接続できません。しばらくしてからお試しください。理由は組織のオーナーが確認できます。',
  },
  issuer_slow: {
    status: 504,
    en: 'The sign-in server of your organisation took too long to answer. Try again in a while.',
    ja: '組織のサインインサーバーの応答に時間がかかりすぎました。しばらくしてからお試しください。',
  },
  issuer_forbidden: {
    status: 502,
    en: 'The sign-in server of your organisation is at an address that this server may not reach. Whoever runs this server can open it.',
    ja: '組織のサインインサーバーは、このサーバーから接続が許可されていないアドレスにあります。サーバーの管理者が許可できます。',
  },
  issuer_answer_invalid: {
    status: 502,
    en: 'The sign-in server of your organisation gave an answer that cannot be understood. Tell whoever runs it.',
    ja: '組織のサインインサーバーの応答を解釈できません。その管理者にお知らせください。',
  },
  issuer_mismatch: {
    status: 502,
    en: 'The sign-in server of your organisation calls itself by another name than the one that was entered here. An owner of the organisation can correct it.',
    ja: '組織のサインインサーバーが名乗る名前が、登録されたものと異なります。組織のオーナーが修正できます。',
  },
  issuer_refused: {
    status: 502,
    en: 'The sign-in server of your organisation refused this sign-in. Try again; if it stays so, tell whoever runs it.',
    ja: '組織のサインインサーバーがサインインを拒否しました。もう一度お試しになり、続く場合は管理者にお知らせください。',
  },
  client_refused: {
    status: 502,
    en: 'The sign-in server of your organisation does not know this server, or its secret has changed. An owner of the organisation can enter it anew.',
    ja: '組織のサインインサーバーがこのサーバーを認識しないか、シークレットが変更されています。組織のオーナーが再登録できます。',
  },
  token_invalid: {
    status: 502,
    en: 'What the sign-in server of your organisation said of you cannot be relied on, so nobody was signed in. Tell whoever runs it.',
    ja: '組織のサインインサーバーからの情報を信頼できないため、サインインしませんでした。その管理者にお知らせください。',
  },
  key_unknown: {
    status: 502,
    en: 'The sign-in server of your organisation signed with a key that it does not publish. Try again in a while; if it stays so, tell whoever runs it.',
    ja: '組織のサインインサーバーが公開していない鍵で署名しています。しばらくしてからお試しになり、続く場合は管理者にお知らせください。',
  },
  clock_differs: {
    status: 502,
    en: 'The clock of your organisation’s sign-in server and the clock of this server lie too far apart. Tell whoever runs it.',
    ja: '組織のサインインサーバーの時計と、このサーバーの時計が大きくずれています。その管理者にお知らせください。',
  },
  subject_missing: {
    status: 502,
    en: 'The sign-in server of your organisation did not say who you are. Tell whoever runs it.',
    ja: '組織のサインインサーバーから、利用者を識別する情報が届きませんでした。その管理者にお知らせください。',
  },
  email_missing: {
    status: 403,
    en: 'The sign-in server of your organisation did not give your e-mail address. Whoever runs it can allow that for Gatehouse.',
    ja: '組織のサインインサーバーから、メールアドレスが届きませんでした。その管理者が Gatehouse への提供を許可できます。',
  },
  email_unverified: {
    status: 403,
    en: 'The sign-in server of your organisation has not verified your e-mail address. Verify it there, then begin again.',
    ja: '組織のサインインサーバーで、メールアドレスがまだ確認されていません。確認してから、もう一度お試しください。',
  },
  email_foreign: {
    status: 403,
    en: 'Your e-mail address there is not of a domain that your organisation has proven here. An owner of the organisation can add it.',
    ja: 'そのメールアドレスのドメインは、組織がここで所有を証明したものではありません。組織のオーナーが追加できます。',
  },
  groups_missing: {
    status: 403,
    en: 'The sign-in server of your organisation did not say which groups you belong to. Whoever runs it can allow that for Gatehouse.',
    ja: '組織のサインインサーバーから、所属グループの情報が届きませんでした。その管理者が Gatehouse への提供を許可できます。',
  },
  no_role: {
    status: 403,
    en: 'None of your groups has access here. Ask an owner of your organisation.',
    ja: '所属するグループに、ここへのアクセス権がありません。組織のオーナーにお尋ねください。',
  },
  registration_closed: {
    status: 403,
    en: 'This server takes nobody new. Ask whoever runs it.',
    ja: 'このサーバーは新しい利用者を受け付けていません。管理者にお尋ねください。',
  },
  domain_missing: {
    status: 403,
    en: 'Your organisation has lost the proof of the domain of your e-mail address, so that nobody new can come in by it. An owner of the organisation can renew it.',
    ja: '組織がこのメールアドレスのドメインの所有証明を失っているため、新しい人は参加できません。組織のオーナーが更新できます。',
  },
  too_many_orgs: {
    status: 409,
    en: 'Your account belongs to as many organisations as one may. Leave one of them first.',
    ja: 'アカウントが所属できる組織の数が上限に達しています。先にいずれかの組織から脱退してください。',
  },
  address_taken: {
    status: 409,
    en: 'Somebody else at your organisation’s sign-in server is connected with the account of your address. An owner of the organisation can remove that member; then begin again.',
    ja: 'このアドレスのアカウントは、組織のサインインサーバーの別の人物と連携されています。組織のオーナーがそのメンバーを外したあと、もう一度お試しください。',
  },
  stale_proof: {
    status: 403,
    en: 'The sign-in server did not ask you to sign in anew, so this proves nothing. Use your authenticator app or a passkey instead.',
    ja: 'サインインサーバーが改めて認証を求めなかったため、確認になりません。認証アプリかパスキーをお使いください。',
  },
  other_person: {
    status: 403,
    en: 'Somebody else signed in there than the person whose session this is.',
    ja: 'このセッションの本人とは別の人物がサインインしました。',
  },
}

const words = {
  en: { title: 'Sign-in', back: 'Back to the sign-in page' },
  ja: { title: 'サインイン', back: 'サインイン画面に戻る' },
} as const

/** The page for a person who was refused: no script, no style, nothing from third parties, no text from an issuer. */
export function renderSignOnPage(
  reason: SignOnRefusal,
  language: Language,
  publicUrl: string,
  cookies: readonly string[] = [],
): RawReply {
  const said = sentences[reason]
  const { title, back } = words[language]
  const markup = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Gatehouse</title>
        ${plainStyle}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${said[language]}</p>
          <p><a href="${publicUrl}/app/login">${back}</a></p>
        </main>
      </body>
    </html>`
  const headers = {
    'content-security-policy': plainPolicy(),
    'cache-control': 'no-store',
    vary: 'accept-language',
  }
  return new RawReply(markup.markup, headers, said.status, cookies)
}
