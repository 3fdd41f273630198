import {
  type Admitted,
  type LimitDecision,
  type LimitRule,
  subWindows,
  windowSecondsMax,
} from './limit-store.ts'

/** The sub-windows that a trailing window touches: 60 whole ones and the one it leaves. */
const slots = subWindows + 1
const nobody = -1
const entriesPerSlab = 1_024

type Slab = { readonly counts: Uint32Array; readonly totals: Uint32Array; readonly newest: Float64Array }

export type MemoryStore = {
  readonly take: (rule: LimitRule, subject: string, nowMs: number) => LimitDecision
  readonly giveBack: (rule: LimitRule, subject: string, charge: Admitted) => void
  /** How many subjects are tracked at the moment. */
  readonly tracked: () => number
}

/**
 * Limits of one node, in memory. At most `subjectsMax` subjects are tracked, about 270 bytes each; beyond that the one
 * idle for longest is forgotten. No subject is remembered for more than two hours after its last request.
 */
export function createMemoryStore(subjectsMax = 100_000): MemoryStore {
  const places = new Map<string, number>()
  const names: string[] = []
  const slabs: Slab[] = []
  const free: number[] = []
  // A doubly linked list by last use, in arrays, so that moving an entry to its end allocates nothing.
  let older = new Int32Array(entriesPerSlab)
  let newer = new Int32Array(entriesPerSlab)
  let lastUsedMs = new Float64Array(entriesPerSlab)
  let oldest = nobody
  let latest = nobody

  const unlink = (place: number): void => {
    const before = older[place] ?? nobody
    const after = newer[place] ?? nobody
    if (before === nobody) oldest = after
    else newer[before] = after
    if (after === nobody) latest = before
    else older[after] = before
  }
  const linkLatest = (place: number): void => {
    older[place] = latest
    newer[place] = nobody
    if (latest === nobody) oldest = place
    else newer[latest] = place
    latest = place
  }
  const forget = (place: number): void => {
    unlink(place)
    places.delete(names[place] ?? '')
    free.push(place)
  }
  const grow = (): void => {
    slabs.push({
      counts: new Uint32Array(entriesPerSlab * slots),
      totals: new Uint32Array(entriesPerSlab),
      newest: new Float64Array(entriesPerSlab),
    })
    older = enlarge(older, new Int32Array(slabs.length * entriesPerSlab))
    newer = enlarge(newer, new Int32Array(slabs.length * entriesPerSlab))
    lastUsedMs = enlarge(lastUsedMs, new Float64Array(slabs.length * entriesPerSlab))
    for (let i = slabs.length * entriesPerSlab - 1; i >= (slabs.length - 1) * entriesPerSlab; i -= 1) free.push(i)
  }
  const place = (key: string, bucket: number, nowMs: number): number => {
    const known = places.get(key)
    if (known !== undefined) {
      if (known !== latest) {
        unlink(known)
        linkLatest(known)
      }
      lastUsedMs[known] = nowMs
      return known
    }
    while (oldest !== nobody && (places.size >= subjectsMax || nowMs - (lastUsedMs[oldest] ?? 0) > windowSecondsMax * 1000))
      forget(oldest)
    if (free.length === 0) grow()
    const fresh = free.pop()
    if (fresh === undefined) throw new Error('A grown store has a free place')
    const { slab, at } = locate(slabs, fresh)
    slab.counts.fill(0, at * slots, (at + 1) * slots)
    slab.totals[at] = 0
    slab.newest[at] = bucket
    names[fresh] = key
    places.set(key, fresh)
    linkLatest(fresh)
    lastUsedMs[fresh] = nowMs
    return fresh
  }

  return {
    take: (rule, subject, nowMs) => {
      assertRule(rule)
      const widthMs = (rule.windowSeconds * 1000) / subWindows
      const asked = Math.floor(nowMs / widthMs)
      const { slab, at } = locate(slabs, place(`${rule.name}\n${subject}`, asked, nowMs))
      // A clock that steps back must not reopen a sub-window that has been left.
      const bucket = advance(slab, at, asked)
      const effectiveMs = bucket === asked ? nowMs : bucket * widthMs
      const total = slab.totals[at] ?? 0
      if (total >= rule.limit) return refuse(slab, at, rule, bucket, widthMs, nowMs)
      const slot = at * slots + (bucket % slots)
      slab.counts[slot] = (slab.counts[slot] ?? 0) + 1
      slab.totals[at] = total + 1
      const resetSeconds = Math.ceil(((bucket + slots) * widthMs - effectiveMs) / 1000)
      return { admitted: true, limit: rule.limit, remaining: rule.limit - total - 1, resetSeconds, bucket }
    },
    giveBack: (rule, subject, charge) => {
      const known = places.get(`${rule.name}\n${subject}`)
      if (known === undefined) return
      const { slab, at } = locate(slabs, known)
      if ((slab.newest[at] ?? 0) - charge.bucket >= slots) return
      const slot = at * slots + (charge.bucket % slots)
      const count = slab.counts[slot] ?? 0
      if (count === 0) return
      slab.counts[slot] = count - 1
      slab.totals[at] = (slab.totals[at] ?? 1) - 1
    },
    tracked: () => places.size,
  }
}

function locate(slabs: readonly Slab[], place: number): { readonly slab: Slab; readonly at: number } {
  const slab = slabs[Math.floor(place / entriesPerSlab)]
  if (slab === undefined) throw new Error('Every place lies in a slab')
  return { slab, at: place % entriesPerSlab }
}

/** Empties the sub-windows that have left the window; returns the one to charge. */
function advance(slab: Slab, at: number, asked: number): number {
  const newest = slab.newest[at] ?? asked
  if (asked <= newest) return newest
  const first = at * slots
  if (asked - newest >= slots) {
    slab.counts.fill(0, first, first + slots)
    slab.totals[at] = 0
  } else {
    for (let bucket = newest + 1; bucket <= asked; bucket += 1) {
      const slot = first + (bucket % slots)
      slab.totals[at] = (slab.totals[at] ?? 0) - (slab.counts[slot] ?? 0)
      slab.counts[slot] = 0
    }
  }
  slab.newest[at] = asked
  return asked
}

function refuse(
  slab: Slab,
  at: number,
  rule: LimitRule,
  bucket: number,
  widthMs: number,
  nowMs: number,
): LimitDecision {
  let total = slab.totals[at] ?? 0
  let admitsMs = (bucket + slots) * widthMs
  let emptyMs = admitsMs
  let found = false
  for (let old = bucket - subWindows; old <= bucket; old += 1) {
    const count = slab.counts[at * slots + (((old % slots) + slots) % slots)] ?? 0
    if (count === 0) continue
    total -= count
    emptyMs = (old + slots) * widthMs
    if (!found && total < rule.limit) {
      admitsMs = emptyMs
      found = true
    }
  }
  return {
    admitted: false,
    because: 'limit_reached',
    limit: rule.limit,
    remaining: 0,
    resetSeconds: toWholeSeconds(emptyMs - nowMs),
    retryAfterSeconds: toWholeSeconds(admitsMs - nowMs),
  }
}

function toWholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000))
}

function enlarge<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from.subarray(0, Math.min(from.length, into.length)))
  return into
}

function assertRule({ name, limit, windowSeconds }: LimitRule): void {
  if (limit < 1 || windowSeconds < 1 || windowSeconds > windowSecondsMax)
    throw new Error(`The limit ${name} must allow at least 1 request in 1 to ${windowSecondsMax} seconds`)
}
