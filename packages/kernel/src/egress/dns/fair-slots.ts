/** For whom a slot is used (org) and on what (lane); each has a share of its own. */
export type Claimant = { readonly org: string; readonly lane: string }

export type FairSlots = {
  /** Waits for a free slot and returns a function that frees it; rejects with the signal's reason. */
  readonly acquire: (claimant: Claimant, signal: AbortSignal) => Promise<() => void>
}

export type FairSlotsRules = {
  readonly slots: number
  readonly slotsPerOrg: number
  /** The most slots that one lane may hold within an org. */
  readonly slotsPerLane: number
}

/**
 * Bounds how many things run at the same time. Orgs that wait take turns, and so do the lanes of each; none holds more
 * than its share, so that slow work leaves room for others.
 */
export function createFairSlots({ slots, slotsPerOrg, slotsPerLane }: FairSlotsRules): FairSlots {
  const held = new Map<string, { all: number; readonly lanes: Map<string, number> }>()
  /**
   * Orgs and their lanes, each in the order of their next turn; an org or a lane is listed only while something of it
   * waits.
   */
  const waiting = new Map<string, Map<string, Set<() => void>>>()
  let free = slots

  const hasRoom = ({ org, lane }: Claimant): boolean => {
    const holds = held.get(org)
    return free > 0 && (holds?.all ?? 0) < slotsPerOrg && (holds?.lanes.get(lane) ?? 0) < slotsPerLane
  }

  const take = ({ org, lane }: Claimant): (() => void) => {
    free -= 1
    const holds = held.get(org) ?? { all: 0, lanes: new Map<string, number>() }
    held.set(org, holds)
    holds.all += 1
    holds.lanes.set(lane, (holds.lanes.get(lane) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      free += 1
      holds.all -= 1
      const left = (holds.lanes.get(lane) ?? 1) - 1
      if (left === 0) holds.lanes.delete(lane)
      else holds.lanes.set(lane, left)
      if (holds.all === 0) held.delete(org)
      serveNext()
    }
  }

  const serveNext = (): void => {
    for (const [org, lanes] of waiting)
      for (const [lane, entries] of lanes) {
        const [first] = entries
        if (first === undefined || !hasRoom({ org, lane })) continue
        entries.delete(first)
        lanes.delete(lane)
        if (entries.size > 0) lanes.set(lane, entries)
        waiting.delete(org)
        if (lanes.size > 0) waiting.set(org, lanes)
        return first()
      }
  }

  const wait = (claimant: Claimant, signal: AbortSignal): Promise<() => void> => {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const { org, lane } = claimant
    const lanes = waiting.get(org) ?? new Map<string, Set<() => void>>()
    waiting.set(org, lanes)
    const entries = lanes.get(lane) ?? new Set()
    lanes.set(lane, entries)
    const start = (): void => {
      signal.removeEventListener('abort', leave)
      resolve(take(claimant))
    }
    const leave = (): void => {
      entries.delete(start)
      if (entries.size === 0 && lanes.get(lane) === entries) lanes.delete(lane)
      if (lanes.size === 0 && waiting.get(org) === lanes) waiting.delete(org)
      reject(signal.reason)
    }
    entries.add(start)
    signal.addEventListener('abort', leave, { once: true })
    return promise
  }

  return {
    acquire: async (claimant, signal) => {
      signal.throwIfAborted()
      const isAlone = waiting.get(claimant.org)?.has(claimant.lane) !== true
      return isAlone && hasRoom(claimant) ? take(claimant) : wait(claimant, signal)
    },
  }
}
