import type { MessageValues } from './assess.ts'

/** What a webhook receives, member for member (6.2). */
export type NoticeBody = {
  readonly event: string
  readonly monitorName: string
  readonly monitorId: string | null
  readonly teamId: string
  readonly incidentId: string
  /** ISO 8601, of the event. */
  readonly timestamp: string
  readonly monitorUrl?: string
  readonly severity?: 'critical' | 'warning'
  readonly title?: string
  readonly cause?: string
  readonly startedAt?: string
  readonly resolvedAt?: string
  readonly durationSeconds?: number
  readonly incidentUrl?: string
  readonly state?: string
  readonly changes?: number
  readonly windowSeconds?: number
  readonly suppressed?: number
  readonly downSeconds?: number
  readonly monitorIds?: readonly string[]
  readonly maintenanceUntil?: string | null
  /** What an alert of another service says, in the one language that its receiver may not read: people get their own. */
  readonly summary?: string
  readonly alertUrl?: string
}

/** Words of another service, as it wrote them. */
export type ForeignWords = Readonly<Record<'en' | 'ja', { readonly title: string; readonly summary: string }>>

/** What the outbox keeps: the body, and what a person's language is written from. */
export type StoredNotice = {
  readonly body: NoticeBody
  readonly words?: ForeignWords
  readonly failure: { readonly code: string; readonly values: MessageValues } | null
}
