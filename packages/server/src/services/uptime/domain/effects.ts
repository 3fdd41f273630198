import type { FlapSummary } from './flapping.ts'
import type { MonitorStatus, TimelineState } from './monitor.ts'

/** From `fromMs` on the timeline has `state`, replacing whatever it had there. */
export type TimelineEdit = { readonly fromMs: number; readonly state: TimelineState }

/** `state` is what readers of the notification believe about the monitor afterwards. */
export type Notice =
  | { readonly event: 'incident.created'; readonly state: 'down'; readonly suppressed: boolean }
  | { readonly event: 'incident.resolved'; readonly state: MonitorStatus; readonly suppressed: boolean }
  | { readonly event: 'monitor.flapping'; readonly state: MonitorStatus; readonly changes: number }
  | { readonly event: 'monitor.settled'; readonly state: MonitorStatus; readonly summary: FlapSummary }
  | { readonly event: 'monitor.never_up' }
  | { readonly event: 'monitor.degraded' | 'monitor.improved'; readonly suppressed: boolean }

export type ResolutionCause = 'recovered' | 'paused' | 'target_changed' | 'deleted'

/** When and why the next check must happen. */
export type NextCheck =
  /** At the monitor's regular interval. */
  | { readonly kind: 'grid' }
  | { readonly kind: 'confirm' | 'recover'; readonly notBeforeMs: number }
  | { readonly kind: 'now' }

/** What has to be written, in order, in one transaction with the new state. */
export type Effect =
  | { readonly kind: 'timeline'; readonly edit: TimelineEdit }
  /** Failures that were not confirmed: the time stays good, and is counted separately. */
  | { readonly kind: 'blip'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'incident_opened'; readonly startedAtMs: number; readonly confirmedAtMs: number }
  | { readonly kind: 'incident_resolved'; readonly resolvedAtMs: number; readonly cause: ResolutionCause }
  | { readonly kind: 'notice'; readonly atMs: number; readonly notice: Notice }
  | { readonly kind: 'next'; readonly next: NextCheck }
