import { GatehouseProblem } from './problem.ts'
import { wait } from './transport.ts'

type Regime = 'low' | 'normal' | 'high'
type Timeframe = '1m' | '5m' | '15m' | '1h' | '4h' | '1d'

/**
 * A regime change, or the loss or recovery of a symbol's data feed. Times are Unix milliseconds; volatilities are
 * annualised fractions.
 */
export type RegimeEvent = {
  readonly id: string
  readonly type: 'regime.transition' | 'regime.stale' | 'regime.recovered'
  /** Sequence number: increases with every event of the instance. */
  readonly seq: number
  readonly ts_ms: number
  readonly sent_ms: number
  readonly symbol: string
  readonly venue: string
  /** This member and all below are present on transitions only. */
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

/** Events before `oldest_seq` are no longer available on the stream: read them with `getHistory`. */
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
  /** Resume after this event. Default: only events from now on. */
  readonly sinceSeq?: number
  /** Aborting ends the iteration. */
  readonly signal?: AbortSignal
}

/** The part of the standard WebSocket interface that the client uses. */
export type StreamSocket = Pick<WebSocket, 'addEventListener' | 'close' | 'send'>

export type StreamWays = {
  readonly baseUrl: string
  readonly credential: () => string | undefined
  readonly connect: (url: string, protocol: string) => StreamSocket
}

const protocol = 'gatehouse.v1'
/**
 * Three of the server's heartbeat intervals of 15 seconds; a connection that is silent for longer is dropped and
 * reopened.
 */
const silentMsMax = 45_000
const waitingMax = 10_000
const backoffMs = { first: 250, most: 30_000 }
/** Close codes after which a reconnect would be refused again. */
const finalCloses: ReadonlyMap<number, string> = new Map([
  [4400, 'BAD_MESSAGES'],
  [4401, 'UNAUTHORIZED'],
  [4403, 'FORBIDDEN'],
  [4410, 'UNAUTHORIZED'],
])

type Welcome = { readonly type: 'welcome'; readonly seq: number }
/** Once subscribed: every matching event up to `seq` has been sent before this message. */
type Heartbeat = { readonly type: 'heartbeat'; readonly seq: number }

type Message =
  | RegimeEvent
  | StreamGap
  | Welcome
  | Heartbeat
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  | { readonly type: 'subscribed' | 'pong' }

/**
 * Yields events as they happen until the signal is aborted. Reconnects by itself and resumes after the last event, so
 * that events are neither lost nor repeated. Rejects with a GatehouseProblem if a retry cannot help.
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
        // After a reconnect, a node that lags behind may report a number below that of the last event.
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

/** Opens one connection and reads it until it ends. */
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
    // The reader is too slow: drop the connection. The next one resumes after the last event that was read.
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
    // Safe: the server's messages are objects with a `type`; unknown types are ignored.
    return JSON.parse(data) as Message
  } catch {
    return undefined
  }
}
