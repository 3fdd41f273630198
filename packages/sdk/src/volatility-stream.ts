import { GatehouseProblem } from './problem.ts'
import { wait } from './transport.ts'

type Regime = 'low' | 'normal' | 'high'
type Timeframe = '1m' | '5m' | '15m' | '1h' | '4h' | '1d'

/** A change of regime, the loss of a symbol's feed, or its return. Times are Unix milliseconds, volatilities fractions a year. */
export type RegimeEvent = {
  readonly id: string
  readonly type: 'regime.transition' | 'regime.stale' | 'regime.recovered'
  /** Rises with every event of the instance. */
  readonly seq: number
  readonly ts_ms: number
  readonly sent_ms: number
  readonly symbol: string
  readonly venue: string
  /** Of transitions alone, like all that follows. */
  readonly timeframe?: Timeframe
  readonly from?: Regime
  readonly to?: Regime
  readonly z_vol?: number
  readonly realized_vol?: number | null
  readonly baseline_vol?: number | null
  readonly close?: number
  readonly preset?: string
  readonly preset_version?: number
  readonly method?: string
  readonly reason?: 'threshold' | 'reset'
  readonly late?: boolean
}

/** Events before this number can no longer be told: `getHistory` has them. */
export type StreamGap = { readonly type: 'gap'; readonly oldest_seq: number }

export type StreamOptions = {
  /** Default: all. */
  readonly symbols?: readonly string[]
  /** Default: `1m`. */
  readonly timeframes?: readonly Timeframe[]
  readonly toRegimes?: readonly Regime[]
  readonly events?: readonly RegimeEvent['type'][]
  readonly preset?: string
  readonly method?: string
  /** Begins after this event; default: with what happens from now on. */
  readonly sinceSeq?: number
  /** Ends the iteration. */
  readonly signal?: AbortSignal
}

/** The part of the standard WebSocket that is used. */
export type StreamSocket = Pick<WebSocket, 'addEventListener' | 'close' | 'send'>

export type StreamWays = {
  readonly baseUrl: string
  readonly credential: () => string | undefined
  readonly connect: (url: string, protocol: string) => StreamSocket
}

const protocol = 'gatehouse.v1'
/** The server says something every 15 seconds. */
const silentMsMax = 45_000
const waitingMax = 10_000
const backoffMs = { first: 250, most: 30_000 }
/** After these another connection would end in the same way. */
const finalCloses: ReadonlyMap<number, string> = new Map([
  [4400, 'BAD_MESSAGES'],
  [4401, 'UNAUTHORIZED'],
  [4403, 'FORBIDDEN'],
  [4410, 'UNAUTHORIZED'],
])

type Welcome = { readonly type: 'welcome'; readonly seq: number }
/** Once a subscription stands, all that matched up to `seq` was said before it. */
type Heartbeat = { readonly type: 'heartbeat'; readonly seq: number }

type Message =
  | RegimeEvent
  | StreamGap
  | Welcome
  | Heartbeat
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  | { readonly type: 'subscribed' | 'pong' }

/**
 * Events as they happen, for as long as they are asked for. A connection that ends is opened again and goes on after the
 * last event, so that none is missed and none comes twice. Rejects with a GatehouseProblem where trying again cannot help.
 */
export async function* streamEvents(
  ways: StreamWays,
  options: StreamOptions = {},
): AsyncGenerator<RegimeEvent | StreamGap, void, undefined> {
  const { signal } = options
  let sinceSeq = options.sinceSeq
  let failures = 0
  while (!isAborted(signal)) {
    const line = openLine(ways, options, sinceSeq)
    try {
      for (;;) {
        const next = await line.next()
        if (next.kind === 'ended') {
          if (isAborted(signal)) return
          if (next.problem !== undefined) throw next.problem
          break
        }
        failures = 0
        const { message } = next
        if (message.type === 'welcome') sinceSeq ??= message.seq
        // A server that lags behind the one before says a smaller number than that of the last event.
        else if (message.type === 'heartbeat') sinceSeq = Math.max(sinceSeq ?? 0, message.seq)
        else {
          sinceSeq = message.type === 'gap' ? message.oldest_seq - 1 : message.seq
          yield message
        }
      }
    } finally {
      line.close()
    }
    const most = Math.min(backoffMs.most, backoffMs.first * 2 ** failures)
    failures += 1
    try {
      await wait(most * (0.5 + Math.random() / 2), signal)
    } catch {
      return
    }
  }
}

type Told = RegimeEvent | StreamGap | Welcome | Heartbeat

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

type Next =
  | { readonly kind: 'message'; readonly message: Told }
  | { readonly kind: 'ended'; readonly problem: GatehouseProblem | undefined }

type Line = { readonly next: () => Promise<Next>; readonly close: () => void }

/** One connection, until it ends. */
function openLine(
  { baseUrl, credential, connect }: StreamWays,
  options: StreamOptions,
  sinceSeq: number | undefined,
): Line {
  const { signal } = options
  const waiting: Told[] = []
  let problem: GatehouseProblem | undefined
  let isOver = false
  let isSubscribed = false
  let wake = (): void => undefined
  const socket = connect(`${baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/v1/stream`, protocol)
  const end = (because?: GatehouseProblem): void => {
    if (isOver) return
    isOver = true
    problem = because
    clearTimeout(silence)
    signal?.removeEventListener('abort', stop)
    socket.close()
    wake()
  }
  const stop = (): void => end()
  let silence = setTimeout(end, silentMsMax)
  if (signal?.aborted === true) end()
  else signal?.addEventListener('abort', stop, { once: true })
  const subscribe = (seq: number): void => {
    const { symbols = ['*'], timeframes, toRegimes, events, preset, method } = options
    socket.send(
      JSON.stringify({
        op: 'subscribe',
        id: 'sdk',
        symbols,
        timeframes,
        to_regimes: toRegimes,
        events,
        preset,
        method,
        since_seq: seq,
      }),
    )
  }
  socket.addEventListener('open', () => {
    if (!isOver) socket.send(JSON.stringify({ op: 'auth', key: credential() ?? '' }))
  })
  socket.addEventListener('message', ({ data }) => {
    if (isOver) return
    clearTimeout(silence)
    silence = setTimeout(end, silentMsMax)
    const message = parseMessage(data)
    switch (message?.type) {
      case 'welcome':
        waiting.push(message)
        subscribe(sinceSeq ?? message.seq)
        break
      case 'error':
        return end(new GatehouseProblem(message.code, 400, message.message))
      case 'regime.transition':
      case 'regime.stale':
      case 'regime.recovered':
      case 'gap':
        waiting.push(message)
        break
      case 'heartbeat':
        if (!isSubscribed) return
        if (waiting.at(-1)?.type === 'heartbeat') waiting.pop()
        waiting.push(message)
        break
      case 'subscribed':
        isSubscribed = true
        return
      case 'pong':
      case undefined:
        return
    }
    wake()
    // What is not taken can be had again: the next connection goes on where the reader is.
    if (waiting.length >= waitingMax) end()
  })
  socket.addEventListener('close', ({ code, reason }) => {
    const final = finalCloses.get(code)
    end(final === undefined ? undefined : new GatehouseProblem(final, code === 4403 ? 403 : 401, reason))
  })
  socket.addEventListener('error', () => end())
  return {
    next: async () => {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) return { kind: 'message', message }
        if (isOver) return { kind: 'ended', problem }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    close: () => end(),
  }
}

function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined
  try {
    // Safe: the server's messages are objects with a type; one that is not known is passed over.
    return JSON.parse(data) as Message
  } catch {
    return undefined
  }
}
