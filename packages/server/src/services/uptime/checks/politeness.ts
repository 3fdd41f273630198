export type Politeness = {
  /** Waits until one more check of this target would be polite; returns what ends it. */
  readonly enter: (target: string) => Promise<() => void>
}

export type PolitenessRules = { readonly inFlightMax: number; readonly startsPerSecond: number }

type Lane = {
  inFlight: number
  readonly startsMs: number[]
  readonly waiting: (() => void)[]
  timer: NodeJS.Timeout | undefined
}

/** Few checks at once, and few starts a second, for each target, however many monitors look at it. */
export function createPoliteness(rules: PolitenessRules): Politeness {
  const lanes = new Map<string, Lane>()

  const pump = (target: string, lane: Lane): void => {
    const nowMs = performance.now()
    while (lane.startsMs[0] !== undefined && nowMs - lane.startsMs[0] >= 1000) lane.startsMs.shift()
    while (
      lane.waiting.length > 0 &&
      lane.inFlight < rules.inFlightMax &&
      lane.startsMs.length < rules.startsPerSecond
    ) {
      lane.inFlight += 1
      lane.startsMs.push(nowMs)
      lane.waiting.shift()?.()
    }
    const firstMs = lane.startsMs[0]
    if (lane.waiting.length > 0 && lane.inFlight < rules.inFlightMax && firstMs !== undefined)
      lane.timer ??= setTimeout(
        () => {
          lane.timer = undefined
          pump(target, lane)
        },
        Math.max(1, firstMs + 1000 - nowMs),
      )
    if (lane.waiting.length === 0 && lane.inFlight === 0 && lane.startsMs.length === 0) lanes.delete(target)
  }

  return {
    enter: async (target) => {
      const lane = lanes.get(target) ?? { inFlight: 0, startsMs: [], waiting: [], timer: undefined }
      lanes.set(target, lane)
      await new Promise<void>((resolve) => {
        lane.waiting.push(resolve)
        pump(target, lane)
      })
      return () => {
        lane.inFlight -= 1
        pump(target, lane)
      }
    },
  }
}
