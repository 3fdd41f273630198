import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { alone, type Benchmark } from '../figure.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { quantile } from '../statistics.ts'

const minuteMs = 60_000
const symbols = 20
const minutesMeasured = 5
const pollMs = 20
const warmMsMax = 15 * minuteMs
/** What each venue's own word for the end of a minute comes after: Coinbase sends none, and a minute ends a second later. */
const venues = { binance: 0, bybit: 0, coinbase: 1_000 } as const
type Venue = keyof typeof venues
const goals = { snapshot: 250, stream: 300, webhook: 1_000 }
/** So close together that somewhere one is crossed every minute. */
const levels = Array.from({ length: 40 }, (_, at) => Number((at * 0.1 - 1.9).toFixed(1)))

/** From the end of a minute, when the simulator sends its closing frames, to whoever reads, listens or is sent to. */
export const regimeEndToEnd: Benchmark = async ({ profilePath, note }) => {
  const received: number[] = []
  const heard: number[] = []
  const isMeasuring = { since: Number.POSITIVE_INFINITY }
  const take = (list: number[], text: string): void => {
    const atMs = Date.now()
    // Safe: an event of a change as the stream and webhooks tell it.
    const { ts_ms: ts = 0, timeframe } = JSON.parse(text) as { ts_ms?: number; timeframe?: string }
    if (timeframe === '1m' && ts > isMeasuring.since) list.push(atMs - ts)
  }
  const receiver = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      take(received, text)
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  // Safe: a server that listens on a port has an address with one.
  const { port: receiverPort } = receiver.address() as AddressInfo
  const server = await startServerProcess(new URL('serve-simulated.ts', import.meta.url), {
    BENCH_RECEIVER_PORT: String(receiverPort),
  })
  const sockets: WebSocket[] = []
  try {
    note(`regime-end-to-end: ${symbols} symbols at 3 venues warm up, from a simulator`)
    for (const venue of Object.keys(venues)) await becomesWarm(server, venue)
    note(`regime-end-to-end: ${levels.length} presets of an organisation, each with a stream and a webhook`)
    for (const [at, level] of levels.entries()) {
      const name = `level-${at}`
      await ask(server, `/v1/presets/custom/${name}`, 'PUT', {
        high_enter: level + 0.1,
        high_exit: level + 0.05,
        low_exit: level - 0.05,
        low_enter: level - 0.1,
        enter_k: 1,
        exit_k: 1,
      })
      await ask(server, '/v1/webhooks', 'POST', {
        url: `http://127.0.0.1:${receiverPort}/`,
        preset: name,
        timeframes: ['1m'],
      })
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/stream?timeframes=1m&preset=${name}`, {
        headers: server.headers,
      })
      socket.on('message', (data: Buffer) => take(heard, data.toString('utf8')))
      await once(socket, 'open')
      sockets.push(socket)
    }
    if (profilePath !== undefined) await server.startProfile()
    const readable: number[] = []
    // The machines of new presets begin with the next minute.
    isMeasuring.since = nextMinute() + minuteMs
    while (nextMinute() <= isMeasuring.since) await wait(200)
    for (let minute = 0; minute < minutesMeasured; minute += 1) {
      const endMs = nextMinute()
      note(`regime-end-to-end: minute ${minute + 1} of ${minutesMeasured}`)
      await wait(Math.max(0, endMs - 200 - Date.now()))
      // Safe: the literal's own keys.
      for (const one of await Promise.all(
        (Object.keys(venues) as Venue[]).map((venue) => follow(server, venue, endMs)),
      ))
        readable.push(...one)
    }
    if (profilePath !== undefined) await server.writeProfile(profilePath)
    // What was told last may be on its way still.
    for (let waitedMs = 0; received.length < heard.length && waitedMs < minuteMs; waitedMs += 200)
      await wait(200)
    if (heard.length === 0 || received.length === 0)
      throw new Error('No regime changed in the minutes measured')
    const figure = (suffix: keyof typeof goals, took: readonly number[], what: string) => {
      const p99 = quantile([...took], 0.99)
      note(
        `regime-end-to-end: ${suffix}: ${took.length} of them, p50 ${quantile([...took], 0.5).toFixed(0)} ms, the slowest ${Math.max(...took)} ms`,
      )
      return alone(
        {
          name: `regime-end-to-end-${suffix}`,
          unit: `ms, p99 from the closing frame to ${what}`,
          goal: `< ${goals[suffix]} ms`,
        },
        p99,
        p99 < goals[suffix],
      )
    }
    return [
      figure('snapshot', readable, 'a reply that has it'),
      figure('stream', heard, 'a frame of the stream'),
      figure('webhook', received, 'a webhook'),
    ]
  } finally {
    for (const socket of sockets) socket.terminate()
    receiver.close()
    await server.stop()
  }
}

type Rows = {
  readonly regimes: readonly { readonly last_update_ms: number | null; readonly regime: string | null }[]
}

async function ask(server: ServerProcess, path: string, method = 'GET', body?: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { ...server.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok)
    throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`)
  return response.json()
}

// Safe: the contract of this endpoint.
const readVenue = async (server: ServerProcess, venue: string): Promise<Rows['regimes']> =>
  ((await ask(server, `/v1/regimes?venue=${venue}`)) as Rows).regimes

async function becomesWarm(server: ServerProcess, venue: string): Promise<void> {
  const deadlineMs = Date.now() + warmMsMax
  for (;;) {
    const rows = await readVenue(server, venue)
    if (
      rows.length > 0 &&
      rows.every(({ regime, last_update_ms: at }) => regime !== null && at === lastMinute())
    )
      return
    if (Date.now() > deadlineMs) throw new Error(`The symbols of ${venue} did not warm up`)
    await wait(500)
  }
}

/** How long after its venue's word each symbol of a venue is told with the minute that ends then. */
async function follow(server: ServerProcess, venue: Venue, endMs: number): Promise<readonly number[]> {
  const took = new Map<number, number>()
  const deadlineMs = endMs + minuteMs - 2_000
  for (;;) {
    const rows = await readVenue(server, venue)
    const atMs = Date.now()
    for (const [at, row] of rows.entries())
      if (!took.has(at) && (row.last_update_ms ?? 0) >= endMs)
        took.set(at, Math.max(0, atMs - endMs - venues[venue]))
    if (took.size === rows.length) return [...took.values()]
    // What never came within its minute took at least as long as it was waited for.
    if (atMs > deadlineMs) return Array.from(rows, (_, at) => took.get(at) ?? atMs - endMs - venues[venue])
    await wait(pollMs)
  }
}

const nextMinute = (): number => (Math.floor(Date.now() / minuteMs) + 1) * minuteMs
const lastMinute = (): number => Math.floor(Date.now() / minuteMs) * minuteMs
