import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** The external systems of a drill, on a real socket: a payment provider, Sentry, and a host to deploy to. */
export type DrillProvider = {
  readonly origin: string
  readonly port: number
  /** Sets the credential that one of them accepts; the previous one is refused from then on. */
  readonly take: (what: 'deployToken' | 'paddleKey' | 'sentryKey', value: string) => void
  /** Adds an event to the payment provider's log that is never delivered to the server. */
  readonly lose: (event: object) => void
  /** Adds an object to the payment provider that somebody else created with a stolen key. */
  readonly begin: (what: 'subscriptions' | 'transactions', object: { readonly id: string }) => void
  readonly stop: () => Promise<void>
}

export async function startProvider(): Promise<DrillProvider> {
  const taken = { deployToken: '', paddleKey: '', sentryKey: '' }
  const events: object[] = []
  const begun: Record<string, object[]> = { subscriptions: [], transactions: [] }
  const list = (data: readonly object[]) =>
    JSON.stringify({ data, meta: { pagination: { per_page: 50, has_more: false } } })

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const { authorization = '' } = request.headers
    const isFrom = (token: string): boolean => token !== '' && authorization === `Bearer ${token}`
    const say = (status: number, body = '{}'): void => void response.writeHead(status).end(body)
    if (/^\/api\/\d+\/envelope\/$/.test(pathname)) {
      const key = /sentry_key=([\w-]+)/.exec(String(request.headers['x-sentry-auth']))?.[1]
      return say(key === taken.sentryKey ? 200 : 403)
    }
    if (pathname === '/deployments') return say(isFrom(taken.deployToken) ? 200 : 401)
    if (!isFrom(taken.paddleKey)) return say(403)
    if (pathname === '/events') return say(200, list(events.toReversed()))
    const objects = begun[pathname.slice(1)]
    return objects === undefined ? say(404) : say(200, list(objects))
  }

  const server = createServer((request, response) => {
    request.resume().once('end', () => answer(request, response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The provider has no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    take: (what, value) => {
      taken[what] = value
    },
    lose: (event) => void events.push(event),
    begin: (what, object) => void begun[what]?.push(object),
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
