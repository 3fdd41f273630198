export type IncidentStatus = 'ongoing' | 'acknowledged' | 'resolved'

/** Instants are ISO 8601 in UTC. */
export type Incident = {
  readonly id: string
  readonly teamId: string
  readonly monitorId: string | null
  /** As it was called then, if it is gone now. */
  readonly monitorName: string | null
  readonly serviceId: string
  readonly type: 'auto' | 'manual' | 'change' | 'warning'
  readonly status: IncidentStatus
  readonly severity: 'critical' | 'warning'
  readonly title: string | null
  readonly cause: string | null
  readonly startedAt: string
  readonly confirmedAt: string
  readonly acknowledgedAt: string | null
  readonly acknowledgedBy: string | null
  readonly resolvedAt: string | null
  readonly threshold: number | null
  readonly publicPhase: 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem' | null
  readonly impact: 'none' | 'minor' | 'major' | 'critical'
  readonly visibility: 'public' | 'hidden'
  readonly createdAt: string
  readonly updatedAt: string
}

export type NewIncident = {
  readonly title: string
  readonly cause?: string
  readonly serviceId?: string
  readonly impact?: Incident['impact']
}

export type IncidentFilter = {
  readonly status?: IncidentStatus
  readonly monitorId?: string
  readonly serviceId?: string
  readonly limit?: number
  readonly cursor?: string
}

export type IncidentPage = { readonly incidents: readonly Incident[]; readonly nextCursor: string | null }
