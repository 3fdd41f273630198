import { defineDestination } from '@gatehouse/kernel/delivery'
import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { toFacts, toTitle } from '../domain/event-words.ts'
import { post, type ReceiverTools, type RegimeMessage } from './receiver.ts'

const host = 'hooks.slack.com'

/** An incoming webhook of a Slack channel, whose URL is the credential (specification 11). */
export const slack = defineDestination({
  title: 'Slack',
  config: z.strictObject({ url: text(1, 2_048).refine(isSlack, `must be https://${host}/services/…`) }),
  example: { url: `https://${host}/services/T0/B0/key` },
  summary: () => `https://${host}/services/…`,
  urls: ({ url }) => [{ field: 'url', url }],
  needsVerification: false,
  attempt: ({ url }, message: RegimeMessage, tools: ReceiverTools) =>
    post(
      tools,
      { url, body: JSON.stringify(toMessage(message)) },
      { gone: [403, 404, 410], isTaken: (answer) => answer.trim() === 'ok' },
    ),
})

export function isSlack(value: string): boolean {
  const url = URL.parse(value)
  return (
    url?.protocol === 'https:' &&
    url.host === host &&
    url.username === '' &&
    /^\/services\/./.test(url.pathname)
  )
}

function toMessage({ events, more }: RegimeMessage): object {
  const lines = events.map((event) => `*${escape(toTitle(event))}*\n${escape(toFacts(event))}`)
  const rest = more === 0 ? [] : [`and ${more} more`]
  const names = events.map(({ preset, venue, id }) =>
    [preset, venue, id].filter((part) => part !== undefined).join(' · '),
  )
  return {
    text: [...events.map((event) => escape(toTitle(event))), ...rest].join('\n'),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: [...lines, ...rest].join('\n') } },
      { type: 'context', elements: names.map((name) => ({ type: 'mrkdwn', text: escape(name) })) },
    ],
  }
}

/** Escapes the characters that Slack would read as a link, a mention or an entity. */
function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
