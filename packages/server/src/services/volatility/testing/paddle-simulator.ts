import { createServer } from 'node:http'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Secret } from '@gatehouse/kernel/secrets'
import { signPaddle } from '../billing/verify-paddle-signature.ts'

export type PaddleMessage = { readonly event_id: string; readonly [member: string]: unknown }

export type PaddleSimulator = {
  readonly apiUrl: string
  readonly apiKey: string
  /** The data sent with each checkout, oldest first. */
  readonly checkouts: readonly unknown[]
  /** All events, for a replay. */
  readonly log: readonly PaddleMessage[]
  /** An event that is not delivered and appears in the log only. */
  readonly lose: (message: PaddleMessage) => void
  /** A subscription event, `second` seconds after the start of 2026. */
  readonly event: (
    id: string,
    second: number,
    about: {
      readonly subscription: string
      readonly status: string
      readonly price?: string
      readonly endsAt?: string
      readonly customData?: unknown
    },
  ) => PaddleMessage
  /** The `Paddle-Signature` of a body with each secret; two during a rotation. */
  readonly sign: (body: string, secrets?: readonly string[], atMs?: number) => string
  /** Sends until it is accepted or the retries end; returns the statuses. */
  readonly send: (
    url: string,
    message: PaddleMessage,
    secrets?: readonly string[],
  ) => Promise<readonly number[]>
  readonly stop: () => Promise<void>
}

/** The provider retries 60 times in 3 days, or 3 times in 15 minutes in its sandbox: this is the latter, scaled. */
const retryMs = [5, 10] as const

/**
 * A simulated payment provider on a real socket: starts checkouts, opens its own pages to customers, signs events,
 * and retries until they are accepted.
 */
export async function startPaddle(secret: string, apiKey = 'pdl_test_apikey'): Promise<PaddleSimulator> {
  const checkouts: unknown[] = []
  const log: PaddleMessage[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const isOurs = request.headers.authorization === `Bearer ${apiKey}`
      const asked = new URL(request.url ?? '/', 'http://localhost')
      if (isOurs && request.method === 'GET' && asked.pathname === '/events')
        return response.writeHead(200).end(JSON.stringify(toPage(log, asked.searchParams)))
      const [, subscription] = /^\/subscriptions\/([\w-]+)$/.exec(asked.pathname) ?? []
      if (isOurs && request.method === 'GET' && subscription !== undefined)
        return response
          .writeHead(200)
          .end(JSON.stringify({ data: { customer_id: `ctm_of_${subscription}` } }))
      const [, customer] = /^\/customers\/([\w-]+)\/portal-sessions$/.exec(asked.pathname) ?? []
      if (isOurs && request.method === 'POST' && customer !== undefined) {
        const overview = `https://customer-portal.example.com/cpl_01?of=${customer}`
        return response.writeHead(201).end(JSON.stringify({ data: { urls: { general: { overview } } } }))
      }
      const isKnown = isOurs && request.method === 'POST' && request.url === '/transactions'
      if (!isKnown) return response.writeHead(403).end('{}')
      // Safe: callers of the simulator send what the provider accepts, or the test fails.
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly custom_data: unknown }
      checkouts.push(body.custom_data)
      const url = `https://checkout.example.com/?_ptxn=txn_${checkouts.length}`
      return response.writeHead(201).end(JSON.stringify({ data: { checkout: { url } } }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port')

  const sign: PaddleSimulator['sign'] = (body, secrets = [secret], atMs = Date.now()) => {
    const ts = String(Math.floor(atMs / 1_000))
    return [
      `ts=${ts}`,
      ...secrets.map((one) => `h1=${signPaddle(new Secret(one), ts, body).toString('hex')}`),
    ].join(';')
  }

  return {
    apiUrl: `http://127.0.0.1:${address.port}`,
    apiKey,
    checkouts,
    log,
    lose: (message) => void log.push(message),
    sign,
    event: (id, second, { subscription, status, price, endsAt, customData }) => ({
      event_id: id,
      event_type: 'subscription.updated',
      occurred_at: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
      notification_id: `ntf_${id}`,
      data: {
        id: subscription,
        status,
        items: price === undefined ? [] : [{ price: { id: price } }],
        current_billing_period: endsAt === undefined ? null : { starts_at: endsAt, ends_at: endsAt },
        custom_data: customData ?? null,
      },
    }),
    send: async (url, message, secrets) => {
      log.push(message)
      const statuses: number[] = []
      for (const waitMs of [0, ...retryMs]) {
        await pause(waitMs)
        const body = JSON.stringify(message)
        const { status } = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'paddle-signature': sign(body, secrets) },
          body,
        })
        statuses.push(status)
        if (status === 200) break
      }
      return statuses
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The provider's event list: each event once, newest first, in pages. */
function toPage(log: readonly PaddleMessage[], query: URLSearchParams): object {
  const newestFirst = [...new Map(log.map((message) => [message.event_id, message])).values()].toReversed()
  const after = query.get('after')
  const start = after === null ? 0 : newestFirst.findIndex(({ event_id: id }) => id === after) + 1
  const end = start + Number(query.get('per_page') ?? 50)
  return {
    data: newestFirst.slice(start, end),
    meta: { request_id: 'req', pagination: { per_page: end - start, has_more: end < newestFirst.length } },
  }
}
