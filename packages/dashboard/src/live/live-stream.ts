import { GatehouseProblem, type LiveEvent } from '@gatehouse/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'preact/hooks'
import { gatehouse } from '../session.ts'
import { askAgain, askAgainLater, forgetPace } from './ask-again.ts'

// Whether the live stream is connected; otherwise screens poll.
let isLive = false
let lastEventId: string | undefined
const listeners = new Set<() => void>()

/**
 * Keeps one stream open while the page is visible; missed changes are replayed or refetched when it becomes visible
 * again.
 */
export function useLiveStream(queries: QueryClient): void {
  useEffect(() => {
    let over: AbortController | undefined
    const follow = (): void => {
      const isSeen = document.visibilityState === 'visible'
      if (isSeen === (over !== undefined)) return
      over?.abort()
      over = undefined
      setLive(false)
      if (!isSeen) return
      over = new AbortController()
      void listen(queries, over.signal)
    }
    const begin = (): void => {
      over?.abort()
      over = undefined
      follow()
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    // Reconnects immediately, without the backoff of earlier failures.
    addEventListener('online', begin)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      removeEventListener('online', begin)
      over?.abort()
      lastEventId = undefined
      forgetPace()
      setLive(false)
    }
  }, [queries])
}

export function useIsLive(): boolean {
  const [shown, setShown] = useState(isLive)
  useEffect(() => {
    const show = (): void => setShown(isLive)
    listeners.add(show)
    show()
    return () => void listeners.delete(show)
  }, [])
  return shown
}

async function listen(queries: QueryClient, signal: AbortSignal): Promise<void> {
  let isFirst = lastEventId === undefined
  const onLost = (): void => {
    isFirst = false
    setLive(false)
  }
  try {
    const from = lastEventId === undefined ? {} : { lastEventId }
    for await (const event of gatehouse.platform.changes({ ...from, signal, onLost })) {
      if (signal.aborted) return
      lastEventId = event.id ?? lastEventId
      take(queries, event, isFirst)
      if (event.event === 'ready') isFirst = false
    }
  } catch (error) {
    // The session has ended, which the screen's queries detect too.
    if (!(error instanceof GatehouseProblem)) throw error
  } finally {
    if (!signal.aborted) setLive(false)
  }
}

function take(queries: QueryClient, event: LiveEvent, isFirst: boolean): void {
  switch (event.event) {
    case 'changed':
      return askAgain(queries, event.data.changes)
    case 'gap':
      return askAgain(queries, 'everything')
    case 'ready':
      setLive(true)
      // Events about all organisations are not replayed after a reconnect.
      if (!isFirst) askAgain(queries, 'everything')
      else askAgainLater(queries)
  }
}

function setLive(next: boolean): void {
  if (next === isLive) return
  isLive = next
  for (const show of listeners) show()
}
