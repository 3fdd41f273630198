export type FairSlots = {
  /** Waits for a free slot and returns what frees it again; rejects with the signal's reason. */
  readonly acquire: (lane: string, signal: AbortSignal) => Promise<() => void>
}

export type FairSlotsRules = { readonly slots: number; readonly slotsPerLane: number }

/**
 * A bounded number of things at once. Lanes that wait take turns, and none holds more than its share, so a lane whose
 * things take long leaves room for the others.
 */
export function createFairSlots({ slots, slotsPerLane }: FairSlotsRules): FairSlots {
  const held = new Map<string, number>()
  /** In the order of their next turn; a lane is here while something of it waits. */
  const waiting = new Map<string, Set<() => void>>()
  let free = slots

  const hasRoom = (lane: string): boolean => free > 0 && (held.get(lane) ?? 0) < slotsPerLane

  const take = (lane: string): (() => void) => {
    free -= 1
    held.set(lane, (held.get(lane) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      free += 1
      const left = (held.get(lane) ?? 1) - 1
      if (left === 0) held.delete(lane)
      else held.set(lane, left)
      serveNext()
    }
  }

  const serveNext = (): void => {
    for (const [lane, entries] of waiting) {
      const [first] = entries
      if (first === undefined || !hasRoom(lane)) continue
      entries.delete(first)
      waiting.delete(lane)
      if (entries.size > 0) waiting.set(lane, entries)
      first()
      return
    }
  }

  const wait = (lane: string, signal: AbortSignal): Promise<() => void> => {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const entries = waiting.get(lane) ?? new Set()
    waiting.set(lane, entries)
    const start = (): void => {
      signal.removeEventListener('abort', leave)
      resolve(take(lane))
    }
    const leave = (): void => {
      entries.delete(start)
      if (entries.size === 0) waiting.delete(lane)
      reject(signal.reason)
    }
    entries.add(start)
    signal.addEventListener('abort', leave, { once: true })
    return promise
  }

  return {
    acquire: async (lane, signal) => {
      signal.throwIfAborted()
      return hasRoom(lane) && !waiting.has(lane) ? take(lane) : wait(lane, signal)
    },
  }
}
