import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toToldEvent } from '../domain/event-words.ts'
import { type DestinationName, destinations } from './destinations.ts'
import type { ReceiverTools } from './receiver.ts'

const told = toToldEvent({
  id: 'evt_01JEXAMPLE0000000000000001',
  type: 'regime.transition',
  ts_ms: 1_733_041_680_000,
  symbol: 'btcusdt',
  timeframe: '1m',
  venue: 'binance',
  from: 'normal',
  to: 'high',
  z_vol: 4.934,
  realized_vol: 0.6149,
  baseline_vol: 0.2871,
  close: 17_512.33,
  preset: 'balanced',
})
const quiet = toToldEvent({
  id: 'evt_01JEXAMPLE0000000000000002',
  type: 'regime.stale',
  ts_ms: 1_733_041_740_000,
  symbol: 'a<b&c>',
  venue: 'binance',
})

const token = `12345:${'A'.repeat(35)}`
const configs = {
  discord: { url: 'https://discord.com/api/webhooks/77/the-token' },
  slack: { url: 'https://hooks.slack.com/services/T000/B000/the-key' },
  telegram: { bot_token: token, chat_id: -1001 },
} as const satisfies Partial<Record<DestinationName, object>>

type Chat = keyof typeof configs

const received: { method: string | undefined; type: string | undefined; body: unknown }[] = []
const urls: string[] = []
let answer: (response: ServerResponse) => void
const farEnd = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    received.push({ method: request.method, type: request.headers['content-type'], body: JSON.parse(body) })
    answer(response)
  })
})
const egress = createEgress({ allow: parseEgressAllowance('127.0.0.1') })
let farUrl = ''

beforeAll(async () => {
  farEnd.listen(0, '127.0.0.1')
  await once(farEnd, 'listening')
  const address = farEnd.address()
  if (address === null || typeof address === 'string') throw new Error('It listens on a port')
  farUrl = `http://127.0.0.1:${address.port}/`
})
afterAll(() => {
  egress.close()
  farEnd.close()
})
beforeEach(() => {
  received.length = 0
  urls.length = 0
})

/** Sends once, with the chat service on this machine, and says what came of it. */
async function send(
  chat: Chat,
  status: number,
  body: string,
  { headers = {}, events = [told], more = 0 }: Partial<Sent> = {},
) {
  answer = (response) => response.writeHead(status, headers).end(body)
  const tools: ReceiverTools = {
    nowMs: 1_733_041_680_000,
    signal: new AbortController().signal,
    egress: {
      request: (sent) => {
        urls.push(sent.url)
        return egress.request({ ...sent, url: farUrl })
      },
    },
  }
  const message = { id: told.id, body: '{}', attempt: 1, secret: undefined, events, more }
  return destinations[chat].open(configs[chat]).attempt(message, tools)
}

type Sent = {
  readonly headers: Readonly<Record<string, string>>
  readonly events: readonly (typeof told)[]
  readonly more: number
}

const taken = { discord: '', slack: 'ok', telegram: '{"ok":true}' } as const

describe('what chats are told', () => {
  it('Discord: an embed in the colour of the regime, which mentions nobody', async () => {
    await send('discord', 204, '', { events: [told, quiet], more: 3 })
    expect(urls).toEqual(['https://discord.com/api/webhooks/77/the-token'])
    expect(received).toEqual([
      {
        method: 'POST',
        type: 'application/json',
        body: {
          username: 'Gatehouse',
          allowed_mentions: { parse: [] },
          content: 'and 3 more',
          embeds: [
            {
              title: 'BTCUSDT 1m: normal → high',
              description: 'z 4.93 · realised 0.61 · baseline 0.29 · close 17512.33',
              color: 15_158_332,
              timestamp: '2024-12-01T08:28:00.000Z',
              footer: { text: `balanced · binance · ${told.id}` },
            },
            {
              title: 'A<B&C>: no data',
              description: '',
              color: 9_807_270,
              timestamp: '2024-12-01T08:29:00.000Z',
              footer: { text: `binance · ${quiet.id}` },
            },
          ],
        },
      },
    ])
  })

  it('Slack: a section and a context, in which nothing of ours is a link or a mention', async () => {
    await send('slack', 200, 'ok', { events: [told, quiet], more: 3 })
    expect(urls).toEqual(['https://hooks.slack.com/services/T000/B000/the-key'])
    expect(received[0]?.body).toEqual({
      text: 'BTCUSDT 1m: normal → high\nA&lt;B&amp;C&gt;: no data\nand 3 more',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: [
              '*BTCUSDT 1m: normal → high*\nz 4.93 · realised 0.61 · baseline 0.29 · close 17512.33',
              '*A&lt;B&amp;C&gt;: no data*\n',
              'and 3 more',
            ].join('\n'),
          },
        },
        {
          type: 'context',
          elements: [
            { type: 'mrkdwn', text: `balanced · binance · ${told.id}` },
            { type: 'mrkdwn', text: `binance · ${quiet.id}` },
          ],
        },
      ],
    })
  })

  it('Telegram: HTML in which nothing of ours is markup, and no preview', async () => {
    await send('telegram', 200, '{"ok":true}', { events: [told, quiet], more: 3 })
    expect(urls).toEqual([`https://api.telegram.org/bot${token}/sendMessage`])
    expect(received[0]?.body).toEqual({
      chat_id: -1001,
      text: [
        '<b>BTCUSDT 1m: normal → high</b>\nz 4.93 · realised 0.61 · baseline 0.29 · close 17512.33',
        '<b>A&lt;B&amp;C&gt;: no data</b>\n',
        'and 3 more',
      ].join('\n'),
      parse_mode: 'HTML',
      disable_web_page_preview: true,
    })
  })
})

describe('what chats answer', () => {
  it.each([
    ['discord', [401, 404, 410]],
    ['slack', [403, 404, 410]],
    ['telegram', [401, 403, 410]],
  ] as const)('%s is closed by %j, and tried again after anything else', async (chat, gone) => {
    expect(await send(chat, 200, taken[chat])).toMatchObject({ outcome: 'accepted', status: 200 })
    for (const status of [301, 400, 401, 403, 404, 408, 410, 500, 503])
      expect({ status, outcome: (await send(chat, status, '')).outcome }).toEqual({
        status,
        outcome: gone.some((one) => one === status) ? 'gone' : 'again',
      })
  })

  it('Slack is believed by its word alone', async () => {
    expect(await send('slack', 200, '<html>')).toMatchObject({ outcome: 'again' })
  })

  it.each([
    ['discord', '{"message":"limited","retry_after":2.5}', 2_500],
    ['telegram', '{"ok":false,"parameters":{"retry_after":7}}', 7_000],
  ] as const)('%s names the seconds of a 429 in its body', async (chat, body, waitMs) => {
    const limited = { outcome: 'again', status: 429, isOverloaded: true }
    expect(await send(chat, 429, body)).toMatchObject({ ...limited, waitMs })
    expect(await send(chat, 429, 'no JSON')).toMatchObject({ ...limited, waitMs: 0 })
  })

  it.each(['discord', 'slack', 'telegram'] as const)('%s names them in a header', async (chat) => {
    const headers = { 'retry-after': '30' }
    expect(await send(chat, 429, '{}', { headers })).toMatchObject({ outcome: 'again', waitMs: 30_000 })
  })
})
