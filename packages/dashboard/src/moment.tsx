import { toAgo } from './to-ago.ts'
import { toExact, toFull } from './to-exact.ts'
import { words } from './words.ts'

/** A relative time, with the exact time on hover. `at` is ISO 8601, or Unix milliseconds. */
export function Moment({ at }: { readonly at: string | number | null }) {
  if (at === null) return <span class="muted">{words.never}</span>
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={toFull(at)}>
      {toAgo(iso, Date.now())}
    </time>
  )
}

/** The exact time, with the relative time on hover. */
export function ExactMoment({ at }: { readonly at: string | number }) {
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={toAgo(iso, Date.now())}>
      {toExact(at)}
    </time>
  )
}
