import type { MessageValues } from './assess.ts'
import type { Verdict } from './monitor.ts'

export type HeartbeatConfig = {
  readonly graceSeconds: number
  /** How often the job runs; absent, only the grace counts from ping to ping. */
  readonly periodSeconds?: number | null | undefined
  readonly maxRunSeconds?: number | null | undefined
}

/** What is known of a job's runs. */
export type Heartbeat = {
  readonly lastSuccessMs: number | null
  /** Start of the run that has not ended, and the id that the job gave it; null with none. */
  readonly runStartedMs: number | null
  readonly runId: string | null
  /** When silence becomes trouble; null while there is nothing to wait for. */
  readonly deadlineMs: number | null
}

export type Ping =
  | { readonly kind: 'success' }
  | { readonly kind: 'start' }
  | { readonly kind: 'fail'; readonly exitCode: number | null }

/** What the sentences of these codes are written with. */
type FaultValues = {
  readonly heartbeat_missed: { readonly lastMs: number; readonly dueMs: number }
  readonly heartbeat_failed: { readonly exit?: number }
}

/** A verdict that no check gave, with the values of its message. */
export type HeartbeatVerdict = Verdict & { readonly values: MessageValues }

export type PingEffect = {
  readonly heartbeat: Heartbeat
  /** Null for a start, which says nothing yet. */
  readonly verdict: HeartbeatVerdict | null
}

/** What follows from a ping (specification 4.5). `runId` is the job's own, where it gave one. */
export function takePing(
  heartbeat: Heartbeat,
  config: HeartbeatConfig,
  ping: Ping,
  runId: string | null,
  atMs: number,
): PingEffect {
  switch (ping.kind) {
    case 'start': {
      const started = { ...heartbeat, runStartedMs: atMs, runId }
      return {
        heartbeat: { ...started, deadlineMs: bringForward(heartbeat.deadlineMs, config, started) },
        verdict: null,
      }
    }
    case 'success': {
      const ended = { ...endRun(heartbeat, runId), lastSuccessMs: atMs }
      const deadlineMs = deadlineAfter(config, ended, atMs)
      const verdict = {
        outcome: 'up',
        startedAtMs: atMs,
        endedAtMs: atMs,
        code: null,
        vouchesUntilMs: deadlineMs,
      } as const
      return { heartbeat: { ...ended, deadlineMs }, verdict: { ...verdict, values: {} } }
    }
    case 'fail': {
      const values: FaultValues['heartbeat_failed'] = ping.exitCode === null ? {} : { exit: ping.exitCode }
      const verdict = {
        outcome: 'down',
        startedAtMs: atMs,
        endedAtMs: atMs,
        code: 'heartbeat_failed',
        values,
      } as const
      return { heartbeat: endRun(heartbeat, runId), verdict }
    }
  }
}

export type DeadlineVerdict =
  | { readonly kind: 'wait' }
  /** Not over yet, for a reason that lies with us or with maintenance. Null: until maintenance is ended by hand. */
  | { readonly kind: 'moved'; readonly heartbeat: Heartbeat }
  | { readonly kind: 'missed'; readonly heartbeat: Heartbeat; readonly verdict: HeartbeatVerdict }

/** What surrounds a deadline: outages of ours, and the maintenance that covers the monitor at `nowMs`. */
export type DeadlineSurroundings = {
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly maintenance: { readonly untilMs: number | null } | null
  readonly extensionSecondsMax: number
}

/** Whether the job is late. A ping that arrives in the very millisecond of the deadline is in time. */
export function judgeDeadline(
  heartbeat: Heartbeat,
  { graceSeconds }: HeartbeatConfig,
  { outages, maintenance, extensionSecondsMax }: DeadlineSurroundings,
  nowMs: number,
): DeadlineVerdict {
  const { deadlineMs, lastSuccessMs } = heartbeat
  if (deadlineMs === null || nowMs <= deadlineMs) return { kind: 'wait' }
  const dueMs = extendForOutage(deadlineMs, outages, Math.min(graceSeconds, extensionSecondsMax))
  // A failure inside maintenance would not be counted; at its end the silence is judged again.
  const judgedMs = maintenance === null ? dueMs : Math.max(dueMs, maintenance.untilMs ?? Infinity)
  if (judgedMs >= nowMs) {
    const moved = { ...heartbeat, deadlineMs: judgedMs === Infinity ? null : judgedMs }
    return { kind: 'moved', heartbeat: moved }
  }
  const values: FaultValues['heartbeat_missed'] = { lastMs: lastSuccessMs ?? deadlineMs, dueMs }
  const verdict = {
    outcome: 'down',
    startedAtMs: dueMs,
    endedAtMs: nowMs,
    code: 'heartbeat_missed',
    values,
  } as const
  return { kind: 'missed', heartbeat: { ...heartbeat, deadlineMs: null }, verdict }
}

/**
 * The heartbeat as it is watched from `atMs` on: after a pause, a change of its times, or maintenance that was ended by
 * hand, the job has its whole time again. One that never succeeded is waited for without a deadline.
 */
export function watchFrom(heartbeat: Heartbeat, config: HeartbeatConfig, atMs: number): Heartbeat {
  if (heartbeat.lastSuccessMs === null) return heartbeat
  return { ...heartbeat, deadlineMs: deadlineAfter(config, heartbeat, atMs) }
}

/** The deadline as a ping at this moment would set it, where a clock that stepped back has left it further ahead. */
export function boundDeadline(heartbeat: Heartbeat, config: HeartbeatConfig, nowMs: number): Heartbeat {
  if (heartbeat.deadlineMs === null) return heartbeat
  return { ...heartbeat, deadlineMs: Math.min(heartbeat.deadlineMs, deadlineAfter(config, heartbeat, nowMs)) }
}

/** What the path after the token says: nothing, `start`, `fail`, or an exit code of 0 to 255. Undefined: none of these. */
export function parsePing(suffix: string | undefined): Ping | undefined {
  if (suffix === undefined || suffix === '') return { kind: 'success' }
  if (suffix === 'start') return { kind: 'start' }
  if (suffix === 'fail') return { kind: 'fail', exitCode: null }
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > 255) return undefined
  return Number(suffix) === 0 ? { kind: 'success' } : { kind: 'fail', exitCode: Number(suffix) }
}

/** Ends the open run, unless the ping names another one. */
function endRun(heartbeat: Heartbeat, runId: string | null): Heartbeat {
  const isOther = heartbeat.runId !== null && runId !== null && heartbeat.runId !== runId
  return isOther ? heartbeat : { ...heartbeat, runStartedMs: null, runId: null }
}

function deadlineAfter(config: HeartbeatConfig, heartbeat: Heartbeat, fromMs: number): number {
  const dueMs = fromMs + ((config.periodSeconds ?? 0) + config.graceSeconds) * 1000
  return bringForward(dueMs, config, heartbeat) ?? dueMs
}

/** A run that began can only bring the deadline forward; before the first success there is none. */
function bringForward(
  deadlineMs: number | null,
  { maxRunSeconds }: HeartbeatConfig,
  { runStartedMs }: Heartbeat,
): number | null {
  if (deadlineMs === null || runStartedMs === null || maxRunSeconds == null) return deadlineMs
  return Math.min(deadlineMs, runStartedMs + maxRunSeconds * 1000)
}

/**
 * A ping could not reach us in an outage of ours, so the job has the extension from its end on. Each outage in turn, as
 * the moved deadline may fall into the next one.
 */
function extendForOutage(
  deadlineMs: number,
  outages: DeadlineSurroundings['outages'],
  extensionSeconds: number,
): number {
  return outages
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .reduce(
      (dueMs, { fromMs, toMs }) =>
        dueMs >= fromMs ? Math.max(dueMs, toMs + extensionSeconds * 1000) : dueMs,
      deadlineMs,
    )
}
