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

/** An event serialised once for all its receivers. */
export type StreamEvent = EventFacts & { readonly text: Buffer }

export type EventLog = {
  /** The newest event that this node has passed to its listeners. */
  readonly lastSeq: () => number
  /** Called for each event after `lastSeq`, in order; `lastSeq` is that event's number during the call. */
  readonly listen: (listener: (event: StreamEvent) => void) => () => void
  /** Earlier events, oldest first. */
  readonly read: (afterSeq: number, toSeq: number) => Promise<readonly StreamEvent[]>
  /** Which events can be replayed to a client that has those up to `afterSeq`. */
  readonly span: (afterSeq: number) => Promise<EventSpan>
  /**
   * Of the events in a span that a reader would receive, the newest one beyond the replay limit; undefined if there
   * is none.
   */
  readonly beyond: (span: HeardSpan) => Promise<number | undefined>
  readonly start: () => Promise<Loop>
}

const { stream } = volatilityPolicy

/**
 * Follows the events of all nodes in commit order. A notification triggers a read; a lost one only delays events
 * until the next poll, because the position is kept by event number.
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
