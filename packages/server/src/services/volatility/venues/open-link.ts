import type { EgressPolicy, WebSocketConnection } from '@gatehouse/kernel/egress'
import type { FeedDeps } from './feed-deps.ts'
import type { Frame } from './frame.ts'
import type { StreamRules } from './market.ts'

const openWithinMs = 10_000
const messageBytesMax = 1_048_576
/** A quarter of an hour either way, so that connections of all nodes do not end together. */
const lifeJitterMs = 900_000

export type LinkRequest = {
  readonly stream: StreamRules
  readonly origin: string
  readonly codes: readonly string[]
  readonly policy: EgressPolicy
  readonly signal: AbortSignal
  readonly onFrame: (frame: Frame) => void
}

/** One open stream connection. */
export class Link {
  readonly openedAtMs: number
  /** Settles when another connection has to take over: this one ended, is about to, or is old. */
  readonly needsSuccessor: Promise<void>
  readonly #call: () => void
  readonly #agesAtMs: number
  #connection: WebSocketConnection | undefined
  #signMs: number
  #cancelPing: (() => void) | undefined
  /** Why it ended; undefined while it is open. */
  ended: string | undefined

  constructor(nowMs: number, lifeMs: number) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.needsSuccessor = promise
    this.#call = resolve
    this.openedAtMs = nowMs
    this.#agesAtMs = nowMs + lifeMs
    this.#signMs = nowMs
  }

  opened(connection: WebSocketConnection, cancelPing: (() => void) | undefined): void {
    this.#connection = connection
    this.#cancelPing = cancelPing
    if (this.ended !== undefined) this.#release()
  }

  sign(nowMs: number): void {
    this.#signMs = nowMs
  }

  age(): void {
    this.#call()
  }

  /** Ends the connection if it was silent for too long, and asks for a successor when it is old. */
  watch(nowMs: number, silenceMs: number): void {
    if (nowMs - this.#signMs > silenceMs) this.end('silence')
    else if (nowMs >= this.#agesAtMs) this.age()
  }

  end(reason: string): void {
    this.ended ??= reason
    this.#release()
    this.#call()
  }

  #release(): void {
    this.#cancelPing?.()
    this.#connection?.end()
  }
}

/** Opens a stream and subscribes. Throws an EgressError, or the signal's reason. */
export async function openLink(
  { egress, timeline, random }: Pick<FeedDeps, 'egress' | 'timeline' | 'random'>,
  { stream, origin, codes, policy, signal, onFrame }: LinkRequest,
): Promise<Link> {
  const jitterMs = (2 * random() - 1) * lifeJitterMs
  const lifeMs = stream.lifeMs === undefined ? Number.POSITIVE_INFINITY : stream.lifeMs + jitterMs
  const link = new Link(timeline.monotonic(), lifeMs)
  const controller = new AbortController()
  const stop = (): void => controller.abort(new Error('No stream was opened in time'))
  const cancel = timeline.after(openWithinMs, stop)
  signal.addEventListener('abort', stop)
  const sign = (isPulse: boolean): void => {
    if (isPulse || stream.signOfLife === 'anything') link.sign(timeline.monotonic())
  }
  try {
    const connection = await egress.openWebSocket({
      url: stream.url(origin, codes),
      policy,
      messageBytesMax,
      signal: controller.signal,
      onPing: () => sign(false),
      onMessage: (text) => {
        // Messages that arrive after the connection was given up are ignored.
        if (link.ended !== undefined) return
        for (const frame of stream.read(text)) {
          sign(frame.kind === 'pulse')
          if (frame.kind === 'ending') link.age()
          else if (frame.kind === 'failure') link.end(frame.reason)
          onFrame(frame)
        }
      },
      onClose: (code) => link.end(`closed by the venue with code ${code}`),
    })
    for (const text of stream.hello(codes)) connection.send(text)
    link.opened(connection, startPing(timeline, stream, connection))
    return link
  } finally {
    cancel()
    signal.removeEventListener('abort', stop)
  }
}

function startPing(
  timeline: FeedDeps['timeline'],
  { ping }: StreamRules,
  connection: WebSocketConnection,
): (() => void) | undefined {
  if (ping === undefined) return undefined
  let cancel: () => void
  const send = (): void => {
    connection.send(ping.text)
    cancel = timeline.after(ping.everyMs, send)
  }
  cancel = timeline.after(ping.everyMs, send)
  return () => cancel()
}
