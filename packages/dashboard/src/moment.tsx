import { toAgo } from './to-ago.ts'
import { toExact, toFull } from './to-exact.ts'
import { words } from './words.ts'

/** How long ago, with the time itself on hover. `at` is ISO 8601, or milliseconds since 1970. */
export function Moment({ at }: { readonly at: string | number | null }) {
  if (at === null) return <span class="muted">{words.never}</span>
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={toFull(at)}>
      {toAgo(iso, Date.now())}
    </time>
  )
}

/** The time itself, with how long ago on hover. */
export function ExactMoment({ at }: { readonly at: string | number }) {
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={toAgo(iso, Date.now())}>
      {toExact(at)}
    </time>
  )
}
