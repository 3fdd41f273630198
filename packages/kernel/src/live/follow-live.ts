import { type Database, type Invalidations, within } from '../db/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import { findHead, listEventsAfter, type LiveEvent } from './store/live-store.ts'

export type Told =
  | ({ readonly kind: 'event' } & LiveEvent)
  /** Something about the topic has changed. */
  | { readonly kind: 'hint'; readonly topic: string }
  /** Events that the listener asked for are no longer stored, or are too many to send. */
  | { readonly kind: 'gap'; readonly seq: number }

export type Following = {
  /** The number of the last event before the first one that is sent. */
  readonly seq: number
  readonly stop: () => void
}

export type Live = {
  /**
   * Sends the events of an org to a listener, from now on or from after the event `afterSeq`; in order, and each event
   * once.
   */
  readonly follow: (
    orgId: string,
    afterSeq: number | undefined,
    listener: (told: Told) => void,
  ) => Promise<Following>
  readonly stop: () => void
}

export type LiveDeps = {
  readonly db: Database
  readonly invalidations: Pick<Invalidations, 'subscribe'>
  readonly onError: (error: unknown) => void
  /** The topic of the hint that a subject causes, for changes of a service that concern every org. */
  readonly topicOf: (subject: string) => string | undefined
}

type Listener = (told: Told) => void
type Feed = {
  readonly listeners: Set<Listener>
  lastSeq: number | undefined
  /** Operations on a feed run one after another, so that no listener gets an event twice or out of order. */
  turn: Promise<unknown>
  isDue: boolean
  /** The number of present and starting listeners. */
  users: number
}

const pageSize = 500
const backlogMax = 2_000
const retryMs = 500

/** Reads the events of an org once for all of its listeners on this node, whenever the database announces new ones. */
export function followLive({ db, invalidations, onError, topicOf }: LiveDeps): Live {
  const feeds = new Map<string, Feed>()
  const retries = new Set<NodeJS.Timeout>()

  const read = <T>(orgId: string, work: Parameters<typeof within<T>>[2]): Promise<T> =>
    within({ db }, toSystem(orgId), work)

  const advance = async (orgId: string, feed: Feed): Promise<void> => {
    feed.isDue = false
    if (feed.lastSeq === undefined) {
      feed.lastSeq = await read(orgId, findHead)
      return
    }
    for (;;) {
      const after: number = feed.lastSeq
      const events: readonly LiveEvent[] = await read(orgId, (tx) => listEventsAfter(tx, after, pageSize))
      for (const event of events) {
        feed.lastSeq = event.seq
        tell(feed, { kind: 'event', ...event })
      }
      if (events.length < pageSize) return
    }
  }

  const wake = (orgId: string, feed: Feed): void => {
    if (feed.isDue) return
    feed.isDue = true
    feed.turn = feed.turn
      .then(() => advance(orgId, feed))
      .catch((error: unknown) => {
        onError(error)
        const timer = setTimeout(() => {
          retries.delete(timer)
          if (feeds.get(orgId) === feed) wake(orgId, feed)
        }, retryMs)
        retries.add(timer)
      })
  }

  const unsubscribe = invalidations.subscribe((subject) => {
    if (feeds.size === 0) return
    const [kind, orgId = '', topic] = subject.split(':')
    if (subject === '*') for (const [id, feed] of feeds) wake(id, feed)
    else if (kind === 'live') {
      const feed = feeds.get(orgId)
      if (feed !== undefined) wake(orgId, feed)
    } else if (kind === 'changed' && topic !== undefined) {
      const meant = orgId === '*' ? feeds.values() : [feeds.get(orgId)]
      for (const feed of meant) if (feed !== undefined) tell(feed, { kind: 'hint', topic })
    } else {
      const hinted = topicOf(subject)
      if (hinted !== undefined) for (const feed of feeds.values()) tell(feed, { kind: 'hint', topic: hinted })
    }
  })

  const leave = (orgId: string, feed: Feed): void => {
    feed.users -= 1
    if (feed.users === 0 && feeds.get(orgId) === feed) feeds.delete(orgId)
  }

  return {
    follow: async (orgId, afterSeq, listener) => {
      const feed = feeds.get(orgId) ?? openFeed()
      feeds.set(orgId, feed)
      feed.users += 1
      const joining = feed.turn
        .catch(() => undefined)
        .then(async (): Promise<number> => {
          await advance(orgId, feed)
          const head = feed.lastSeq ?? 0
          const missed = await listMissed(head, afterSeq)
          feed.listeners.add(listener)
          if (missed === 'too many') listener({ kind: 'gap', seq: head })
          else for (const event of missed) listener({ kind: 'event', ...event })
          return missed === 'too many' ? head : (afterSeq ?? head)
        })
      feed.turn = joining
      try {
        const seq = await joining
        let isOver = false
        return {
          seq,
          stop: () => {
            if (isOver) return
            isOver = true
            feed.listeners.delete(listener)
            leave(orgId, feed)
          },
        }
      } catch (error) {
        leave(orgId, feed)
        throw error
      }

      async function listMissed(
        head: number,
        after: number | undefined,
      ): Promise<readonly LiveEvent[] | 'too many'> {
        if (after === undefined || after === head) return []
        // A number in the future comes from another database, or from one that was restored.
        if (after > head || head - after > backlogMax) return 'too many'
        const events = await read(orgId, (tx) => listEventsAfter(tx, after, head - after))
        return events.length === head - after ? events : 'too many'
      }
    },
    stop: () => {
      unsubscribe()
      for (const timer of retries) clearTimeout(timer)
      feeds.clear()
    },
  }
}

function openFeed(): Feed {
  return { listeners: new Set(), lastSeq: undefined, turn: Promise.resolve(), isDue: false, users: 0 }
}

function tell({ listeners }: Feed, told: Told): void {
  for (const listener of listeners) listener(told)
}

function toSystem(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'live events' }
}
