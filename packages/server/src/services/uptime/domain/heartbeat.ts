export type HeartbeatConfig = {
  readonly graceSeconds: number
  /** How often the job runs; absent, only the grace counts from ping to ping. */
  readonly periodSeconds: number | null
  readonly maxRunSeconds: number | null
}

export type HeartbeatTimes = {
  readonly lastSuccessMs: number | null
  /** Start of a run that has not ended; null with none. */
  readonly runStartedMs: number | null
}

/** When silence becomes trouble (4.5), or null while there has been no first success to count from. */
export function deadlineMs(config: HeartbeatConfig, { lastSuccessMs, runStartedMs }: HeartbeatTimes): number | null {
  if (lastSuccessMs === null) return null
  const dueMs = lastSuccessMs + ((config.periodSeconds ?? 0) + config.graceSeconds) * 1000
  if (runStartedMs === null || config.maxRunSeconds === null) return dueMs
  // A run that began can only bring the deadline forward.
  return Math.min(dueMs, runStartedMs + config.maxRunSeconds * 1000)
}

const outageGraceMsMax = 600_000

/** A deadline that lies in an outage of ours moves to its end and a little grace: the ping could not reach us. */
export function extendForOutage(
  deadline: number,
  outages: readonly { readonly fromMs: number; readonly toMs: number }[],
  graceSeconds: number,
): number {
  const outage = outages.find(({ fromMs, toMs }) => deadline >= fromMs && deadline < toMs)
  return outage === undefined ? deadline : outage.toMs + Math.min(graceSeconds * 1000, outageGraceMsMax)
}

export type Ping =
  | { readonly kind: 'success' }
  | { readonly kind: 'start' }
  | { readonly kind: 'fail'; readonly exitCode: number | null }

/** What the path after the token says: nothing, `start`, `fail`, or an exit code of 0 to 255. Undefined: none of these. */
export function parsePing(suffix: string | undefined): Ping | undefined {
  if (suffix === undefined || suffix === '') return { kind: 'success' }
  if (suffix === 'start') return { kind: 'start' }
  if (suffix === 'fail') return { kind: 'fail', exitCode: null }
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > 255) return undefined
  return Number(suffix) === 0 ? { kind: 'success' } : { kind: 'fail', exitCode: Number(suffix) }
}
