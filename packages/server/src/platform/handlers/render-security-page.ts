import { contentPolicy, html, type Html, RawReply } from '@gatehouse/kernel/endpoint'
import type { Language } from '../domain/language.ts'

export type SecurityPage = {
  readonly title: string
  readonly language: Language
  /** The relative path from the page's folder to the root of the instance, so that it works below any path prefix. */
  readonly toRoot: '..' | '../..'
  readonly body: Html
  readonly status?: number
  /** True for a page that is shown once, which must not link to itself in another language. */
  readonly isOnce?: true
  /** True for a page that may be cached for a while. */
  readonly isShared?: true
}

const links = {
  en: {
    incidents: 'Security incidents',
    report: 'Report a weakness',
    policy: 'Security policy',
    other: '日本語',
  },
  ja: {
    incidents: 'セキュリティインシデント',
    report: '脆弱性の報告',
    policy: 'セキュリティポリシー',
    other: 'English',
  },
} as const

/**
 * Renders a public page about the security of the instance: no script, nothing from third parties, and a form that
 * posts to itself.
 */
export function renderSecurityPage({
  title,
  language,
  toRoot,
  body,
  status,
  isShared,
  isOnce,
}: SecurityPage): RawReply {
  const { incidents, report, policy, other } = links[language]
  const otherLanguage = language === 'en' ? 'ja' : 'en'
  const markup = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Gatehouse</title>
        <link rel="stylesheet" href="${toRoot}/docs/style.css" />
      </head>
      <body>
        <nav>
          <a href="${toRoot}/security/incidents">${incidents}</a> ·
          <a href="${toRoot}/security/report">${report}</a> ·
          <a href="${toRoot}/docs/security">${policy}</a>
          ${isOnce !== true && html` · <a href="?lang=${otherLanguage}" lang="${otherLanguage}">${other}</a>`}
        </nav>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
  const headers = {
    'content-security-policy': contentPolicy({
      'style-src': "'self'",
      'font-src': "'self'",
      'form-action': "'self'",
    }),
    'cache-control': isShared === true ? 'public, max-age=60' : 'no-store',
    vary: 'accept-language',
  }
  return new RawReply(markup.markup, headers, status)
}

/** Splits a user's text into paragraphs. */
export function toParagraphs(text: string): Html {
  return html`${text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p>${paragraph}</p>`)}`
}

/** A time that both people and programs can read. */
export function showTime(atMs: number): Html {
  const iso = new Date(atMs).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`
}
