import type { Flapping } from './flapping.ts'

/** `unknown` is grace (never up yet, phase `grace`), just resumed, or stale. */
export type MonitorStatus = 'unknown' | 'up' | 'degraded' | 'down' | 'paused'

export type Phase = 'grace' | 'steady' | 'confirming' | 'recovering'

export type Outcome = 'up' | 'degraded' | 'down' | 'unknown'

export type TimelineState = 'up' | 'degraded' | 'down' | 'maintenance' | 'paused' | 'unknown'

/** What one look at the target came to. */
export type Verdict = {
  readonly outcome: Outcome
  /** When the check began, or, for heartbeats, when the ping arrived or was due. */
  readonly startedAtMs: number
  /** When it was over: the moment of whatever it confirms. */
  readonly endedAtMs: number
  /** Set on `degraded`, `down` and `unknown`: a code of `messages.ts`. */
  readonly code: string | null
  /** For a successful ping, its deadline as first set: moved on or not, later time is not vouched for. */
  readonly vouchesUntilMs?: number
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
  /** Since when the monitor has been waiting for its first good verdict. */
  readonly graceSinceMs: number
  readonly neverUpTold: boolean
  readonly firstUpAtMs: number | null
  readonly downStreak: number
  readonly upStreak: number
  readonly degradedStreak: number
  /**
   * What has been seen since the present run began: of failures while confirming, of good checks while recovering, of
   * the other good state while up or degraded may be about to change. Empty with no run.
   */
  readonly run: readonly RunSpan[]
  /** False after a person resolved while the monitor was down: no new incident before one good verdict. */
  readonly armed: boolean
  readonly incidentOpen: boolean
  /** Start of the present outage, while the monitor is down. */
  readonly outageStartedAtMs: number | null
  readonly lastVerdictAtMs: number
  readonly lastOutcome: Outcome | null
  readonly lastDecisiveAtMs: number | null
  /** Until when the last verdict stands for the target; later time is unknown. Null: without end. */
  readonly vouchedUntilMs: number | null
  readonly maintenance: Maintenance | null
  /** What the open end of the timeline says. */
  readonly timeline: TimelineState
  readonly timelineFromMs: number
  readonly flapping: Flapping
  /** Whether the last thing that receivers read about a good state was "degraded". */
  readonly degradedTold: boolean
}

/** A part of a run, up to the next one: time that a verdict of the run vouches for, or time that none does. */
export type RunSpan = { readonly fromMs: number; readonly isVouched: boolean }

export type Maintenance = {
  readonly fromMs: number
  /** Null: until ended by hand. */
  readonly untilMs: number | null
}

export function newMonitorState(createdAtMs: number): MonitorState {
  return {
    status: 'unknown',
    phase: 'grace',
    graceSinceMs: createdAtMs,
    neverUpTold: false,
    firstUpAtMs: null,
    downStreak: 0,
    upStreak: 0,
    degradedStreak: 0,
    run: [],
    armed: true,
    incidentOpen: false,
    outageStartedAtMs: null,
    lastVerdictAtMs: createdAtMs,
    lastOutcome: null,
    lastDecisiveAtMs: null,
    vouchedUntilMs: null,
    maintenance: null,
    timeline: 'unknown',
    timelineFromMs: createdAtMs,
    flapping: { changesAtMs: [], window: null },
    degradedTold: false,
  }
}
