import { asGate } from '@gatehouse/kernel/db'
import { type Loop, startLoop } from '../../../service/start-loop.ts'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import type { EventFacts } from '../domain/stream-filter.ts'
import { regimesByCode } from '../domain/regime-code.ts'
import { timeframes } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import {
  eventNews,
  type EventSpan,
  findNewestSeq,
  findSeqBeyond,
  type HeardSpan,
  listEvents,
  readEventSpan,
  type StoredEvent,
} from '../store/event-store.ts'

/** An event as it goes out, serialised once for everybody who hears of it. */
export type StreamEvent = EventFacts & { readonly text: Buffer }

export type EventLog = {
  /** The newest event that this node has told its listeners of. */
  readonly lastSeq: () => number
  /** Called for each event after `lastSeq`, in order; `lastSeq` is its number by then. */
  readonly listen: (listener: (event: StreamEvent) => void) => () => void
  /** Events that were told before, oldest first. */
  readonly read: (afterSeq: number, toSeq: number) => Promise<readonly StreamEvent[]>
  /** What can be told again to someone who has had the events up to `afterSeq`. */
  readonly span: (afterSeq: number) => Promise<EventSpan>
  /** Of what a reader would hear of a span, the newest event that is too much to be told again; undefined where nothing is. */
  readonly beyond: (span: HeardSpan) => Promise<number | undefined>
  readonly start: () => Promise<Loop>
}

const { stream } = volatilityPolicy

/**
 * Follows the events of all nodes in the order of their commits. A notification makes it read at once; one that is lost
 * delays an event until the next look, and loses nothing, since it is the numbers that say where to go on.
 */
export function createEventLog(deps: Pick<ServiceDeps, 'clock' | 'db' | 'log' | 'news'>): EventLog {
  const listeners = new Set<(event: StreamEvent) => void>()
  let lastSeq = 0
  const follow = async (): Promise<void> => {
    for (;;) {
      const events = await asGate(deps, (tx) =>
        listEvents(tx, { afterSeq: lastSeq, limit: stream.eventsPerRead }),
      )
      for (const stored of events) {
        const event = toStreamEvent(stored, deps.clock.now())
        lastSeq = event.seq
        for (const listener of listeners) listener(event)
      }
      if (events.length < stream.eventsPerRead) return
    }
  }
  return {
    lastSeq: () => lastSeq,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: async (afterSeq, toSeq) => {
      const events = await asGate(deps, (tx) =>
        listEvents(tx, { afterSeq, toSeq, limit: stream.eventsPerRead }),
      )
      return events.map((stored) => toStreamEvent(stored, deps.clock.now()))
    },
    span: (afterSeq) =>
      asGate(deps, (tx) => readEventSpan(tx, { sinceMs: deps.clock.now() - stream.replayMs, afterSeq })),
    beyond: (span) => asGate(deps, (tx) => findSeqBeyond(tx, span, stream.replayedMax)),
    start: async () => {
      lastSeq = await asGate(deps, findNewestSeq)
      return startLoop('volatility events', stream.pollEveryMs, deps.log, follow, (wake) =>
        deps.news.subscribe((subject) => {
          if (subject === '*' || subject.startsWith(eventNews)) wake()
        }),
      )
    },
  }
}

function toStreamEvent({ seq, orgId, type, body }: StoredEvent, sentMs: number): StreamEvent {
  const { symbol, preset, method } = body
  return {
    seq,
    orgId,
    type,
    symbol: typeof symbol === 'string' ? symbol : '',
    timeframe: timeframes.find((timeframe) => timeframe === body['timeframe']),
    to: regimesByCode.find((regime) => regime === body['to']),
    preset: typeof preset === 'string' ? preset : undefined,
    method: typeof method === 'string' ? method : undefined,
    text: Buffer.from(JSON.stringify({ ...body, seq, sent_ms: sentMs })),
  }
}
