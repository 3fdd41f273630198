import { defineDestination } from '@gatehouse/kernel/delivery'
import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import type { ChannelTools, Notice } from './channel.ts'
import { postNotice } from './post-notice.ts'

const host = 'hooks.slack.com'

/** An incoming webhook of a Slack channel (6.3). Its URL is the credential. */
export const slack = defineDestination({
  title: 'Slack',
  config: z.strictObject({
    webhookUrl: text(1, 500).refine(isSlackUrl, `must be the URL of an incoming webhook: https://${host}/…`),
  }),
  example: { webhookUrl: `https://${host}/services/T0/B0/key` },
  summary: () => host,
  needsVerification: false,
  attempt: ({ webhookUrl }, notice: Notice, tools: ChannelTools) =>
    postNotice(tools, {
      url: webhookUrl,
      body: JSON.stringify(toMessage(notice)),
      isTaken: (answer) => answer.trim() === 'ok',
    }),
})

function isSlackUrl(value: string): boolean {
  const url = URL.parse(value)
  return (
    url?.protocol === 'https:' &&
    url.host === host &&
    url.username === '' &&
    url.password === '' &&
    url.pathname.length > 1
  )
}

function toMessage({ text: { headline, facts, link } }: Notice): object {
  return {
    text: escape(headline),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline, 150, (part) => part) } },
      ...(facts.length === 0
        ? []
        : [{ type: 'section', text: { type: 'mrkdwn', text: cut(toLines(facts), 3_000, escape) } }]),
      ...(link === undefined
        ? []
        : [
            {
              type: 'context',
              elements: [{ type: 'mrkdwn', text: `<${escape(link.url)}|${escape(link.label)}>` }],
            },
          ]),
    ],
  }
}

function toLines(facts: Notice['text']['facts']): string {
  return facts.map(([name, value]) => `${name}: ${value}`).join('\n')
}

/** Escapes the characters that Slack would read as a link, a mention or an entity. */
function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Shortens text so that it fits after escaping, without splitting a character or an entity. */
function cut(words: string, lengthMax: number, write: (part: string) => string): string {
  const written = write(words)
  if (written.length <= lengthMax) return written
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(words)) {
    const next = kept + write(segment)
    if (next.length > lengthMax - 1) break
    kept = next
  }
  return `${kept}…`
}
