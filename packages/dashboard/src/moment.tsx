import { language } from './language.ts'
import { toAgo } from './to-ago.ts'
import { words } from './words.ts'

const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })

/** How long ago, with the time itself on hover. `at` is ISO 8601, or milliseconds since 1970. */
export function Moment({ at }: { readonly at: string | number | null }) {
  if (at === null) return <span class="muted">{words.never}</span>
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)}>
      {toAgo(date.toISOString(), Date.now())}
    </time>
  )
}

/** The time itself, with how long ago on hover. */
export function ExactMoment({ at }: { readonly at: string | number }) {
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={toAgo(date.toISOString(), Date.now())}>
      {exact.format(date)}
    </time>
  )
}

/** The time itself, in a sentence. */
export function toExact(at: string | number): string {
  return exact.format(new Date(at))
}
