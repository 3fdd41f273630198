import type { WebSocket } from 'ws'
import type { SimulatedVenueRules } from './binance-venue.ts'
import { Clients } from './client-guard.ts'
import { candles, tradesPage } from './coinbase-rest.ts'
import { spoil, textFaults } from './faults.ts'
import { json, type SimulatedReply } from './listener.ts'
import { minuteMs } from './prices.ts'
import { beat, toPrice, toSize, type VenueDeps } from './stock.ts'
import type { Tape, TapeTrade } from './tape.ts'

const subscribeWithinMs = 5_000
const tradesEveryMs = 250
const bufferedMax = 4_194_304
const lateTradeMs = 1_500
const channels = ['matches', 'heartbeat', 'ticker'] as const
type Channel = (typeof channels)[number]

type Client = {
  readonly subscribed: Map<Channel, Set<string>>
  /** Until when trades were sent, by product. */
  readonly sentMs: Map<string, number>
}

/** Ten requests per second and address, with bursts of fifteen. */
export class Bucket {
  readonly #monotonic: () => number
  #tokens = 15
  #atMs = 0

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  take(): SimulatedReply | undefined {
    const nowMs = this.#monotonic()
    this.#tokens = Math.min(15, this.#tokens + ((nowMs - this.#atMs) / 1_000) * 10)
    this.#atMs = nowMs
    if (this.#tokens < 1) return json(429, { message: 'Public rate limit exceeded' })
    this.#tokens -= 1
    return undefined
  }
}

/** Coinbase Exchange's public market data. */
export function coinbaseVenue(deps: VenueDeps & { readonly nowMs: () => number }): SimulatedVenueRules {
  const { timeline, faults, tapes, nowMs } = deps
  const clients = new Clients<Client>(faults, () => timeline.now())
  const bucket = new Bucket(timeline.monotonic)

  const say = (socket: WebSocket, tape: Tape, trade: TapeTrade): void => {
    const { symbol } = tape.instrument
    const openMs = Math.floor(trade.timeMs / minuteMs) * minuteMs
    if (faults.has('unsent_bar', openMs, symbol) || faults.has('dropped_trades', trade.timeMs, symbol)) return
    const text = JSON.stringify(toMatch(tape, trade, 'match'))
    const spoilt = faults.find(textFaults, trade.timeMs, symbol)
    const told = spoilt === undefined ? text : spoil(text, spoilt.kind, toPrice(tape.instrument, trade.price))
    if (faults.has('trades_out_of_order', trade.timeMs, symbol) && trade.id % 2 === 0)
      timeline.after(lateTradeMs, () => clients.send(socket, told))
    else clients.send(socket, told)
    if (faults.has('duplicate_bar', openMs, symbol)) clients.send(socket, told)
    if (faults.has('burst', openMs, symbol))
      for (let index = 0; index < 500; index += 1) clients.send(socket, told)
  }
  const pushTrades = (socket: WebSocket, client: Client, code: string): void => {
    const tape = tapes.get(code)
    if (tape === undefined) return
    const toMs = nowMs()
    const fromMs = client.sentMs.get(code) ?? toMs
    for (let openMs = Math.floor(fromMs / minuteMs) * minuteMs; openMs < toMs; openMs += minuteMs)
      for (const trade of tape.trades(openMs))
        if (trade.timeMs >= fromMs && trade.timeMs < toMs) say(socket, tape, trade)
    client.sentMs.set(code, Math.max(fromMs, toMs))
  }
  const pulse = (socket: WebSocket, code: string): void => {
    const tape = tapes.get(code)
    if (tape === undefined) return
    const atMs = nowMs()
    const { id } = tape.lastTrade(atMs)
    const last_trade_id = faults.has('last_trade_stuck', timeline.now(), tape.instrument.symbol) ? 0 : id
    const heartbeat = { type: 'heartbeat', sequence: toSequence(id), last_trade_id, product_id: code }
    clients.send(socket, JSON.stringify({ ...heartbeat, time: toMicroseconds(atMs, id) }))
  }
  const stops = [
    beat(timeline, tradesEveryMs, () => {
      clients.each((socket, client) => {
        if (socket.bufferedAmount > bufferedMax) {
          socket.close(1008, 'ErrSlowConsume')
          socket.terminate()
        } else for (const code of client.subscribed.get('matches') ?? []) pushTrades(socket, client, code)
      })
    }),
    beat(timeline, 1_000, () => {
      clients.each((socket, client) => {
        for (const code of client.subscribed.get('heartbeat') ?? []) {
          if (client.subscribed.get('matches')?.has(code) === true) pushTrades(socket, client, code)
          pulse(socket, code)
        }
      })
    }),
  ]

  const open = (socket: WebSocket): void => {
    const client: Client = { subscribed: new Map(), sentMs: new Map() }
    clients.add(socket, client)
    const cancel = timeline.after(subscribeWithinMs, () => {
      if (client.subscribed.size === 0) socket.close(1000, 'No subscription within five seconds')
    })
    socket.once('close', cancel)
    socket.on('message', (data) => {
      // Safe: with the default binaryType, a message is one Buffer.
      const asked = parseRequest((data as Buffer).toString(), tapes)
      if ('reason' in asked) {
        const message = asked.subscribes ? 'Failed to subscribe' : 'Invalid request'
        clients.send(socket, JSON.stringify({ type: 'error', message, reason: asked.reason }))
        return
      }
      const added: string[] = []
      for (const { name, products } of asked.channels) {
        const known = client.subscribed.get(name) ?? new Set<string>()
        for (const product of products) {
          if (asked.subscribes && name === 'matches' && !known.has(product)) added.push(product)
          if (asked.subscribes) known.add(product)
          else known.delete(product)
        }
        if (known.size > 0) client.subscribed.set(name, known)
        else client.subscribed.delete(name)
      }
      const all = [...client.subscribed].map(([name, products]) => ({ name, product_ids: [...products] }))
      clients.send(socket, JSON.stringify({ type: 'subscriptions', channels: all }))
      for (const code of added) {
        const tape = tapes.get(code)
        if (tape === undefined) continue
        const atMs = nowMs()
        client.sentMs.set(code, atMs)
        clients.send(socket, JSON.stringify(toMatch(tape, tape.lastTrade(atMs), 'last_match')))
      }
    })
  }

  return {
    open,
    strike: () => clients.strike(),
    stop: () => {
      for (const stop of stops) stop()
    },
    answer: ({ path, query }) => {
      const refused = bucket.take()
      if (refused !== undefined) return refused
      if (path === '/time') {
        const epoch = nowMs() / 1_000
        return json(200, { iso: new Date(nowMs()).toISOString(), epoch })
      }
      if (path === '/products')
        return json(
          200,
          [...tapes.keys()].map((id) => ({ id, status: 'online' })),
        )
      const [, code = '', what = ''] = /^\/products\/([^/]+)\/(candles|trades)$/.exec(path) ?? []
      const tape = tapes.get(code)
      if (tape === undefined) return json(404, { message: 'NotFound' })
      return what === 'candles' ? candles(deps, tape, query) : tradesPage(deps, tape, query)
    },
  }
}

type Asked =
  | { readonly subscribes: boolean; readonly reason: string }
  | {
      readonly subscribes: boolean
      readonly channels: readonly { readonly name: Channel; readonly products: readonly string[] }[]
    }

/** One invalid product refuses the whole request. */
function parseRequest(text: string, tapes: ReadonlyMap<string, Tape>): Asked {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return { subscribes: false, reason: 'Malformed JSON' }
  }
  if (typeof message !== 'object' || message === null) return { subscribes: false, reason: 'Malformed JSON' }
  // Safe: a JSON object has string keys.
  const { type, product_ids, channels: wanted } = message as Record<string, unknown>
  if (type !== 'subscribe' && type !== 'unsubscribe')
    return { subscribes: false, reason: `Type ${String(type)} is not known` }
  const subscribes = type === 'subscribe'
  if (!Array.isArray(wanted) || wanted.length === 0) return { subscribes, reason: 'No channels provided' }
  const common = Array.isArray(product_ids) ? product_ids.map(String) : []
  const asked: { name: Channel; products: readonly string[] }[] = []
  for (const entry of wanted as readonly unknown[]) {
    const isObject = typeof entry === 'object' && entry !== null
    // Safe: a JSON object has string keys.
    const detail = isObject ? (entry as Record<string, unknown>) : {}
    const name = channels.find((channel) => channel === (isObject ? detail['name'] : entry))
    if (name === undefined) return { subscribes, reason: `${String(entry)} is not a valid channel` }
    const own = detail['product_ids']
    const products = Array.isArray(own) ? own.map(String) : common
    const wrong = products.find((product) => !tapes.has(product))
    if (wrong !== undefined) return { subscribes, reason: `${wrong} is not a valid product` }
    asked.push({ name, products })
  }
  return { subscribes, channels: asked }
}

function toMatch({ instrument }: Tape, trade: TapeTrade, type: 'match' | 'last_match'): unknown {
  return {
    type,
    trade_id: trade.id,
    maker_order_id: toOrderId(trade.id, 1),
    taker_order_id: toOrderId(trade.id, 2),
    side: trade.makerSide,
    size: toSize(instrument, trade.size),
    price: toPrice(instrument, trade.price),
    product_id: instrument.code,
    sequence: toSequence(trade.id),
    time: toMicroseconds(trade.timeMs, trade.id),
  }
}

/** The sequence counts every order event of a product, so it increases by more than one between trades. */
function toSequence(tradeId: number): number {
  return tradeId * 17 + (tradeId % 11)
}

function toOrderId(tradeId: number, side: number): string {
  return `${tradeId.toString(16).padStart(8, '0').slice(-8)}-0000-4000-8000-00000000000${side}`
}

export function toMicroseconds(ms: number, id: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${String(id % 1_000).padStart(3, '0')}Z`
}
