import { defineDestination } from '@gatehouse/kernel/delivery'
import { mailStyles } from '@gatehouse/kernel/design'
import { emailAddress, html, showEmail } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import type { ChannelTools, Notice } from './channel.ts'

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
    const { subject, headline, facts, link } = textIn(await findZone(to))
    const host = new URL(publicUrl()).hostname
    return sendMail({
      to,
      subject,
      text: [
        headline,
        '',
        ...facts.map(([name, value]) => `${name}: ${value}`),
        ...(link === undefined ? [] : ['', link.url]),
      ].join('\n'),
      html: html`<!doctype html>
        <html lang="${language}">
          <body style="${mailStyles.body}">
            <h1 style="${mailStyles.title}">${headline}</h1>
            ${facts.map(([name, value]) => html`<p style="${mailStyles.fact}"><strong>${name}:</strong> ${value}</p>`)}
            ${link !== undefined && html`<p><a href="${link.url}" style="${mailStyles.link}">${link.label}</a></p>`}
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
