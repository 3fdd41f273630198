import { defineDestination } from '@gatehouse/kernel/delivery'
import { mailStyles } from '@gatehouse/kernel/design'
import { emailAddress, html, showEmail } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import type { ChannelTools, Notice } from './channel.ts'
import type { NoticeTone } from './notice-text.ts'

/** An e-mail address. Its owner has to confirm before anything is sent to it. */
export const email = defineDestination({
  title: 'E-mail',
  config: z.strictObject({
    email: emailAddress,
  }),
  example: { email: 'ops@example.com' },
  summary: ({ email: address }) => showEmail(address),
  needsVerification: true,
  attempt: async ({ email: to }, notice: Notice, { publicUrl, findZone, sendMail }: ChannelTools) => {
    const { id, firstId, language, textIn } = notice
    const { subject, tone, state, headline, facts, link } = textIn(await findZone(to))
    const host = new URL(publicUrl()).hostname
    return sendMail({
      to,
      subject,
      text: [
        headline,
        '',
        ...facts.map(([name, value]) => `${name}: ${value}`),
        ...(link === undefined ? [] : ['', `${link.label}:`, link.url]),
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
            ${facts.map(([name, value]) => html`<p style="${mailStyles.fact}"><strong>${name}:</strong> ${value}</p>`)}
            ${link !== undefined && html`<p><a href="${link.url}" style="${mailStyles.button}">${link.label}</a></p>`}
          </body>
        </html>`,
      messageId: `<${id}@${host}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        ...(firstId === null
          ? {}
          : { 'In-Reply-To': `<${firstId}@${host}>`, References: `<${firstId}@${host}>` }),
      },
    })
  },
})

// Each state has a shape of its own, as on status pages, for readers who cannot tell the colours apart.
const marks: Readonly<Record<NoticeTone, string>> = {
  ok: '●',
  degraded: '◆',
  down: '■',
  maintenance: '▬',
  unknown: '○',
}
