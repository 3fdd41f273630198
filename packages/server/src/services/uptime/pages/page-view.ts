/** Everything a status page shows, decided and worded elsewhere; times are milliseconds since the epoch. */
export type PageView = {
  readonly name: string
  /** Below `/status/assets/`. */
  readonly logo: { readonly file: string; readonly width: number; readonly height: number } | null
  readonly description: string | null
  readonly slug: string
  readonly timeZone: string
  readonly renderedAtMs: number
  readonly indicator: Indicator
  /** Set when exactly one component is affected: the banner names it. */
  readonly affected: string | null
  readonly sections: readonly { readonly id: string; readonly name: string }[]
  /** In the order of reading: first what is in no section, then section by section. */
  readonly components: readonly ComponentView[]
  readonly openIncidents: readonly IncidentView[]
  readonly recentDays: readonly DayView[]
  readonly maintenance: readonly MaintenanceView[]
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
  /** Rounded down to two decimals as text, or null with nothing observed. */
  readonly uptimePercent: string | null
  /** Oldest first, one a day; none of what no monitor looks at. */
  readonly days: readonly BarView[]
}

export type BarView = {
  /** `YYYY-MM-DD` in the page's zone. */
  readonly date: string
  readonly level: 'clean' | 'brief' | 'long' | 'severe' | 'maintenance' | 'empty'
  readonly downMs: number
}

export type IncidentView = {
  readonly title: string
  readonly impact: 'none' | 'minor' | 'major' | 'critical'
  readonly startedAtMs: number
  readonly resolvedAtMs: number | null
  /** Newest first. */
  readonly updates: readonly { readonly phase: Phase; readonly body: string; readonly atMs: number }[]
}

export type Phase = 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'

export type DayView = {
  readonly date: string
  /** Those that began on this day and are over: each incident is told once. */
  readonly incidents: readonly IncidentView[]
  /** Titles of those that began on this day and are told above, since they are open. */
  readonly stillOpen: readonly string[]
  /** Titles of those that began earlier and went on. */
  readonly continued: readonly string[]
}

export type MaintenanceView = {
  readonly title: string
  readonly components: readonly string[]
  readonly startsAtMs: number
  /** Null: until further notice. */
  readonly endsAtMs: number | null
  /** The next times of what recurs. */
  readonly thenAtMs: readonly number[]
}
