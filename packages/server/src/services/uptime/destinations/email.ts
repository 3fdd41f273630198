import { defineDestination } from '@gatehouse/kernel/delivery'
import { emailAddress, html, showEmail } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import type { ChannelTools, Notice } from './channel.ts'

/** A mailbox. Whoever reads it has to agree before anything is sent there. */
export const email = defineDestination({
  title: 'E-mail',
  config: z.strictObject({
    email: emailAddress,
  }),
  example: { email: 'ops@example.com' },
  summary: ({ email: address }) => showEmail(address),
  needsVerification: true,
  attempt: ({ email: to }, notice: Notice, { publicUrl, sendMail }: ChannelTools) => {
    const { id, firstId, language, text } = notice
    const { subject, headline, facts, link } = text
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
          <body style="font-family:system-ui,sans-serif;line-height:1.5">
            <h1 style="font-size:18px">${headline}</h1>
            ${facts.map(([name, value]) => html`<p style="margin:4px 0"><strong>${name}:</strong> ${value}</p>`)}
            ${link !== undefined && html`<p><a href="${link.url}">${link.label}</a></p>`}
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
