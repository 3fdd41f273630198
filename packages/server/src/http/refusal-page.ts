import type { IncomingMessage } from 'node:http'
import { type Endpoint, html } from '@gatehouse/kernel/endpoint'
import { type Language, toLanguage } from '../platform/domain/language.ts'
import { plainPolicy, plainStyle } from '../service/plain-page.ts'
import type { Refusal } from './to-refusal.ts'

type Asked = Partial<Pick<IncomingMessage, 'method' | 'url'>> & Pick<IncomingMessage, 'headers'>

/** Whether the client expects pages: a browser's navigation or form accepts HTML, a program's call does not. */
export function acceptsPages({ headers: { accept } }: Pick<IncomingMessage, 'headers'>): boolean {
  return /\btext\/html\b/i.test(accept ?? '')
}

/** Whether a refusal by this endpoint is read by people: it is open to everybody and answers with no JSON. */
export function isForReaders({ access, reply }: Endpoint, request: Asked): boolean {
  return access.kind === 'public' && 'mediaType' in reply && !('events' in reply) && acceptsPages(request)
}

/**
 * The same refusal as a page in the reader's language, which says what to do and when: no script, nothing from a third
 * party. It does not name the instance, since it is also read at a customer's host; `homeUrl` leads to the dashboard.
 */
export function toRefusalPage(
  refusal: Refusal,
  request: Asked,
  { requestId, homeUrl }: { readonly requestId: string; readonly homeUrl?: string | undefined },
): Refusal {
  const { status, headers } = refusal
  const language = languageOf(request)
  const said = words[language]
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  const { title, text } = say(status, Number.isNaN(seconds) ? said.later : said.after(seconds), said)
  const isForm = request.method === 'POST'
  const markup = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${plainStyle}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
          ${isForm && status < 500 && html`<p>${said.form}</p>`}
          ${!isForm && (status === 429 || status === 503) && html`<p><a href="">${said.again}</a></p>`}
          ${status >= 500 && html`<p><small>${said.report} ${requestId}</small></p>`}
          ${homeUrl !== undefined && html`<p><a href="${homeUrl}">${said.home}</a></p>`}
        </main>
      </body>
    </html>`
  return {
    status,
    body: markup.markup,
    headers: {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': plainPolicy(),
      vary: 'accept, accept-language',
    },
  }
}

function languageOf({ url = '', headers }: Asked): Language {
  const asked = /[?&]lang=(en|ja)\b/.exec(url)?.[1]
  return asked === 'en' || asked === 'ja' ? asked : toLanguage(headers['accept-language'])
}

type Words = (typeof words)[Language]

function say(status: number, when: string, said: Words) {
  switch (status) {
    case 404:
      return { title: said.missing, text: said.missingText }
    case 413:
      return { title: said.tooLarge, text: said.tooLargeText }
    case 429:
      return { title: said.tooMany, text: said.tooManyText(when) }
    case 503:
      return { title: said.away, text: said.awayText(when) }
  }
  return status >= 500
    ? { title: said.fault, text: said.faultText }
    : { title: said.invalid, text: said.invalidText }
}

const minutesFromSeconds = 120

const words = {
  en: {
    missing: 'There is nothing here',
    missingText: 'The address may be mistyped, or what it named is gone.',
    tooLarge: 'Too much was sent',
    tooLargeText:
      'What you sent is longer than this page takes. Go back, make it shorter, and send it again.',
    tooMany: 'Too many requests',
    tooManyText: (when: string) => `Too much was asked from your address of the network. Try again ${when}.`,
    away: 'Not available at the moment',
    awayText: (when: string) => `Something that this page needs is not available. Try again ${when}.`,
    fault: 'Something went wrong',
    faultText: 'The fault is not yours. Try again later.',
    invalid: 'This cannot be answered',
    invalidText: 'The address, or what was sent, is not valid. Go back, correct it, and try again.',
    form: 'Nothing was saved. If you go back in your browser, what you typed may still be there.',
    again: 'Try again',
    report: 'Request',
    home: 'To the dashboard',
    later: 'later',
    after: (seconds: number) =>
      seconds >= minutesFromSeconds
        ? `in ${Math.ceil(seconds / 60)} minutes`
        : seconds === 1
          ? 'in 1 second'
          : `in ${seconds} seconds`,
  },
  ja: {
    missing: 'ここには何もありません',
    missingText: 'アドレスが間違っているか、ページがすでになくなっています。',
    tooLarge: '送信内容が大きすぎます',
    tooLargeText:
      'このページで受け付けられる長さを超えています。前のページに戻り、短くしてから送信してください。',
    tooMany: 'アクセスが多すぎます',
    tooManyText: (when: string) =>
      `お使いのネットワークのアドレスからのアクセスが多すぎます。${when}もう一度お試しください。`,
    away: '現在ご利用いただけません',
    awayText: (when: string) => `このページに必要な機能が停止しています。${when}もう一度お試しください。`,
    fault: '問題が発生しました',
    faultText: 'サーバー側の問題です。時間をおいてもう一度お試しください。',
    invalid: '要求を処理できません',
    invalidText: 'アドレスまたは送信内容が正しくありません。前のページに戻り、修正してからお試しください。',
    form: '何も保存されていません。ブラウザーで前のページに戻ると、入力内容が残っていることがあります。',
    again: 'もう一度試す',
    report: 'リクエスト',
    home: 'ダッシュボードへ',
    later: '後ほど',
    after: (seconds: number) =>
      seconds >= minutesFromSeconds ? `約 ${Math.ceil(seconds / 60)} 分後に` : `${seconds} 秒後に`,
  },
} as const
