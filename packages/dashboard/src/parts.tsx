import { GatehouseProblem, type MonitorStatus } from '@gatehouse/sdk'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { isHeadingAwaited } from './frame/focus-page.ts'
import { toFull } from './to-exact.ts'
import { EmptyState } from './parts/empty-state.tsx'
import { useIsSaidByFields } from './parts/field-errors.tsx'
import { StaleBanner } from './parts/stale-banner.tsx'
import { useLostAt } from './reach.ts'
import { Refusal } from './refusal.ts'
import { toAgo } from './to-ago.ts'
import { useTitle } from './use-title.ts'
import { words } from './words.ts'
import { toRefusal } from './words/refusal-words.ts'
import { StatusMark } from './parts/status-mark.tsx'

export function Heading({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text?: string
  readonly children?: ComponentChildren
}) {
  useTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (isHeadingAwaited()) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div class="heading">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {text === undefined ? null : <p class="muted">{text}</p>}
      </div>
      {children}
    </div>
  )
}

export function Complaint({ error }: { readonly error: unknown }) {
  const isSaid = useIsSaidByFields(error)
  if (error === undefined || error === null || isSaid) return null
  return (
    <p class="complaint" role="alert">
      {toSentence(error)}
    </p>
  )
}

function toSentence(error: unknown): string {
  if (error instanceof Refusal) return error.message
  return error instanceof GatehouseProblem ? toRefusal(error) : words.failed
}

const tones = {
  up: 'ok',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
  paused: 'paused',
  confirming: 'confirming',
  maintenance: 'maintenance',
  neverUp: 'neverUp',
} as const

export function Badge({
  status,
}: {
  readonly status: MonitorStatus | 'confirming' | 'maintenance' | 'neverUp'
}) {
  return <StatusMark tone={tones[status]} text={words.status[status]} />
}

export function Ago({ at }: { readonly at: string | null }) {
  if (at === null) return <span class="muted">{words.never}</span>
  return (
    <time dateTime={at} title={toFull(at)}>
      {toAgo(at, Date.now())}
    </time>
  )
}

/** The result of a query, its loading state, or its error with a retry button. */
export function Found<T>({
  query,
  title,
  children,
}: {
  readonly query: UseQueryResult<T>
  /** Title of a page whose heading is part of the result, for when there is an error instead. */
  readonly title?: string
  readonly children: (data: T) => ComponentChildren
}) {
  const isLost = useLostAt() !== undefined
  if (query.data !== undefined)
    return (
      <>
        {query.isError && !isLost ? (
          <StaleBanner sinceMs={query.dataUpdatedAt} onRetry={() => void query.refetch()} />
        ) : null}
        {children(query.data)}
      </>
    )
  if (query.isPending)
    return (
      <p class="muted" role="status">
        {words.loading}
      </p>
    )
  if (title !== undefined && query.error instanceof GatehouseProblem && query.error.status === 404)
    return <EmptyState isPage title={words.notFound.title} text={words.notFound.text} />
  return (
    <div class="stack">
      {title === undefined ? null : <Heading title={title} />}
      <Complaint error={query.error} />
      <button type="button" onClick={() => void query.refetch()}>
        {words.retry}
      </button>
    </div>
  )
}
