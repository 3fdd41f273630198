import { html, RawReply } from '@gatehouse/kernel/endpoint'
import { plainPolicy, plainStyle } from './plain-page.ts'

export type LinkView = 'ask' | 'done' | 'expired'

/** The texts of the page for each view, and of its button. */
export type LinkWords = Readonly<Record<LinkView | 'button', string>>

const statuses: Readonly<Record<LinkView, number>> = { ask: 200, done: 200, expired: 400 }

/**
 * The page behind a link in a mail: no script, nothing from third parties, and a button that carries out the action.
 */
export function renderLinkPage(said: LinkWords, view: LinkView, language: 'en' | 'ja'): RawReply {
  const markup = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Gatehouse</title>
        ${plainStyle}
      </head>
      <body>
        <main>
          <p>${said[view]}</p>
          ${view === 'ask' && html`<form method="post"><button>${said.button}</button></form>`}
        </main>
      </body>
    </html>`
  const headers = {
    'content-security-policy': plainPolicy("'self'"),
    'cache-control': 'no-store',
    vary: 'accept-language',
  }
  return new RawReply(markup.markup, headers, statuses[view])
}
