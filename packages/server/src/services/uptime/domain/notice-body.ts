import type { Finding } from './assess.ts'

/** The body of a webhook notification (6.2). */
export type NoticeBody = {
  readonly event: string
  readonly monitorName: string
  readonly monitorId: string | null
  readonly teamId: string
  readonly incidentId: string
  /** Time of the event in ISO 8601. */
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
  /** Summary of an alert of another service, in one language; people get it in their own. */
  readonly summary?: string
  readonly alertUrl?: string
}

/** Texts of another service, unchanged. */
export type ForeignWords = Readonly<Record<'en' | 'ja', { readonly title: string; readonly summary: string }>>

/** The monitors of a notification about several: those that are named, and the number of the others. */
export type NamedMonitors = { readonly shown: readonly string[]; readonly rest: number }

/** The stored form of a notification: the body, and the data for writing it in a person's language. */
export type StoredNotice = {
  readonly body: NoticeBody
  readonly words?: ForeignWords
  /** Present only if it is about several monitors; the body names them in English. */
  readonly monitors?: NamedMonitors
  /** What the cause says, unless a person wrote it. */
  readonly failure: Finding | null
}
