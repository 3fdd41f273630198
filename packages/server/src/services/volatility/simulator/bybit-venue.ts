import type { WebSocket } from 'ws'
import { beatMinutes, type SimulatedVenueRules } from './binance-venue.ts'
import { Clients } from './client-guard.ts'
import { fundingHistory, instrumentsInfo, tickers } from './bybit-derivatives.ts'
import { type KlineWords, pushClosed, pushRunning } from './kline-line.ts'
import { json, type SimulatedReply, type SimulatedRequest } from './listener.ts'
import { minuteMs } from './prices.ts'
import { beat, combine, openTimes, runningBar, toPrice, toSize, type VenueDeps } from './stock.ts'
import type { SimulatedKind, Tape, TapeBar } from './tape.ts'

const categories = { spot: 'spot', linear: 'perp' } as const satisfies Readonly<Record<string, SimulatedKind>>
type Category = keyof typeof categories

const intervals: Readonly<Record<string, number>> = {
  '1': minuteMs,
  '3': 3 * minuteMs,
  '5': 5 * minuteMs,
  '15': 15 * minuteMs,
  '30': 30 * minuteMs,
  '60': 60 * minuteMs,
  '120': 120 * minuteMs,
  '240': 240 * minuteMs,
  '360': 360 * minuteMs,
  '720': 720 * minuteMs,
  D: 1_440 * minuteMs,
}
const windowMs = 5_000
const requestsMax = 600
const banMs = 600_000
const argsMax = 10
const argCharactersMax = 21_000
/** How long a client may be silent (our choice; Bybit documents ten minutes for private streams). */
const silenceMs = 60_000

type Client = {
  readonly category: Category
  readonly topics: Set<string>
  heardMs: number
  readonly id: string
}

/** Bybit's public market data, spot and linear, on one host as at Bybit. */
export function bybitVenue(
  deps: Omit<VenueDeps, 'tapes'> & {
    readonly nowMs: () => number
    readonly tapes: Readonly<Record<SimulatedKind, ReadonlyMap<string, Tape>>>
    readonly seed: number
  },
): SimulatedVenueRules {
  const { timeline, faults, tapes, nowMs } = deps
  const clients = new Clients<Client>(faults, () => timeline.now())
  const asked: number[] = []
  let bannedUntilMs = 0
  let links = 0

  const words: KlineWords = {
    timeline,
    faults,
    nowMs,
    price: (tape, ticks) => toPrice(tape.instrument, ticks),
    word: (tape, bar, isClosed, at) => JSON.stringify(toMessage(tape, bar, isClosed, at)),
    send: ({ instrument }, text) => {
      clients.each((socket, client) => {
        if (
          categories[client.category] === instrument.kind &&
          client.topics.has(`kline.1.${instrument.code}`)
        )
          clients.send(socket, text)
      })
    },
  }
  const allTapes = [...tapes.spot.values(), ...tapes.perp.values()]
  const stops = [
    beat(timeline, 2_000, () => {
      if (clients.isEmpty) return
      for (const tape of allTapes) pushRunning(words, tape)
    }),
    beat(timeline, 5_000, () => {
      clients.each((socket, { heardMs }) => {
        if (timeline.monotonic() - heardMs > silenceMs) socket.terminate()
      })
    }),
    beatMinutes(deps, (openMs) => {
      if (clients.isEmpty) return
      for (const tape of allTapes) pushClosed(words, tape, openMs)
    }),
  ]

  const open = (socket: WebSocket, { path }: SimulatedRequest): void => {
    links += 1
    const category: Category = path.endsWith('/linear') ? 'linear' : 'spot'
    const client: Client = { category, topics: new Set(), heardMs: timeline.monotonic(), id: `conn-${links}` }
    clients.add(socket, client)
    socket.on('message', (data) => {
      // Safe: with the default binaryType, a message is one Buffer.
      const said = answerOperation((data as Buffer).toString(), client, () => timeline.monotonic(), nowMs)
      if (said !== undefined) clients.send(socket, said)
    })
  }

  const count = (): SimulatedReply | undefined => {
    const at = timeline.now()
    if (at < bannedUntilMs) return { status: 403, body: 'access too frequent' }
    asked.push(at)
    while ((asked[0] ?? at) <= at - windowMs) asked.shift()
    if (asked.length <= requestsMax) return undefined
    bannedUntilMs = at + banMs
    return { status: 403, body: 'access too frequent' }
  }

  return {
    open,
    admit: ({ path }) => (/^\/v5\/public\/(?:spot|linear)$/.test(path) ? undefined : json(404, {})),
    answer: (request) => {
      const refused = count()
      if (refused !== undefined) return refused
      const reply = answer(deps, request)
      const headers = {
        'X-Bapi-Limit': String(requestsMax),
        'X-Bapi-Limit-Status': String(requestsMax - asked.length),
        'X-Bapi-Limit-Reset-Timestamp': String(timeline.now() + windowMs),
      }
      return { ...reply, headers: { ...reply.headers, ...headers } }
    },
    strike: () => clients.strike(),
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

function answerOperation(
  text: string,
  client: Client,
  monotonic: () => number,
  nowMs: () => number,
): string | undefined {
  const { category, id: conn_id } = client
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return JSON.stringify({ success: false, ret_msg: 'error:json parse error', conn_id, op: '' })
  }
  if (typeof message !== 'object' || message === null) return undefined
  // Safe: a JSON object has string keys.
  const { op, args, req_id } = message as Record<string, unknown>
  const echo = req_id === undefined ? {} : { req_id }
  const list: readonly string[] = Array.isArray(args) ? args.map(String) : []
  const say = (success: boolean, ret_msg: string): string =>
    JSON.stringify({ success, ret_msg, conn_id, ...echo, op })
  switch (op) {
    case 'ping':
      // WebSocket pings alone do not keep a connection alive (our choice).
      client.heardMs = monotonic()
      return category === 'spot'
        ? JSON.stringify({ success: true, ret_msg: 'pong', conn_id, ...echo, op: 'ping' })
        : JSON.stringify({ req_id: req_id ?? '', op: 'pong', args: [String(nowMs())], conn_id })
    case 'subscribe': {
      if (category === 'spot' && list.length > argsMax) return say(false, 'args size >10')
      const characters = [...client.topics, ...list].join('').length
      if (characters > argCharactersMax) return say(false, 'args size too large')
      if (list.some((topic) => !/^[a-zA-Z]+(?:\.[\w-]+)+$/.test(topic)))
        return say(false, `Invalid symbol :[${list.join(',')}]`)
      for (const topic of list) client.topics.add(topic)
      return say(true, category === 'spot' ? 'subscribe' : '')
    }
    case 'unsubscribe':
      for (const topic of list) client.topics.delete(topic)
      return say(true, category === 'spot' ? 'unsubscribe' : '')
  }
  return say(false, `error:handler not found,topic:${String(op)}`)
}

function toMessage({ instrument }: Tape, bar: TapeBar, isClosed: boolean, ts: number): unknown {
  const price = (ticks: number): string => toPrice(instrument, ticks)
  return {
    topic: `kline.1.${instrument.code}`,
    type: 'snapshot',
    ts,
    data: [
      {
        start: bar.openMs,
        end: bar.openMs + minuteMs - 1,
        interval: '1',
        open: price(bar.open),
        close: price(bar.close),
        high: price(bar.high),
        low: price(bar.low),
        volume: toSize(instrument, bar.volume),
        turnover: bar.quoteVolume.toFixed(8),
        confirm: isClosed,
        timestamp: Math.min(ts, bar.openMs + minuteMs - 1),
      },
    ],
  }
}

function envelope(nowMs: number, result: unknown): SimulatedReply {
  return json(200, { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: nowMs })
}

function fault(nowMs: number, retCode: number, retMsg: string): SimulatedReply {
  return json(200, { retCode, retMsg, result: {}, retExtInfo: {}, time: nowMs })
}

function answer(deps: Parameters<typeof bybitVenue>[0], { path, query }: SimulatedRequest): SimulatedReply {
  const now = deps.nowMs()
  // Without a category the reply is about futures, whose prices differ.
  const category = query.get('category') ?? 'linear'
  const kind = category === 'spot' ? categories.spot : category === 'linear' ? categories.linear : undefined
  switch (path) {
    case '/v5/market/time':
      return envelope(now, { timeSecond: String(Math.floor(now / 1_000)), timeNano: `${now}000000` })
    case '/v5/market/kline':
      if (kind === undefined) return fault(now, 10_001, 'category is invalid')
      return klines(deps, query, category, deps.tapes[kind])
    case '/v5/market/instruments-info':
      return instrumentsInfo(now, query, kind === undefined ? new Map() : deps.tapes[kind], category)
    case '/v5/market/tickers':
      return tickers(deps.seed, now, query, deps.tapes.perp)
    case '/v5/market/funding/history':
      return fundingHistory(deps.seed, now, query, deps.tapes.perp)
  }
  return fault(now, 10_017, 'Route not found.')
}

function klines(
  { faults, nowMs }: Parameters<typeof bybitVenue>[0],
  query: URLSearchParams,
  category: string,
  tapes: ReadonlyMap<string, Tape>,
): SimulatedReply {
  const now = nowMs()
  const tape = tapes.get(query.get('symbol') ?? '')
  if (tape === undefined) return fault(now, 10_029, 'The requested symbol is invalid.')
  const interval = intervals[query.get('interval') ?? '']
  if (interval === undefined) return fault(now, 10_001, 'Invalid period!')
  const limit = Number(query.get('limit') ?? 200)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) return fault(now, 10_001, 'limit is invalid')
  const currentMs = Math.floor(now / interval) * interval
  const end = Math.min(currentMs, query.has('end') ? Number(query.get('end')) : currentMs)
  const lastMs = Math.floor(end / interval) * interval
  const start = query.has('start') ? Number(query.get('start')) : lastMs - (limit - 1) * interval
  const list = openTimes(start, end, interval)
    .toReversed()
    .slice(0, limit)
    .flatMap((openMs) => {
      const bar =
        openMs === currentMs
          ? runningBar(tape, faults, openMs, interval, now)
          : combine(tape, faults, openMs, interval)
      if (bar === undefined) return []
      const { instrument } = tape
      const prices = [bar.open, bar.high, bar.low, bar.close].map((ticks) => toPrice(instrument, ticks))
      return [[String(openMs), ...prices, toSize(instrument, bar.volume), bar.quoteVolume.toFixed(8)]]
    })
  return envelope(now, { category, symbol: tape.instrument.code, list })
}
