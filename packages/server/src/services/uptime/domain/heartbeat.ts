import type { MessageValues } from './assess.ts'
import type { Verdict } from './monitor.ts'

export type HeartbeatConfig = {
  readonly graceSeconds: number
  /** The interval at which the job runs; if absent, only the grace period counts, from ping to ping. */
  readonly periodSeconds?: number | null | undefined
  readonly maxRunSeconds?: number | null | undefined
}

/** What is known about a job's runs. */
export type Heartbeat = {
  readonly lastSuccessMs: number | null
  /** Start of the unfinished run, and the id that the job gave it; null if there is none. */
  readonly runStartedMs: number | null
  readonly runId: string | null
  /** When a missing ping becomes a failure; null while no ping is expected. */
  readonly deadlineMs: number | null
}

export type Ping =
  | { readonly kind: 'success' }
  | { readonly kind: 'start' }
  | { readonly kind: 'fail'; readonly exitCode: number | null }

/** The values in the sentences of these codes. */
type FaultValues = {
  readonly heartbeat_missed: { readonly lastMs: number; readonly dueMs: number }
  readonly heartbeat_failed: { readonly exit?: number }
}

/** A verdict without a check, with the values of its message. */
export type HeartbeatVerdict = Verdict & { readonly values: MessageValues }

export type PingEffect = {
  readonly heartbeat: Heartbeat
  /** Null for a start, which is no verdict yet. */
  readonly verdict: HeartbeatVerdict | null
}

/** Applies a ping (specification 4.5). `runId` is the id that the job sent, if any. */
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
  /**
   * The deadline moved, because of an outage of ours or maintenance. Null: no deadline until maintenance is ended
   * manually.
   */
  | { readonly kind: 'moved'; readonly heartbeat: Heartbeat }
  | { readonly kind: 'missed'; readonly heartbeat: Heartbeat; readonly verdict: HeartbeatVerdict }

/** The context of a deadline: our own outages, and the maintenance that covers the monitor at `nowMs`. */
export type DeadlineSurroundings = {
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly maintenance: { readonly untilMs: number | null } | null
  readonly extensionSecondsMax: number
}

/** Whether the job is late. A ping in the same millisecond as the deadline is in time. */
export function judgeDeadline(
  heartbeat: Heartbeat,
  { graceSeconds }: HeartbeatConfig,
  { outages, maintenance, extensionSecondsMax }: DeadlineSurroundings,
  nowMs: number,
): DeadlineVerdict {
  const { deadlineMs, lastSuccessMs } = heartbeat
  if (deadlineMs === null || nowMs <= deadlineMs) return { kind: 'wait' }
  const dueMs = extendForOutage(deadlineMs, outages, Math.min(graceSeconds, extensionSecondsMax))
  // A failure during maintenance would not be counted, so the deadline is judged again at its end.
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
 * The heartbeat when watching starts at `atMs`. After a pause, a change of its times or a manual end of maintenance,
 * the job gets its full time again. A job that never succeeded has no deadline.
 */
export function watchFrom(heartbeat: Heartbeat, config: HeartbeatConfig, atMs: number): Heartbeat {
  if (heartbeat.lastSuccessMs === null) return heartbeat
  return { ...heartbeat, deadlineMs: deadlineAfter(config, heartbeat, atMs) }
}

/** Limits the deadline to where a ping at this moment would set it, for clocks that stepped back. */
export function boundDeadline(heartbeat: Heartbeat, config: HeartbeatConfig, nowMs: number): Heartbeat {
  if (heartbeat.deadlineMs === null) return heartbeat
  return { ...heartbeat, deadlineMs: Math.min(heartbeat.deadlineMs, deadlineAfter(config, heartbeat, nowMs)) }
}

/**
 * Parses the path after the token: nothing, `start`, `fail`, or an exit code of 0 to 255. Undefined for anything
 * else.
 */
export function parsePing(suffix: string | undefined): Ping | undefined {
  if (suffix === undefined || suffix === '') return { kind: 'success' }
  if (suffix === 'start') return { kind: 'start' }
  if (suffix === 'fail') return { kind: 'fail', exitCode: null }
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > 255) return undefined
  return Number(suffix) === 0 ? { kind: 'success' } : { kind: 'fail', exitCode: Number(suffix) }
}

/** Ends the open run, unless the ping names a different one. */
function endRun(heartbeat: Heartbeat, runId: string | null): Heartbeat {
  const isOther = heartbeat.runId !== null && runId !== null && heartbeat.runId !== runId
  return isOther ? heartbeat : { ...heartbeat, runStartedMs: null, runId: null }
}

function deadlineAfter(config: HeartbeatConfig, heartbeat: Heartbeat, fromMs: number): number {
  const dueMs = fromMs + ((config.periodSeconds ?? 0) + config.graceSeconds) * 1000
  return bringForward(dueMs, config, heartbeat) ?? dueMs
}

/** A started run can only shorten the deadline; before the first success there is none. */
function bringForward(
  deadlineMs: number | null,
  { maxRunSeconds }: HeartbeatConfig,
  { runStartedMs }: Heartbeat,
): number | null {
  if (deadlineMs === null || runStartedMs === null || maxRunSeconds == null) return deadlineMs
  return Math.min(deadlineMs, runStartedMs + maxRunSeconds * 1000)
}

/**
 * During an outage of ours no ping could arrive, so the deadline is extended from the outage's end. Outages are
 * applied in turn, because the extended deadline may fall into the next one.
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
