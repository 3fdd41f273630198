import type { Flapping } from './flapping.ts'

/** `unknown` means grace (never up yet, phase `grace`), just resumed, or stale. */
export type MonitorStatus = 'unknown' | 'up' | 'degraded' | 'down' | 'paused'

export type Phase = 'grace' | 'steady' | 'confirming' | 'recovering'

export type Outcome = 'up' | 'degraded' | 'down' | 'unknown'

export type TimelineState = 'up' | 'degraded' | 'down' | 'maintenance' | 'paused' | 'unknown'

/** The result of one check of the target. */
export type Verdict = {
  readonly outcome: Outcome
  /** Start of the check; for heartbeats, the time of the ping or of the deadline. */
  readonly startedAtMs: number
  /** End of the check: the time of any change that it confirms. */
  readonly endedAtMs: number
  /** Set for `degraded`, `down` and `unknown`: a code of `messages.ts`. */
  readonly code: string | null
  /**
   * For a successful ping, its deadline as first set. Time after it is not covered, even if the deadline is extended.
   */
  readonly vouchesUntilMs?: number
}

/** The settings that affect how a monitor's results are judged. */
export type Rules = {
  readonly downThreshold: number
  readonly upThreshold: number
  readonly notifyDegraded: boolean
  readonly intervalMs: number
  /** The spacing of re-checks while confirming. */
  readonly confirmSpacingMs: number
  readonly timeoutMs: number
  /** True for heartbeats: silence before the deadline is normal. */
  readonly vouchesUntilDeadline: boolean
}

/** The stored state of one monitor. Times are Unix milliseconds. */
export type MonitorState = {
  readonly status: MonitorStatus
  readonly phase: Phase
  /** Since when the monitor has been waiting for its first successful verdict. */
  readonly graceSinceMs: number
  readonly neverUpTold: boolean
  readonly firstUpAtMs: number | null
  readonly downStreak: number
  readonly upStreak: number
  readonly degradedStreak: number
  /**
   * The spans of the current run: of failures while confirming, of successes while recovering, of the other good
   * state while up or degraded may be about to change. Empty without a run.
   */
  readonly run: readonly RunSpan[]
  /** False after a manual resolution while the monitor is down: no new incident before one successful verdict. */
  readonly armed: boolean
  readonly incidentOpen: boolean
  /** Start of the current outage, while the monitor is down. */
  readonly outageStartedAtMs: number | null
  readonly lastVerdictAtMs: number
  readonly lastOutcome: Outcome | null
  readonly lastDecisiveAtMs: number | null
  /** Until when the last verdict is valid; later time is unknown. Null: without end. */
  readonly vouchedUntilMs: number | null
  readonly maintenance: Maintenance | null
  /** The state of the timeline's open last interval. */
  readonly timeline: TimelineState
  readonly timelineFromMs: number
  readonly flapping: Flapping
  /** Whether readers were last notified of "degraded". */
  readonly degradedTold: boolean
}

/** A part of a run, up to the next one: whether a verdict of the run covers it. */
export type RunSpan = { readonly fromMs: number; readonly isVouched: boolean }

export type Maintenance = {
  readonly fromMs: number
  /** Null: until ended manually. */
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
