import { defineDestination } from '@gatehouse/kernel/delivery'
import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { toFacts, toTitle } from '../domain/event-words.ts'
import { memberOf, post, type ReceiverTools, type RegimeMessage } from './receiver.ts'

const hosts = ['discord.com', 'discordapp.com']
const path = /^\/api\/webhooks\/(\d{1,30})\/[\w-]{1,200}$/
const colors = { high: 15_158_332, normal: 9_807_270, low: 3_447_003 } as const

/** An incoming webhook of a Discord channel, whose URL is the credential (specification 11). */
export const discord = defineDestination({
  title: 'Discord',
  config: z.strictObject({
    url: text(1, 2_048).refine(isDiscord, `must be https://${hosts[0]}/api/webhooks/{id}/{token}`),
  }),
  example: { url: `https://${hosts[0]}/api/webhooks/1/token` },
  summary: ({ url }) =>
    `https://${new URL(url).host}/api/webhooks/${path.exec(new URL(url).pathname)?.[1] ?? ''}/…`,
  urls: ({ url }) => [{ field: 'url', url }],
  needsVerification: false,
  attempt: ({ url }, message: RegimeMessage, tools: ReceiverTools) =>
    post(
      tools,
      { url, body: JSON.stringify(toMessage(message)) },
      { gone: [401, 404, 410], patience: (answer) => memberOf(answer, 'retry_after') },
    ),
})

export function isDiscord(value: string): boolean {
  const url = URL.parse(value)
  return (
    url?.protocol === 'https:' && hosts.includes(url.host) && url.username === '' && path.test(url.pathname)
  )
}

function toMessage({ events, more }: RegimeMessage): object {
  return {
    username: 'Gatehouse',
    allowed_mentions: { parse: [] },
    ...(more === 0 ? {} : { content: `and ${more} more` }),
    embeds: events.map((event) => ({
      title: toTitle(event),
      description: toFacts(event),
      color: colors[event.to ?? 'normal'],
      timestamp: new Date(event.tsMs).toISOString(),
      footer: {
        text: [event.preset, event.venue, event.id].filter((part) => part !== undefined).join(' · '),
      },
    })),
  }
}
