import type { AuditedTx, AuditLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Database, TelemetryTx, TenantTx } from '@gatehouse/kernel/db'
import type { Egress } from '@gatehouse/kernel/egress'
import type { Cursors } from '@gatehouse/kernel/endpoint'
import type { Live } from '@gatehouse/kernel/live'
import type { Principal } from '@gatehouse/kernel/principal'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { MonitorEvent } from './domain/judge.ts'
import type { PageHosts } from './pages/page-hosts.ts'

/** The dependencies of the uptime use cases. */
export type UptimeDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly sealer: Sealer
  readonly egress: Egress
  readonly cursors: Cursors
  /** The public URL of the instance, without a trailing slash: `https://status.example.com`. */
  readonly publicUrl: () => string
  readonly mail: { readonly isConfigured: boolean }
  /** Cryptographically strong bytes. */
  readonly randomBytes: (count: number) => Buffer
  readonly engine: Engine
  readonly notices: Notices
  readonly live: Live
  readonly hosts: PageHosts
  /** The names of those ids that belong to members of the organisation. */
  readonly listMemberNames: (tx: TenantTx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** The part of the service that runs and judges checks, as the API calls it. */
export type Engine = {
  /**
   * Runs one check of the monitor now, stores it with origin `manual` and moves no streak; a result that disagrees
   * with the status makes the monitor due. Opens its own transactions. The caller has proven that the monitor exists,
   * is not passive (a heartbeat is never checked) and is past its cooldown.
   */
  readonly checkNow: (principal: Principal, monitorId: string) => Promise<ManualCheck>
  /**
   * Applies one event to each of these monitors inside the caller's transaction: state, timeline, incidents, flap
   * window and deliveries follow, exactly as `judge` decides. Rows of `monitor_state` are locked in the order of their
   * ids. Ids without a state row are passed over. The caller has already written what was decided (the monitor's
   * `is_active`, its config, the window, the incident), except for `deleted`, which is applied just before the row goes.
   */
  readonly judgeEvent: (tx: AuditedTx, monitorIds: readonly string[], event: DecidedEvent) => Promise<void>
}

export type ManualCheck =
  | {
      readonly outcome: 'up' | 'degraded' | 'down'
      readonly responseTimeMs: number | null
      readonly statusCode: number | null
      readonly errorMessage: string | null
    }
  /** The check failed for an internal reason; `because` is the sentence of the error taxonomy. */
  | { readonly outcome: 'unknown'; readonly because: string }

/** Decisions about a monitor that its state must follow. */
export type DecidedEvent =
  | Exclude<MonitorEvent, { readonly kind: 'verdict' | 'tick' | 'resolved_by_person' }>
  | ResolvedByPerson

/** The `auto` incident that a person closed; its row already says resolved, and its notice names it. */
export type ResolvedByPerson = {
  readonly kind: 'resolved_by_person'
  readonly atMs: number
  readonly incidentId: string
}

/** Notifications that the API queues itself; those about status changes are queued by `judgeEvent`. */
export type Notices = {
  /**
   * Queues the event for every channel that passes gates 1 and 2 of §3.9: for an incident without a monitor the
   * default channels, for `incident.resolved` and `incident.acknowledged` those notified of the opening.
   */
  readonly queueIncident: (tx: AuditedTx, incidentId: string, event: IncidentEvent) => Promise<void>
  /** Queues a person's update of an incident for the subscribers of its page, if the page shows it. */
  readonly queueUpdate: (
    tx: AuditedTx,
    incidentId: string,
    update: { readonly id: string; readonly body: string },
  ) => Promise<void>
  /** Queues one notification for the whole window, naming at most 20 monitors, to the channels of all of them. */
  readonly queueMaintenance: (tx: AuditedTx, notice: MaintenanceNotice) => Promise<void>
  /** Announces planned maintenance to the subscribers of the pages that show what it covers, once for each beginning. */
  readonly queueAnnouncement: (
    tx: TelemetryTx,
    window: AnnouncedWindow,
    monitorIds: readonly string[],
  ) => Promise<void>
  /** Tells the subscribers to whom it was announced that planned maintenance will not be. */
  readonly queueCancellation: (
    tx: AuditedTx,
    window: AnnouncedWindow,
    monitorIds: readonly string[],
  ) => Promise<void>
  /**
   * Queues the mail whose single-use link verifies the address. The job creates the token, so none is stored in
   * clear.
   */
  readonly queueVerification: (tx: AuditedTx, verificationId: string) => Promise<void>
  /** Queues the mail that asks an address whether it wants to be told what a status page tells. */
  readonly queueInvitation: (tx: TelemetryTx, asked: AskedMails) => Promise<void>
  /** Sends one test notification now and waits for the result. Opens its own transactions. */
  readonly sendTest: (principal: Principal, channelId: string) => Promise<TestSend>
}

/** A stranger's request that an address be told what a status page tells. */
export type AskedMails = {
  readonly serviceId: string
  readonly email: string
  /** Empty: all. */
  readonly componentIds: readonly string[]
  readonly language: 'en' | 'ja'
}

export type IncidentEvent =
  | 'incident.created'
  | 'incident.acknowledged'
  | 'incident.updated'
  | 'incident.resolved'

export type MaintenanceNotice = {
  readonly event: 'maintenance.started' | 'maintenance.ended'
  readonly windowId: string
  readonly monitorIds: readonly string[]
  /** Null: without a fixed end, or ended. */
  readonly untilMs: number | null
  readonly atMs: number
}

export type AnnouncedWindow = {
  readonly id: string
  readonly title: string | null
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly autoResolve: boolean
}

/** `because` is a status class and a phrase, never a byte of the remote response. */
export type TestSend = { readonly sent: true } | { readonly sent: false; readonly because: string }
