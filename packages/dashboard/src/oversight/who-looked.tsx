import { useInfiniteQuery } from '@tanstack/react-query'
import { Older, Section } from '../controls.tsx'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { WhenSeen } from '../parts/when-seen.tsx'
import { toClock } from '../to-clock.ts'
import { toExact } from '../to-exact.ts'
import { whoLookedWords as says } from '../words/who-looked-words.ts'
import type { ViewPage } from './oversight-calls.ts'

type View = ViewPage['views'][number]
type Query = { readonly limit: number; readonly cursor?: string }

type Source = {
  readonly of: string
  readonly load: (query: Query, signal: AbortSignal) => Promise<ViewPage>
}

const pageSize = 10

/** Who looked at a person's figures, newest first: for the organisation and for the person. */
export function WhoLooked({ of, text, load }: { readonly text: string } & Source) {
  return (
    <Section title={says.title} text={text}>
      <Looks of={of} load={load} />
    </Section>
  )
}

/** The same, read once it is scrolled into view. */
export function WhoLookedWhenSeen({ of, text, load }: { readonly text: string } & Source) {
  return (
    <Section title={says.title} text={text}>
      <WhenSeen>
        <Looks of={of} load={load} />
      </WhenSeen>
    </Section>
  )
}

function Looks({ of, load }: Source) {
  const query = useInfiniteQuery({
    queryKey: ['who-looked', of],
    queryFn: ({ pageParam, signal }) =>
      load({ limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  })
  return (
    <>
      <Found query={query}>
        {({ pages }) => {
          const views = pages.flatMap((page) => page.views)
          if (views.length === 0) return <p class="muted">{says.none}</p>
          return (
            <ul class="list" aria-label={says.title}>
              {views.map((view) => (
                <Look key={`${view.first_at} ${view.kind} ${view.key_prefix ?? view.name}`} view={view} />
              ))}
            </ul>
          )
        }}
      </Found>
      <Older query={query} text={says.more} />
    </>
  )
}

function Look({ view }: { readonly view: View }) {
  const { kind, key_prefix: prefix, first_at: first, last_at: last, looks } = view
  // A link opens nothing but the own record.
  const ways = view.ways.filter((way) => kind !== 'link' || way !== 'own_record')
  return (
    <li>
      <div class="grow">
        <strong>{toName(view)}</strong> {prefix === null ? null : <code>{prefix}</code>}
        <p class="muted small">{[says.kinds[kind], ...ways.map((way) => says.ways[way])].join(' · ')}</p>
      </div>
      <span class="muted small">
        <time dateTime={first}>{toExact(first)}</time>
        {last === first ? null : (
          <>
            {' – '}
            <time dateTime={last}>{toClock(last)}</time>
          </>
        )}
        {looks === 1 ? null : ` · ${says.times(toNumber(looks))}`}
      </span>
    </li>
  )
}

function toName({ kind, name, key_prefix: prefix }: View): string {
  if (kind === 'link') return says.holder
  return name ?? (prefix === null ? says.former : '')
}
