import { mailStyles } from '@gatehouse/kernel/design'
import { html, type Html } from '@gatehouse/kernel/endpoint'

/** The content of one mail: paragraphs, and at most one link to follow. */
export type MailWords = {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly action?: { readonly label: string; readonly url: string }
  readonly closing: string
  /** Preformatted text, such as a message encrypted for the reader. */
  readonly enclosed?: string
}

export type MailLanguage = 'en' | 'ja'

export type RenderedMail = { readonly subject: string; readonly text: string; readonly html: Html }

/** Renders the content twice: as plain text, and as HTML without images. */
export function renderMail(language: MailLanguage, words: MailWords): RenderedMail {
  const { subject, paragraphs, action, closing, enclosed } = words
  const text = [
    ...paragraphs.map(toLine),
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    ...(enclosed === undefined ? [] : [enclosed.replaceAll('\r\n', '\n')]),
    toLine(closing),
  ].join('\n\n')
  return {
    // The subject may contain names that people chose, and a header is one line.
    subject: toLine(subject),
    text: `${text}\n`,
    html: html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${subject}</title>
        </head>
        <body style="${mailStyles.body}">
          ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
          ${
            action &&
            html`<p><a href="${action.url}" style="${mailStyles.button}">${action.label}</a></p>
              <p style="${mailStyles.soft}">${action.url}</p>`
          }
          ${enclosed !== undefined && html`<pre style="${mailStyles.enclosed}">${enclosed}</pre>`}
          <p style="${mailStyles.soft}">${closing}</p>
        </body>
      </html>`,
  }
}

function toLine(words: string): string {
  return words.replaceAll(/\s*[\r\n]+\s*/g, ' ')
}
