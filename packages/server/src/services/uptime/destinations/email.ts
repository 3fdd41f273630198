import { defineDestination } from '@gatehouse/kernel/delivery'
import { emailAddress, showEmail } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import type { ChannelTools, Notice } from './channel.ts'
import { renderNoticeMail } from './render-notice-mail.ts'

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
    const host = new URL(publicUrl()).hostname
    return sendMail({
      to,
      ...renderNoticeMail(language, textIn(await findZone(to))),
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
