import { defineDestination } from '@gatehouse/kernel/delivery'
import { escapeHtml, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { toFacts, toTitle } from '../domain/event-words.ts'
import { memberOf, post, type ReceiverTools, type RegimeMessage } from './receiver.ts'

const origin = 'https://api.telegram.org'

/** A chat that a Telegram bot of the customer's own writes to; the token is the credential (specification 11). */
export const telegram = defineDestination({
  title: 'Telegram',
  config: z.strictObject({
    bot_token: text(1, 100).regex(/^\d{1,20}:[\w-]{20,80}$/, 'must be the token of a bot'),
    chat_id: z.union([z.int(), text(1, 100).regex(/^(?:-?\d+|@\w+)$/, 'must be the id of a chat')]),
  }),
  example: { bot_token: `1:${'A'.repeat(35)}`, chat_id: 1 },
  summary: ({ bot_token, chat_id }) =>
    `${origin}/bot${bot_token.split(':', 1)[0]}:…/sendMessage (${chat_id})`,
  needsVerification: false,
  attempt: ({ bot_token, chat_id }, message: RegimeMessage, tools: ReceiverTools) =>
    post(
      tools,
      {
        url: `${origin}/bot${bot_token}/sendMessage`,
        body: JSON.stringify({
          chat_id,
          text: toText(message),
          parse_mode: 'HTML',
          disable_web_page_preview: true,
        }),
      },
      {
        gone: [401, 403],
        patience: (answer) => memberOf(memberOf(answer, 'parameters'), 'retry_after'),
      },
    ),
})

function toText({ events, more }: RegimeMessage): string {
  const lines = events.map((event) => `<b>${escapeHtml(toTitle(event))}</b>\n${escapeHtml(toFacts(event))}`)
  return [...lines, ...(more === 0 ? [] : [`and ${more} more`])].join('\n')
}
