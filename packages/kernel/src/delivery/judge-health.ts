/** How long a destination may fail: data of whoever sends. */
export type HealthRules = {
  /** How long every attempt may fail before the destination is closed, and the shares of it of which owners are told. */
  readonly failing?: { readonly msMax: number; readonly toldAtPercent: readonly number[] }
  /** How many deliveries in a row may be given up before the destination is closed. */
  readonly givenUpMax?: number
}

export type Health = {
  readonly failingSinceMs: number | null
  readonly toldPercent: number
  readonly givenUp: number
}

/** The newest mark that was passed and not yet told; undefined when there is nothing new. At 100 the destination ends. */
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
