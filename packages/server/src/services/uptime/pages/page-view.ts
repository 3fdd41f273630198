/** Everything that a status page shows, ready for rendering; times are Unix milliseconds. */
export type PageView = {
  readonly id: string
  readonly name: string
  /** Below `/status/assets/`. */
  readonly logo: { readonly file: string; readonly width: number; readonly height: number } | null
  readonly description: string | null
  /** The last part of its address: its slug, or nothing at the root of a domain of its own. */
  readonly place: string
  readonly timeZone: string
  readonly renderedAtMs: number
  readonly indicator: Indicator
  /** When what the banner says began; null if nothing is wrong, or nobody can tell. */
  readonly sinceMs: number | null
  /** Set if exactly one component is affected: the banner names it. */
  readonly affected: string | null
  readonly sections: readonly { readonly id: string; readonly name: string }[]
  /** In reading order: components without a section first, then section by section. */
  readonly components: readonly ComponentView[]
  readonly openIncidents: readonly IncidentView[]
  readonly recentDays: readonly DayView[]
  /** The newest ones, open or over, however long ago. */
  readonly incidents: readonly IncidentView[]
  readonly maintenance: readonly MaintenanceView[]
  /** Whether people can be told by mail. */
  readonly takesMail: boolean
}

export type Indicator =
  | 'none'
  | 'minor'
  | 'degraded'
  | 'major'
  | 'critical'
  | 'maintenance'
  | 'unknown'
  | 'nothing'

export type ComponentState = 'up' | 'degraded' | 'down' | 'maintenance' | 'unknown' | 'paused'

export type ComponentView = {
  readonly id: string
  readonly sectionId: string | null
  readonly name: string
  readonly description: string | null
  readonly state: ComponentState
  /** As text, rounded down to two decimals; null if nothing was observed. */
  readonly uptimePercent: string | null
  /** One per day, oldest first; empty for components without a monitor. */
  readonly days: readonly BarView[]
}

export type BarView = {
  /** `YYYY-MM-DD` in the page's zone. */
  readonly date: string
  readonly level: 'clean' | 'brief' | 'long' | 'severe' | 'maintenance' | 'empty'
  readonly downMs: number
}

export type IncidentView = {
  readonly id: string
  readonly title: string
  readonly impact: 'none' | 'minor' | 'major' | 'critical'
  readonly startedAtMs: number
  readonly resolvedAtMs: number | null
  /** Null unless one component of the page is affected. */
  readonly componentId: string | null
  /** Newest first. */
  readonly updates: readonly UpdateView[]
}

export type UpdateView = {
  readonly id: string
  readonly phase: Phase
  readonly body: string
  readonly atMs: number
}

export type Phase = 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'

export type DayView = {
  readonly date: string
  /** Incidents that started on this day and are over; each incident is shown once. */
  readonly incidents: readonly IncidentView[]
  /** Titles of open incidents that started on this day; they are shown above. */
  readonly stillOpen: readonly string[]
  /** Titles of incidents that started earlier and were still open. */
  readonly continued: readonly string[]
}

export type MaintenanceView = Occurrence & {
  readonly title: string
  readonly components: readonly string[]
  readonly componentIds: readonly string[]
  /** The next occurrences of recurring maintenance. */
  readonly later: readonly Occurrence[]
}

type Occurrence = {
  readonly id: string
  readonly startsAtMs: number
  /** Null: no fixed end. */
  readonly endsAtMs: number | null
}

/** The way from a page to what is attached to it. */
export function toBelow({ place }: Pick<PageView, 'place'>): string {
  return place === '' ? '' : `${place}/`
}
