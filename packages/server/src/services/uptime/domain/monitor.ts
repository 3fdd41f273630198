import type { Flapping } from './flapping.ts'

export type MonitorType = 'http' | 'tcp' | 'heartbeat'

/** `unknown` is grace (never up yet), resumed or stale; see `MonitorState.unknownBecause`. */
export type MonitorStatus = 'unknown' | 'up' | 'degraded' | 'down' | 'paused'

export type Phase = 'grace' | 'steady' | 'confirming' | 'recovering'

export type Outcome = 'up' | 'degraded' | 'down' | 'unknown'

export type TimelineState = 'up' | 'degraded' | 'down' | 'maintenance' | 'paused' | 'unknown'

/** What one look at the target came to. */
export type Verdict = {
  readonly outcome: Outcome
  /** When the check began, or, for heartbeats, when the ping arrived or was due. */
  readonly startedAtMs: number
  /** The latest moment at which the judge may be called with it. */
  readonly endedAtMs: number
  /** Set on `degraded`, `down` and `unknown`: a code of `messages.ts`. */
  readonly code: string | null
}

/** The settings of a monitor that judging depends on. */
export type Rules = {
  readonly downThreshold: number
  readonly upThreshold: number
  readonly notifyDegraded: boolean
  readonly intervalMs: number
  /** Between re-checks while confirming. */
  readonly confirmSpacingMs: number
  readonly timeoutMs: number
  /** True for heartbeats: their deadline says when silence is trouble, so silence before it is not. */
  readonly vouchesUntilDeadline: boolean
}

/** The judge's memory of one monitor. Times are milliseconds since the epoch. */
export type MonitorState = {
  readonly status: MonitorStatus
  readonly phase: Phase
  readonly unknownBecause: 'grace' | 'resumed' | 'stale'
  /** Since when the monitor has been waiting for its first good verdict. */
  readonly graceSinceMs: number
  readonly downStreak: number
  readonly upStreak: number
  readonly degradedStreak: number
  /** Start of the first failure of the present run; null with no run. */
  readonly streakStartedAtMs: number | null
  /** Start of the first good check of the present recovery or change between up and degraded. */
  readonly turnStartedAtMs: number | null
  readonly firstUpAtMs: number | null
  /** False after a person resolved while the monitor was down: no new incident before one good verdict. */
  readonly armed: boolean
  readonly incidentOpen: boolean
  readonly neverUpTold: boolean
  /** Until when the last verdict stands for the target; later time is unknown. Null: without end. */
  readonly vouchedUntilMs: number | null
  readonly lastDecisiveAtMs: number | null
  readonly maintenance: Maintenance | null
  /** What the open end of the timeline says. */
  readonly timeline: TimelineState
  readonly timelineFromMs: number
  readonly flapping: Flapping
}

export type Maintenance = {
  readonly fromMs: number
  /** Null: until ended by hand. */
  readonly untilMs: number | null
}

export function newMonitorState(createdAtMs: number): MonitorState {
  return {
    status: 'unknown',
    phase: 'grace',
    unknownBecause: 'grace',
    graceSinceMs: createdAtMs,
    downStreak: 0,
    upStreak: 0,
    degradedStreak: 0,
    streakStartedAtMs: null,
    turnStartedAtMs: null,
    firstUpAtMs: null,
    armed: true,
    incidentOpen: false,
    neverUpTold: false,
    vouchedUntilMs: null,
    lastDecisiveAtMs: null,
    maintenance: null,
    timeline: 'unknown',
    timelineFromMs: createdAtMs,
    flapping: { changesAtMs: [], window: null },
  }
}
