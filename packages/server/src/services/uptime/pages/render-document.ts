import { type Html, html } from '@gatehouse/kernel/endpoint'
import type { PageLanguage } from './page-words.ts'
import { stylesheet } from './stylesheet.ts'

/** `root`: the way from the document to `/status/`. */
export function renderDocument(
  language: PageLanguage,
  title: string,
  body: Html,
  { root = '', head }: { readonly root?: string | undefined; readonly head?: Html } = {},
): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="${root}assets/${stylesheet.file}" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.markup.replaceAll(/>\s+</g, '><')
}
