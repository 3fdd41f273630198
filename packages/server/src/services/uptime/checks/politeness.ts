export type Politeness = {
  /**
   * Waits until another check of this target is allowed, taking organisations in turns; resolves to a function that
   * releases the place.
   */
  readonly enter: (target: string, orgId: string) => Promise<() => void>
}

export type PolitenessRules = { readonly inFlightMax: number; readonly startsPerSecond: number }

type Lane = {
  inFlight: number
  readonly startsMs: number[]
  /** Waiting checks by organisation, in the order of their turns. */
  readonly waiting: Map<string, (() => void)[]>
  timer: NodeJS.Timeout | undefined
}

/** Limits concurrent checks and starts per second for each target, across all monitors and organisations. */
export function createPoliteness(rules: PolitenessRules): Politeness {
  const lanes = new Map<string, Lane>()

  const pump = (target: string, lane: Lane): void => {
    const nowMs = performance.now()
    while (lane.startsMs[0] !== undefined && nowMs - lane.startsMs[0] >= 1000) lane.startsMs.shift()
    while (
      lane.waiting.size > 0 &&
      lane.inFlight < rules.inFlightMax &&
      lane.startsMs.length < rules.startsPerSecond
    ) {
      lane.inFlight += 1
      lane.startsMs.push(nowMs)
      takeNext(lane.waiting)?.()
    }
    const firstMs = lane.startsMs[0]
    if (lane.waiting.size > 0 && lane.inFlight < rules.inFlightMax && firstMs !== undefined)
      lane.timer ??= setTimeout(
        () => {
          lane.timer = undefined
          pump(target, lane)
        },
        Math.max(1, firstMs + 1000 - nowMs),
      )
    if (lane.waiting.size === 0 && lane.inFlight === 0 && lane.startsMs.length === 0) lanes.delete(target)
  }

  return {
    enter: async (target, orgId) => {
      const lane: Lane = lanes.get(target) ?? {
        inFlight: 0,
        startsMs: [],
        waiting: new Map(),
        timer: undefined,
      }
      lanes.set(target, lane)
      await new Promise<void>((resolve) => {
        const entries = lane.waiting.get(orgId) ?? []
        entries.push(resolve)
        lane.waiting.set(orgId, entries)
        pump(target, lane)
      })
      return () => {
        lane.inFlight -= 1
        pump(target, lane)
      }
    },
  }
}

/**
 * Takes turns between organisations: however many checks of one are waiting, another's waits for at most one of them.
 */
function takeNext(waiting: Map<string, (() => void)[]>): (() => void) | undefined {
  const [turn] = waiting
  if (turn === undefined) return undefined
  const [orgId, entries] = turn
  const next = entries.shift()
  waiting.delete(orgId)
  if (entries.length > 0) waiting.set(orgId, entries)
  return next
}
