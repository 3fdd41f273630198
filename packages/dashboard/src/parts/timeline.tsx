import type { ComponentChildren } from 'preact'
import { toFull } from '../to-exact.ts'
import { toAgo } from '../to-ago.ts'
import { StatusMark, type Tone } from './status-mark.tsx'

export type Moment = {
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly tone: Tone
  readonly title: string
  /** The person who did it, if a person did. */
  readonly who?: string
  readonly body?: ComponentChildren
}

/** A list of events in order of time. */
export function Timeline({
  label,
  moments,
}: {
  readonly label: string
  readonly moments: readonly Moment[]
}) {
  return (
    <ol class="timeline" aria-label={label}>
      {moments.map(({ id, at, tone, title, who, body }) => (
        <li key={id}>
          <StatusMark tone={tone} />
          <div>
            <p>
              <strong>{title}</strong>
              {who === undefined ? null : <span class="muted"> · {who}</span>}
            </p>
            {body === undefined ? null : <div class="timeline-body">{body}</div>}
          </div>
          <time class="muted small" dateTime={at} title={toFull(at)}>
            {toAgo(at, Date.now())}
          </time>
        </li>
      ))}
    </ol>
  )
}
