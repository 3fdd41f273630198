import { mailStyles } from '@gatehouse/kernel/design'
import { type Html, html } from '@gatehouse/kernel/endpoint'
import type { NoticeText, NoticeTone } from './notice-text.ts'

/** What is below everything else: why the reader gets the mail, how to change that, and how it ends. */
export type MailFoot = {
  readonly why: string
  readonly links: readonly { readonly url: string; readonly label: string }[]
}

type Content = Omit<NoticeText, 'link'> & {
  readonly link?: NoticeText['link']
  readonly paragraph?: string | null
}

/** Renders a notification twice: as plain text, and as HTML without images. */
export function renderNoticeMail(
  language: 'en' | 'ja',
  content: Content,
  foot?: MailFoot,
): { readonly subject: string; readonly text: string; readonly html: Html } {
  const { subject, tone, state, headline, facts, link, paragraph = null } = content
  return {
    subject,
    text: [
      headline,
      '',
      ...(paragraph === null ? [] : [paragraph.replaceAll('\r\n', '\n'), '']),
      ...facts.map(([name, value]) => `${name}: ${value}`),
      ...(link === undefined ? [] : ['', `${link.label}:`, link.url]),
      ...(foot === undefined
        ? []
        : ['', foot.why, ...foot.links.map(({ label, url }) => `${label}: ${url}`)]),
    ].join('\n'),
    html: html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${subject}</title>
        </head>
        <body style="${mailStyles.body}">
          <p style="${mailStyles.state[tone]}"><span aria-hidden="true">${marks[tone]}</span> ${state}</p>
          <h1 style="${mailStyles.title}">${headline}</h1>
          ${paragraph !== null && html`<p>${toLines(paragraph)}</p>`}
          ${facts.map(([name, value]) => html`<p style="${mailStyles.fact}"><strong>${name}:</strong> ${value}</p>`)}
          ${link !== undefined && html`<p><a href="${link.url}" style="${mailStyles.button}">${link.label}</a></p>`}
          ${
            foot !== undefined &&
            html`<p style="${mailStyles.soft}">
              ${foot.why}${foot.links.map(
                ({ label, url }) => html` <a href="${url}" style="${mailStyles.soft}">${label}</a>`,
              )}
            </p>`
          }
        </body>
      </html>`,
  }
}

function toLines(text: string): readonly Html[] {
  return text.split(/\r?\n/).map((line, index) => html`${index > 0 && html`<br />`}${line}`)
}

// Each state has a shape of its own, as on status pages, for readers who cannot tell the colours apart.
const marks: Readonly<Record<NoticeTone, string>> = {
  ok: '●',
  degraded: '◆',
  down: '■',
  maintenance: '▬',
  unknown: '○',
}
