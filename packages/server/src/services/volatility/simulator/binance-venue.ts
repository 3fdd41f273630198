import type { WebSocket } from 'ws'
import { BinanceLimits } from './binance-limits.ts'
import { Clients } from './client-guard.ts'
import { answerControl, type ControlState } from './binance-control.ts'
import { type KlineWords, pushClosed, pushRunning } from './kline-line.ts'
import { json, type SimulatedReply, type SimulatedRequest, type VenueRules } from './listener.ts'
import { minuteMs } from './prices.ts'
import { beat, combine, openTimes, runningBar, toPrice, toSize, type VenueDeps } from './stock.ts'
import type { SimulatedKind, Tape, TapeBar } from './tape.ts'

/** The differences between spot and USD-M futures (protocols 2 and 8.1). */
const worlds = {
  spot: {
    rest: '/api/v3',
    streams: '',
    pingMs: 20_000,
    pongMs: 60_000,
    messagesMax: 5,
    streamsMax: 1_024,
    pushMs: 2_000,
    weightMax: 6_000,
    rowsMax: 1_000,
    weigh: () => 2,
  },
  perp: {
    rest: '/fapi/v1',
    streams: '/market',
    pingMs: 180_000,
    pongMs: 600_000,
    messagesMax: 10,
    streamsMax: 200,
    pushMs: 2_000,
    weightMax: 2_400,
    rowsMax: 1_500,
    weigh: (rows: number) => (rows < 100 ? 1 : rows < 500 ? 2 : rows <= 1_000 ? 5 : 10),
  },
} as const

const dayMs = 86_400_000
const warnedMs = 10_000
const intervals: Readonly<Record<string, number>> = {
  '1m': minuteMs,
  '3m': 3 * minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': 60 * minuteMs,
  '2h': 120 * minuteMs,
  '4h': 240 * minuteMs,
  '6h': 360 * minuteMs,
  '8h': 480 * minuteMs,
  '12h': 720 * minuteMs,
  '1d': dayMs,
}

type Client = ControlState & {
  readonly isSilent: boolean
  readonly receivedMs: number[]
  readonly cancels: Set<() => void>
}

export type SimulatedVenueRules = VenueRules & { readonly stop: () => void; readonly strike: () => void }

/** Binance's public market data, as documented by Binance. */
export function binanceVenue(
  deps: VenueDeps & { readonly nowMs: () => number },
  kind: SimulatedKind,
): SimulatedVenueRules {
  const { timeline, faults, tapes, nowMs } = deps
  const world = worlds[kind]
  const limits = new BinanceLimits(timeline, world.weightMax)
  const clients = new Clients<Client>(faults, () => timeline.now())

  const words: KlineWords = {
    timeline,
    faults,
    nowMs,
    price: (tape, ticks) => toPrice(tape.instrument, ticks),
    word: (tape, bar, isClosed, at) => JSON.stringify(toEvent(tape, bar, isClosed, at)),
    send: (tape, text) => {
      const stream = `${tape.instrument.code.toLowerCase()}@kline_1m`
      clients.each((socket, client) => {
        if (!client.isSilent && client.streams.has(stream)) clients.send(socket, wrap(client, stream, text))
      })
    },
  }
  const stops = [
    beat(timeline, world.pushMs, () => {
      if (clients.isEmpty) return
      for (const tape of tapes.values()) pushRunning(words, tape)
    }),
    beatMinutes(deps, (openMs) => {
      if (clients.isEmpty) return
      for (const tape of tapes.values()) pushClosed(words, tape, openMs)
    }),
  ]

  const open = (socket: WebSocket, request: SimulatedRequest): void => {
    const cancels = new Set<() => void>()
    const path = request.path.startsWith(`${world.streams}/`)
      ? request.path.slice(world.streams.length)
      : request.path
    const named =
      path === '/stream' ? (request.query.get('streams') ?? '').split('/') : path.split('/').slice(2)
    const client: Client = {
      streams: new Set(named.filter((name) => name !== '')),
      isCombined: path === '/stream',
      // Without /market such a connection stays open and silent.
      isSilent: path === request.path && world.streams !== '',
      receivedMs: [],
      cancels,
    }
    clients.add(socket, client)
    const later = (ms: number, run: () => void): void => {
      const cancel = timeline.after(ms, () => {
        cancels.delete(cancel)
        run()
      })
      cancels.add(cancel)
    }
    const received = (): void => {
      const at = timeline.monotonic()
      client.receivedMs.push(at)
      while ((client.receivedMs[0] ?? at) <= at - 1_000) client.receivedMs.shift()
      if (client.receivedMs.length <= world.messagesMax) return
      limits.offend(request.address)
      socket.close(1008, 'Too many requests')
    }
    keepAlive(socket, later, world, () => clients.isMuffled(socket), nowMs)
    later(dayMs, () => socket.close(1008, 'Connection expired'))
    socket.on('ping', received)
    socket.on('pong', received)
    socket.on('message', (data) => {
      received()
      // Safe: with the default binaryType, a message is one Buffer.
      const said = answerControl((data as Buffer).toString(), client)
      if (client.streams.size > world.streamsMax) socket.close(1008, 'Too many streams')
      else clients.send(socket, said)
    })
    socket.once('close', () => {
      for (const cancel of cancels) cancel()
    })
    if (client.streams.size > world.streamsMax) socket.close(1008, 'Too many streams')
  }

  const announced = new Set<number>()
  return {
    open,
    admit: (request) => limits.admit(request.address),
    answer: (request) => limits.count(request, weightOf(request, world), () => answer(deps, request, kind)),
    strike: () => {
      clients.strike()
      const restart = faults.find(['restart'], timeline.now())
      if (restart === undefined || announced.has(restart.fromMs)) return
      announced.add(restart.fromMs)
      clients.each((socket, client) => {
        clients.send(
          socket,
          wrap(client, '!serverShutdown', JSON.stringify({ e: 'serverShutdown', E: nowMs() })),
        )
        client.cancels.add(timeline.after(warnedMs, () => socket.close(1001)))
      })
    },
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

/** Calls back shortly after each minute has ended by the venue's own clock. */
export function beatMinutes(
  { timeline, nowMs }: Pick<VenueDeps, 'timeline'> & { readonly nowMs: () => number },
  run: (openMs: number) => void,
): () => void {
  let doneMs = Math.floor(nowMs() / minuteMs) * minuteMs
  return beat(timeline, 250, () => {
    for (const currentMs = Math.floor(nowMs() / minuteMs) * minuteMs; doneMs < currentMs; doneMs += minuteMs)
      run(doneMs)
  })
}

function wrap(client: ControlState, stream: string, text: string): string {
  return client.isCombined ? `{"stream":"${stream}","data":${text}}` : text
}

function keepAlive(
  socket: WebSocket,
  later: (ms: number, run: () => void) => void,
  { pingMs, pongMs }: { readonly pingMs: number; readonly pongMs: number },
  isMuffled: () => boolean,
  nowMs: () => number,
): void {
  const owed = new Set<string>()
  socket.on('pong', (data) => void owed.delete(data.toString()))
  const ping = (): void => {
    const payload = String(nowMs())
    if (!isMuffled() && socket.readyState === socket.OPEN) {
      socket.ping(payload)
      owed.add(payload)
      later(pongMs, () => {
        if (owed.has(payload)) socket.terminate()
      })
    }
    later(pingMs, ping)
  }
  later(pingMs, ping)
}

function toEvent({ instrument }: Tape, bar: TapeBar, isClosed: boolean, atMs: number): unknown {
  const price = (ticks: number): string => toPrice(instrument, ticks)
  const firstId = (bar.openMs / minuteMs) * 1_000
  return {
    e: 'kline',
    E: atMs,
    s: instrument.code,
    k: {
      t: bar.openMs,
      T: bar.openMs + minuteMs - 1,
      s: instrument.code,
      i: '1m',
      f: bar.trades === 0 ? -1 : firstId,
      L: bar.trades === 0 ? -1 : firstId + bar.trades - 1,
      o: price(bar.open),
      c: price(bar.close),
      h: price(bar.high),
      l: price(bar.low),
      v: toSize(instrument, bar.volume),
      n: bar.trades,
      x: isClosed,
      q: bar.quoteVolume.toFixed(8),
      V: toSize(instrument, Math.floor(bar.volume / 2)),
      Q: (bar.quoteVolume / 2).toFixed(8),
      B: '0',
    },
  }
}

function weightOf({ path, query }: SimulatedRequest, world: (typeof worlds)[SimulatedKind]): number {
  if (!path.endsWith('/klines')) return path.endsWith('/exchangeInfo') && world.rest === '/api/v3' ? 20 : 1
  return world.weigh(Number(query.get('limit') ?? 500))
}

function answer(
  deps: VenueDeps & { readonly nowMs: () => number },
  request: SimulatedRequest,
  kind: SimulatedKind,
): SimulatedReply {
  const { rest } = worlds[kind]
  switch (request.path) {
    case `${rest}/time`:
      return json(200, { serverTime: deps.nowMs() })
    case `${rest}/exchangeInfo`:
      return json(200, {
        timezone: 'UTC',
        serverTime: deps.nowMs(),
        symbols: [...deps.tapes.keys()].map((symbol) => ({
          symbol,
          status: 'TRADING',
          ...(kind === 'perp' ? { contractType: 'PERPETUAL' } : {}),
        })),
      })
    case `${rest}/klines`:
      return klines(deps, request.query, worlds[kind].rowsMax)
  }
  return json(404, {})
}

function klines(
  { tapes, faults, nowMs }: VenueDeps & { readonly nowMs: () => number },
  query: URLSearchParams,
  rowsMax: number,
): SimulatedReply {
  const refuse = (code: number, msg: string): SimulatedReply => json(400, { code, msg })
  for (const name of ['symbol', 'interval']) {
    if (!query.has(name))
      return refuse(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`)
    if (query.get(name) === '') return refuse(-1105, `Parameter '${name}' was empty.`)
  }
  const symbol = query.get('symbol') ?? ''
  if (!/^[A-Z0-9-_.]{1,20}$/.test(symbol))
    return refuse(
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    )
  const tape = tapes.get(symbol)
  if (tape === undefined) return refuse(-1121, 'Invalid symbol.')
  const interval = intervals[query.get('interval') ?? '']
  if (interval === undefined) return refuse(-1120, 'Invalid interval.')
  for (const name of ['startTime', 'endTime', 'limit'])
    if (query.has(name) && !/^\d{1,20}$/.test(query.get(name) ?? ''))
      return refuse(-1100, `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`)
  const limit = Number(query.get('limit') ?? 500)
  if (limit < 1 || limit > rowsMax) return refuse(-1130, "Data sent for parameter 'limit' is not valid.")
  const currentMs = Math.floor(nowMs() / interval) * interval
  const start = query.has('startTime') ? Number(query.get('startTime')) : undefined
  const end = Math.min(currentMs, query.has('endTime') ? Number(query.get('endTime')) : currentMs)
  // Rows during maintenance are missing, and do not count towards the limit.
  const rows: unknown[] = []
  const push = (openMs: number): void => {
    const bar =
      openMs === currentMs
        ? runningBar(tape, faults, openMs, interval, nowMs())
        : combine(tape, faults, openMs, interval)
    if (bar !== undefined) rows.push(toRow(tape, bar, interval))
  }
  if (start === undefined) {
    const lastMs = Math.floor(end / interval) * interval
    for (
      let openMs = lastMs;
      rows.length < limit && openMs > lastMs - 4 * limit * interval;
      openMs -= interval
    )
      push(openMs)
    rows.reverse()
  } else
    for (const openMs of openTimes(start, end, interval)) {
      if (rows.length >= limit) break
      push(openMs)
    }
  return json(200, rows)
}

function toRow({ instrument }: Tape, bar: TapeBar, interval: number): unknown {
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map((ticks) =>
    toPrice(instrument, ticks),
  )
  return [
    bar.openMs,
    open,
    high,
    low,
    close,
    toSize(instrument, bar.volume),
    bar.openMs + interval - 1,
    bar.quoteVolume.toFixed(8),
    bar.trades,
    toSize(instrument, Math.floor(bar.volume / 2)),
    (bar.quoteVolume / 2).toFixed(8),
    '0',
  ]
}
