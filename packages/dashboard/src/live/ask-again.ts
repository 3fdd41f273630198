import type { Query, QueryClient } from '@tanstack/react-query'
import { isTopicOf } from './topics.ts'

type Change = { readonly topic: string; readonly ids?: readonly string[] }
type Pace = {
  askedAtMs: number
  gapMs: number
  next: { readonly timer: ReturnType<typeof setTimeout>; readonly isMeasure: boolean } | undefined
}

// The first change is refetched immediately; the more changes follow, the longer the pauses.
const gapMs = { least: 1_000, most: 15_000, ofMeasures: 10_000 }
/** A topic that changes continuously, so its data may be some seconds old. */
const measured = 'checks'
const paces = new Map<string, Pace>()

/** Refetches the queries on the screen that concern these topics. */
export function askAgain(queries: QueryClient, changes: readonly Change[] | 'everything'): void {
  for (const query of queries.getQueryCache().getAll()) {
    const meant = changes === 'everything' ? [] : changes.filter((one) => isTopicOf(query, one))
    if (changes === 'everything' ? !isTopicOf(query) : meant.length === 0) continue
    const isMeasure = meant.length > 0 && meant.every(({ topic }) => topic === measured)
    if (query.isActive()) askInTime(queries, query, isMeasure)
    else void queries.invalidateQueries({ queryKey: query.queryKey, exact: true, refetchType: 'none' })
  }
}

/**
 * Data read before the stream was connected may have changed in between, so it is refetched once, with the low
 * priority of measurements.
 */
export function askAgainLater(queries: QueryClient): void {
  for (const query of queries.getQueryCache().findAll({ type: 'active' }))
    if (isTopicOf(query) && !paces.has(query.queryHash)) {
      paces.set(query.queryHash, { askedAtMs: performance.now(), gapMs: 0, next: undefined })
      askInTime(queries, query, true)
    }
}

export function forgetPace(): void {
  for (const { next } of paces.values()) clearTimeout(next?.timer)
  paces.clear()
}

function askInTime(queries: QueryClient, { queryHash, queryKey }: Query, isMeasure: boolean): void {
  const nowMs = performance.now()
  const pace: Pace = paces.get(queryHash) ?? { askedAtMs: -Infinity, gapMs: 0, next: undefined }
  paces.set(queryHash, pace)
  // A refetch that is scheduled already includes this change.
  if (pace.next !== undefined && (isMeasure || !pace.next.isMeasure)) return
  const quietMs = nowMs - pace.askedAtMs
  const isCalm = pace.gapMs === 0 || quietMs > 2 * pace.gapMs
  if (!isMeasure) pace.gapMs = isCalm ? gapMs.least : Math.min(gapMs.most, 2 * pace.gapMs)
  const dueMs = isMeasure ? pace.askedAtMs + gapMs.ofMeasures : isCalm ? nowMs : pace.askedAtMs + pace.gapMs
  clearTimeout(pace.next?.timer)
  const ask = (): void => {
    pace.next = undefined
    pace.askedAtMs = performance.now()
    void queries.invalidateQueries({ queryKey, exact: true })
  }
  pace.next = { timer: setTimeout(ask, Math.max(0, dueMs - nowMs)), isMeasure }
}
