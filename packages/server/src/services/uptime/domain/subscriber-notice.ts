import type { PageAccess } from './page-access.ts'

export type IncidentTold = 'incident.created' | 'incident.updated' | 'incident.resolved'
export type MaintenanceTold =
  | 'maintenance.scheduled'
  | 'maintenance.started'
  | 'maintenance.ended'
  | 'maintenance.cancelled'

type Phase = 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'
type Named = { readonly id: string; readonly name: string }

/** What subscribers are told: nothing that the page does not show. It is kept as it was when it happened. */
export type SubscriberNotice = {
  readonly atMs: number
  readonly page: Named & { readonly url: string; readonly timeZone: string }
} & (IncidentNews | MaintenanceNews)

export type IncidentNews = {
  readonly event: IncidentTold
  readonly incident: {
    readonly id: string
    /** Null: it is named after its component, in the reader's language. */
    readonly title: string | null
    readonly component: Named | null
    readonly impact: 'none' | 'minor' | 'major' | 'critical'
    readonly startedAtMs: number
    readonly resolvedAtMs: number | null
    readonly phase: Phase
    /** What a person wrote; null: what the page says by itself. */
    readonly body: string | null
  }
}

export type MaintenanceNews = {
  readonly event: MaintenanceTold
  readonly maintenance: {
    readonly id: string
    /** Null: without a title. */
    readonly title: string | null
    readonly components: readonly Named[]
    readonly startsAtMs: number
    /** Null: until further notice. */
    readonly endsAtMs: number | null
  }
}

/** A subscriber, and what became of what it is to be told, when the notice leaves. */
export type Recipient = {
  readonly kind: 'email' | 'webhook'
  readonly isConfirmed: boolean
  readonly isOrgSuspended: boolean
  readonly access: PageAccess
}

export type SendVerdict =
  | { readonly sent: true; /** Only a member's mailbox may have it. */ readonly membersOnly: boolean }
  | { readonly sent: false; readonly because: string }

/** Decides whether a notice still goes to a subscriber: who may not see the page any more is told nothing. */
export function judgeSending(
  recipient: Recipient | undefined,
  event: string,
  incidentVisibility: 'public' | 'hidden' | 'gone',
): SendVerdict {
  const refuse = (because: string): SendVerdict => ({ sent: false, because })
  if (recipient === undefined || !recipient.isConfirmed) return refuse('unsubscribed')
  if (recipient.isOrgSuspended) return refuse('org_suspended')
  if (recipient.access === 'members' && recipient.kind === 'webhook') return refuse('page_hidden')
  // Who was told of the beginning is told of the end, whatever was hidden in between.
  const isAboutIncident = event.startsWith('incident.')
  if (isAboutIncident && event !== 'incident.resolved' && incidentVisibility !== 'public')
    return refuse('incident_hidden')
  return { sent: true, membersOnly: recipient.access === 'members' }
}
