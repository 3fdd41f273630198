/** How long a destination may fail: the policy of a queue. */
export type HealthRules = {
  /**
   * How long every attempt may fail before the destination is closed, and at which percentages of that time its owners
   * are notified.
   */
  readonly failing?: { readonly msMax: number; readonly toldAtPercent: readonly number[] }
  /** How many consecutive deliveries may be given up before the destination is closed. */
  readonly givenUpMax?: number
}

export type Health = {
  readonly failingSinceMs: number | null
  readonly toldPercent: number
  readonly givenUp: number
}

/**
 * The highest percentage that has been passed and not yet notified; undefined when there is none. At 100 the
 * destination is closed.
 */
export function judgeFailing(
  { failing }: HealthRules,
  { failingSinceMs, toldPercent }: Pick<Health, 'failingSinceMs' | 'toldPercent'>,
  nowMs: number,
): number | undefined {
  if (failing === undefined || failingSinceMs === null) return undefined
  const percent = ((nowMs - failingSinceMs) / failing.msMax) * 100
  const passed = Math.max(0, ...failing.toldAtPercent.filter((mark) => percent >= mark))
  return passed > toldPercent ? passed : undefined
}
