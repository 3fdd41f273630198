import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'preact/hooks'
import { useIsLive } from '../live/live-stream.ts'
import { useLostAt } from '../reach.ts'
import { toAgo } from '../to-ago.ts'
import { toClock } from '../to-clock.ts'
import { useWaiting } from '../wait-out.ts'
import { frameWords as says } from '../words/frame-words.ts'

const tickMs = 1_000

/** The age of the oldest data on the screen, or that the connection is lost. */
export function LiveState() {
  const queries = useQueryClient()
  const lostAtMs = useLostAt()
  const waiting = useWaiting()
  const isLive = useIsLive()
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  if (lostAtMs !== undefined) return <span class="live lost">{says.offline(toClock(lostAtMs))}</span>
  if (waiting !== undefined) return <span class="live waits">{says.reconnecting}</span>
  const readAtMs = queries
    .getQueryCache()
    .findAll({ type: 'active' })
    .filter((query) => query.observers.some(({ options }) => options.refetchInterval !== undefined))
    .map(({ state }) => state.dataUpdatedAt)
    .filter((ms) => ms > 0)
  if (readAtMs.length === 0) return null
  const oldestMs = Math.min(...readAtMs)
  const ago = says.updated(toAgo(new Date(oldestMs).toISOString(), Math.max(nowMs, oldestMs)))
  if (!isLive) return <span class="live">{ago}</span>
  return (
    <span class="live is-live" title={ago}>
      <span>{says.live}</span>
    </span>
  )
}
