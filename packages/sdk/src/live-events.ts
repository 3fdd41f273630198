import { GatehouseProblem } from './problem.ts'
import { type Transport, wait } from './transport.ts'

type About = {
  /** Pass it as `lastEventId` to resume after this event. */
  readonly id: string
}
/**
 * The stream is established: missed events since `lastEventId` have been delivered, and new ones follow as they
 * happen.
 */
export type StreamReady = About & { readonly event: 'ready' }
/** Some earlier events are no longer available: fetch again whatever depends on them. */
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

/** Topics whose data has changed. Without `ids`, any item of the topic may have changed. */
export type ChangedEvent = Partial<About> & {
  readonly event: 'changed'
  readonly data: { readonly changes: readonly { readonly topic: string; readonly ids?: readonly string[] }[] }
}
export type LiveEvent = ChangedEvent | StreamReady | EventGap

export type EventOptions = {
  /** Resume after this event. Default: only events from now on. */
  readonly lastEventId?: string
  /** Aborting ends the iteration. */
  readonly signal?: AbortSignal
  /** Called when a stream has ended or could not be opened; the client then reconnects. */
  readonly onLost?: () => void
}

type Frame = { readonly id: string | undefined; readonly event: string; readonly data: unknown }

/**
 * Three of the server's heartbeat intervals of 15 seconds; a stream that is silent for longer is dropped and
 * reopened.
 */
const silentMsMax = 45_000
const backoffMs = { first: 250, most: 30_000 }

/**
 * Yields events as they happen until the signal is aborted. Reconnects by itself and resumes after the last event, so
 * that events are neither lost nor repeated. Rejects with a GatehouseProblem if a retry cannot help.
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

/** Reads one connection until it ends. */
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
