import { Icon } from '../frame/icon.tsx'
import { toClock } from '../to-clock.ts'
import { frameWords as says } from '../words/frame-words.ts'

/** Says since when the data below is stale; with `onRetry`, for one part of a page only. */
export function StaleBanner({
  sinceMs,
  onRetry,
}: {
  readonly sinceMs: number
  readonly onRetry?: () => void
}) {
  return (
    <div class="stale" role="note">
      <Icon name="alert" />
      <span>
        {onRetry === undefined ? says.stale(toClock(sinceMs)) : says.notRefreshed(toClock(sinceMs))}
      </span>
      {onRetry === undefined ? null : (
        <button type="button" class="link" onClick={onRetry}>
          {says.tryNow}
        </button>
      )}
    </div>
  )
}
