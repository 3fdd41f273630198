import { GatehouseProblem, type MonitorStatus } from '@gatehouse/sdk'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { isHeadingAwaited } from './frame/focus-page.ts'
import { language } from './language.ts'
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

// One object for each, because the types of attributes depend on the kind of input.
const kinds = {
  text: { type: 'text' },
  // An e-mail field of a browser hands out the domain in Punycode, and people would read that back.
  email: { type: 'text', inputMode: 'email', spellCheck: false, autoCapitalize: 'none' },
  password: { type: 'password' },
  url: { type: 'url' },
} as const

type FieldProps = {
  readonly label: string
  readonly name: string
  readonly type?: keyof typeof kinds
  readonly autoComplete?: string
  readonly placeholder?: string
  readonly hint?: string
  readonly value?: string
  readonly isOptional?: boolean
  /** Which keys a touch screen offers. */
  readonly inputMode?: 'text' | 'numeric'
}

export function Field({
  label,
  name,
  type = 'text',
  autoComplete = 'off',
  placeholder,
  hint,
  value,
  isOptional = false,
  inputMode,
}: FieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...kinds[type]}
        id={id}
        name={name}
        autoComplete={autoComplete}
        placeholder={placeholder ?? ''}
        required={!isOptional}
        {...(value === undefined ? {} : { defaultValue: value })}
        {...(inputMode === undefined ? {} : { inputMode })}
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
      />
      {hint === undefined ? null : <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

export function Complaint({ error }: { readonly error: unknown }) {
  if (error === undefined || error === null) return null
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
} as const

export function Badge({ status }: { readonly status: MonitorStatus | 'confirming' | 'maintenance' }) {
  return <StatusMark tone={tones[status]} text={words.status[status]} />
}

export function Ago({ at }: { readonly at: string | null }) {
  if (at === null) return <span class="muted">{words.never}</span>
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(language)}>
      {toAgo(at, Date.now())}
    </time>
  )
}

export function Empty({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
    </div>
  )
}

/** What a query found, or that it is under way, or why it failed and a way to try again. */
export function Found<T>({
  query,
  children,
}: {
  readonly query: UseQueryResult<T>
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
  return (
    <div>
      <Complaint error={query.error} />
      <button type="button" onClick={() => void query.refetch()}>
        {words.retry}
      </button>
    </div>
  )
}

/** A destructive act takes a second press, beside the question. */
export function Confirm({
  label,
  question,
  onConfirm,
}: {
  readonly label: string
  readonly question: string
  readonly onConfirm: () => void
}) {
  const [isAsking, setIsAsking] = useState(false)
  if (!isAsking)
    return (
      <button type="button" class="quiet" onClick={() => setIsAsking(true)}>
        {label}
      </button>
    )
  return (
    <span class="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button type="button" class="danger" onClick={onConfirm}>
        {label}
      </button>
      <button type="button" class="quiet" onClick={() => setIsAsking(false)}>
        {words.cancel}
      </button>
    </span>
  )
}

export function Copy({ text }: { readonly text: string }) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <span class="copy">
      <code>{text}</code>
      <button
        type="button"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setIsCopied(true))}
      >
        {isCopied ? words.copied : words.copy}
      </button>
    </span>
  )
}
