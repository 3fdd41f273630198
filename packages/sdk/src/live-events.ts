import { GatehouseProblem } from './problem.ts'
import { type Transport, wait } from './transport.ts'

type About = {
  /** Where to go on after it, as `lastEventId`. */
  readonly id: string
}
/** The stream stands: what happens from now on is told, and what was asked for of before has been. */
export type StreamReady = About & { readonly event: 'ready' }
/** Some of what happened before can no longer be told: read anew what matters. */
export type EventGap = About & { readonly event: 'gap' }

export type MonitorStatusEvent = About & {
  readonly event: 'monitor.status'
  readonly data: {
    readonly at: string
    readonly monitorId: string
    readonly name: string
    readonly type: string
    readonly status: string
    readonly previousStatus: string | null
  }
}
export type IncidentEvent = About & {
  readonly event: 'incident.created' | 'incident.acknowledged' | 'incident.updated' | 'incident.resolved'
  readonly data: {
    readonly at: string
    readonly incidentId: string
    readonly monitorId: string | null
    readonly monitorName: string | null
    readonly serviceId: string
    readonly type: string
    readonly status: string
    readonly severity: string
    readonly impact: string
    readonly title: string | null
    readonly cause: string | null
    readonly startedAt: string
    readonly acknowledgedAt: string | null
    readonly resolvedAt: string | null
    readonly assigneeId: string | null
  }
}
export type UptimeEvent = MonitorStatusEvent | IncidentEvent | StreamReady | EventGap

/** Topics of which something is different now; without ids, anything of them may be. */
export type ChangedEvent = Partial<About> & {
  readonly event: 'changed'
  readonly data: { readonly changes: readonly { readonly topic: string; readonly ids?: readonly string[] }[] }
}
export type LiveEvent = ChangedEvent | StreamReady | EventGap

export type EventOptions = {
  /** Begins after this event; default: with what happens from now on. */
  readonly lastEventId?: string
  /** Ends the iteration. */
  readonly signal?: AbortSignal
  /** Told when a stream has ended, or none could be opened; another attempt follows. */
  readonly onLost?: () => void
}

type Frame = { readonly id: string | undefined; readonly event: string; readonly data: unknown }

/** The server says something every 15 seconds. */
const silentMsMax = 45_000
const backoffMs = { first: 250, most: 30_000 }

/**
 * Events as they happen, for as long as they are asked for. A stream that ends is opened again and goes on after the last
 * event, so that none is missed and none comes twice. Rejects with a GatehouseProblem where trying again cannot help.
 */
export async function* followEvents<T extends UptimeEvent | LiveEvent>(
  send: Transport,
  path: string,
  { signal, onLost, ...options }: EventOptions = {},
): AsyncGenerator<T, void, undefined> {
  let { lastEventId } = options
  let failures = 0
  while (signal?.aborted !== true) {
    try {
      for await (const frame of readFrames(send, path, lastEventId, signal)) {
        failures = 0
        lastEventId = frame.id ?? lastEventId
        // Safe: the server's events are those that the type lists.
        yield frame as unknown as T
      }
    } catch (error) {
      if (isAborted(signal)) return
      if (error instanceof GatehouseProblem && error.status < 500 && error.status !== 429) throw error
    }
    if (isAborted(signal)) return
    onLost?.()
    const most = Math.min(backoffMs.most, backoffMs.first * 2 ** failures)
    failures += 1
    try {
      await wait(most * (0.5 + Math.random() / 2), signal)
    } catch {
      return
    }
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

/** One stream, until it ends. */
async function* readFrames(
  send: Transport,
  path: string,
  lastEventId: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Frame, void, undefined> {
  const over = new AbortController()
  const stop = (): void => over.abort()
  signal?.addEventListener('abort', stop, { once: true })
  let silence = setTimeout(stop, silentMsMax)
  try {
    const body = await send<ReadableStream<Uint8Array> | null>('GET', path, {
      as: 'stream',
      signal: over.signal,
      ...(lastEventId === undefined ? {} : { lastEventId }),
    })
    if (body === null) return
    const reader = body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(silence)
      silence = setTimeout(stop, silentMsMax)
      text += decoder.decode(value, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const frame = parseFrame(block)
        if (frame !== undefined) yield frame
      }
    }
  } finally {
    clearTimeout(silence)
    signal?.removeEventListener('abort', stop)
    over.abort()
  }
}

function parseFrame(block: string): Frame | undefined {
  const members = new Map(
    block.split('\n').flatMap((line) => {
      const at = line.indexOf(': ')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 2)] as const]
    }),
  )
  const event = members.get('event')
  const data = members.get('data')
  if (event === undefined || data === undefined) return undefined
  return { id: members.get('id'), event, data: JSON.parse(data) }
}
