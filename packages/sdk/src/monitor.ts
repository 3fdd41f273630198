/** Booleans in replies are integers. */
export type Flag = 0 | 1
export type MonitorStatus = 'unknown' | 'up' | 'degraded' | 'down' | 'paused'

/** Instants are ISO 8601 in UTC. */
export type Monitor = {
  readonly id: string
  readonly teamId: string
  readonly serviceId: string
  readonly type: string
  readonly name: string
  readonly status: MonitorStatus
  readonly config: Readonly<Record<string, unknown>>
  readonly intervalSeconds: number
  readonly isActive: Flag
  readonly lastCheckedAt: string | null
  readonly lastErrorMessage: string | null
  readonly maintenanceUntil: string | null
  readonly autoResolveMaintenance: Flag
  readonly createdAt: string
  readonly updatedAt: string
  readonly phase: 'grace' | 'steady' | 'confirming' | 'recovering'
  readonly firstUpAt: string | null
  readonly flapping: Flag
  readonly nextCheckAt: string | null
  /** Null for types that wait to be pinged. */
  readonly detectionSeconds: { readonly refused: number; readonly hanging: number } | null
  readonly lastResponseMs: number | null
  readonly downThreshold: number
  readonly upThreshold: number
  readonly confirmSpacingSeconds: number | null
  readonly degradedAfterMs: number | null
  readonly notifyDegraded: Flag
  readonly renotifyMinutes: number
  readonly tags: readonly string[]
}

type MonitorSettings = {
  readonly name?: string
  readonly intervalSeconds?: number
  readonly isActive?: boolean
  readonly serviceId?: string
  readonly downThreshold?: number
  readonly upThreshold?: number
  readonly confirmSpacingSeconds?: number | null
  readonly degradedAfterMs?: number | null
  readonly notifyDegraded?: boolean
  readonly renotifyMinutes?: number
  readonly tags?: readonly string[]
}

export type NewMonitor = MonitorSettings & {
  readonly type: string
  readonly config: Readonly<Record<string, unknown>>
}
export type MonitorChange = MonitorSettings & { readonly config?: Readonly<Record<string, unknown>> }

export type MonitorFilter = {
  readonly status?: MonitorStatus
  readonly type?: string
  readonly tag?: string
  /** Part of the name or of the target, in any case. */
  readonly q?: string
  readonly limit?: number
  readonly cursor?: string
}

export type MonitorPage = { readonly monitors: readonly Monitor[]; readonly nextCursor: string | null }

export type Check = {
  readonly startedAt: string
  readonly location: string
  readonly origin: 'scheduled' | 'confirm' | 'recover' | 'manual' | 'ping' | 'deadline'
  readonly outcome: 'up' | 'degraded' | 'down' | 'unknown'
  readonly code: string | null
  readonly message: string | null
  readonly statusCode: number | null
  readonly responseTimeMs: number | null
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number | null
  readonly remoteAddress: string | null
  readonly inMaintenance: boolean
}

export type CheckPage = { readonly checks: readonly Check[]; readonly nextCursor: string | null }

export type CheckResult = {
  readonly result: {
    readonly status: 'up' | 'down'
    readonly responseTimeMs?: number
    readonly statusCode?: number
    readonly errorMessage?: string
  }
  readonly monitor: Monitor
}

/** Shares from 0 to 1; null when nothing was observed. */
export type Uptime = {
  readonly from: string
  readonly to: string
  readonly uptime: number | null
  readonly strictUptime: number | null
}
