import { Counters } from './counters.ts'
import { assertCost, assertLimitRule, type LimitRule } from './limit-rule.ts'
import type { Admitted, Counted, LimitReached } from './limit-store.ts'
import type { Recency } from './recency.ts'
import { bucketsCounted, bucketsPerWindow, toBucket, toSecondsUntilGone } from './window.ts'

/** A LimitStore that answers synchronously. */
export type MemoryStore = {
  readonly take: (rule: LimitRule, subject: string, nowMs: number, cost?: number) => Counted | LimitReached
  readonly giveBack: (rule: LimitRule, subject: string, admitted: Admitted) => void
  /**
   * Drops the subjects that have been idle for longer than their window, the longest idle first, until it meets one
   * that has not. Called once a minute, it keeps a subject for at most the longest window and two minutes after its
   * last request, whether or not others arrive.
   */
  readonly forgetIdle: (nowMs: number) => void
  readonly stats: () => MemoryStoreStats
  /** For how long the longest idle subject has been idle, in milliseconds; 0 when there is none. */
  readonly idlestMs: (nowMs: number) => number
}

export type MemoryStoreStats = {
  readonly subjectsTracked: number
  /**
   * The number of subjects that were evicted while their window still ran. If it grows, `subjectsMax` is too small, or
   * an attack is under way.
   */
  readonly evictedLive: number
}

/**
 * The limits of one node. Its memory is bounded, at about 0.4 kB for each of `subjectsMax` subjects over all rules:
 * when full, a new subject replaces the one idle for longest. Refusing new subjects instead would let anyone with many
 * addresses lock everyone else out. The price: a client with more than `subjectsMax` addresses can have the counts of
 * its own idlest ones evicted, which gains it little over using more addresses.
 */
export function createMemoryStore(subjectsMax = 100_000): MemoryStore {
  const limiter = new MemoryLimiter(subjectsMax)
  return {
    take: (rule, subject, nowMs, cost) => limiter.take(rule, subject, nowMs, cost),
    giveBack: (rule, subject, admitted) => limiter.giveBack(rule, subject, admitted),
    forgetIdle: (nowMs) => limiter.forgetIdle(nowMs),
    stats: () => limiter.stats(),
    idlestMs: (nowMs) => limiter.idlestMs(nowMs),
  }
}

type RuleTable = {
  readonly name: string
  readonly windowSeconds: number
  readonly slots: Map<string, number>
}
type Holder = { readonly table: RuleTable; readonly subject: string }

class MemoryLimiter {
  /** Tables by window, then by rule name. */
  readonly #tables = new Map<number, Map<string, RuleTable>>()
  readonly #counters: Counters
  readonly #recency: Recency
  readonly #holders: (Holder | undefined)[] = []
  readonly #freeSlots: number[] = []
  readonly #subjectsMax: number
  #latestTable: RuleTable | undefined
  #evictedLive = 0

  constructor(subjectsMax: number) {
    if (!Number.isInteger(subjectsMax) || subjectsMax < 1)
      throw new Error(`subjectsMax must be a whole number from 1, not ${subjectsMax}`)
    this.#subjectsMax = subjectsMax
    this.#counters = new Counters(subjectsMax)
    this.#recency = this.#counters.recency
  }

  take(rule: LimitRule, subject: string, nowMs: number, cost = 1): Counted | LimitReached {
    assertCost(rule, cost)
    const { limit, windowSeconds } = rule
    const slot = this.#slotOf(this.#tableOf(rule) ?? this.#openTable(rule), subject, nowMs)
    const counters = this.#counters
    counters.advance(slot, toBucket(windowSeconds, nowMs))
    const total = counters.total(slot)
    if (total + cost > limit) return this.#refuse(rule, slot, nowMs, cost)
    counters.charge(slot, cost)
    return {
      admitted: true,
      counted: true,
      limit,
      remaining: limit - total - cost,
      resetSeconds: this.#secondsUntilFreed(rule, slot, nowMs, 1),
      charge: { cost, bucket: counters.newestBucket(slot), life: counters.life(slot), givenBack: false },
    }
  }

  giveBack(rule: LimitRule, subject: string, admitted: Admitted): void {
    if (!admitted.counted || admitted.charge.givenBack) return
    const { charge } = admitted
    charge.givenBack = true
    const slot = this.#tableOf(rule)?.slots.get(subject)
    if (slot === undefined || this.#counters.life(slot) !== charge.life) return
    this.#counters.giveBack(slot, charge.bucket, charge.cost)
  }

  forgetIdle(nowMs: number): void {
    while (this.#forgetIdlestIfSpent(nowMs));
  }

  stats(): MemoryStoreStats {
    return {
      subjectsTracked: this.#holders.length - this.#freeSlots.length,
      evictedLive: this.#evictedLive,
    }
  }

  idlestMs(nowMs: number): number {
    const slot = this.#recency.idlest()
    if (slot === undefined) return 0
    const { windowSeconds } = this.#holderOf(slot).table
    const countedMs = (this.#counters.newestBucket(slot) * windowSeconds * 1000) / bucketsPerWindow
    return Math.max(0, nowMs - countedMs)
  }

  #refuse(rule: LimitRule, slot: number, nowMs: number, cost: number): LimitReached {
    const total = this.#counters.total(slot)
    // Where rules share counters, a lower limit can find more charges in the window than it allows.
    const excess = Math.max(0, total - rule.limit)
    return {
      admitted: false,
      because: 'limit_reached',
      limit: rule.limit,
      remaining: rule.limit - total + excess,
      resetSeconds: this.#secondsUntilFreed(rule, slot, nowMs, excess + 1),
      retryAfterSeconds: this.#secondsUntilFreed(rule, slot, nowMs, total + cost - rule.limit),
    }
  }

  #secondsUntilFreed(rule: LimitRule, slot: number, nowMs: number, wanted: number): number {
    return toSecondsUntilGone(rule.windowSeconds, this.#counters.bucketThatFrees(slot, wanted), nowMs)
  }

  #tableOf({ name, windowSeconds }: LimitRule): RuleTable | undefined {
    const latest = this.#latestTable
    // Most decisions follow another one under the same rule.
    if (latest?.name === name && latest.windowSeconds === windowSeconds) return latest
    const table = this.#tables.get(windowSeconds)?.get(name)
    this.#latestTable = table
    return table
  }

  #openTable(rule: LimitRule): RuleTable {
    assertLimitRule(rule)
    const { name, windowSeconds } = rule
    const table: RuleTable = { name, windowSeconds, slots: new Map() }
    const tables = this.#tables.get(windowSeconds) ?? new Map<string, RuleTable>()
    this.#tables.set(windowSeconds, tables.set(name, table))
    return table
  }

  #slotOf(table: RuleTable, subject: string, nowMs: number): number {
    const known = table.slots.get(subject)
    if (known === undefined) return this.#openSlot(table, subject, nowMs)
    this.#recency.touch(known)
    return known
  }

  #openSlot(table: RuleTable, subject: string, nowMs: number): number {
    // Up to two are dropped for each new one, so that the table shrinks after a burst even while others arrive.
    if (this.#forgetIdlestIfSpent(nowMs)) this.#forgetIdlestIfSpent(nowMs)
    const slot = this.#freeSlots.pop() ?? this.#unusedSlot() ?? this.#evictIdlest(nowMs)
    this.#holders[slot] = { table, subject }
    this.#counters.begin(slot, toBucket(table.windowSeconds, nowMs))
    this.#recency.add(slot)
    table.slots.set(subject, slot)
    return slot
  }

  #unusedSlot(): number | undefined {
    return this.#holders.length < this.#subjectsMax ? this.#holders.length : undefined
  }

  #evictIdlest(nowMs: number): number {
    const slot = this.#recency.idlest()
    if (slot === undefined) throw new Error('A full store has an idlest subject')
    if (!this.#isSpent(slot, nowMs)) this.#evictedLive++
    this.#forget(slot)
    return slot
  }

  #forgetIdlestIfSpent(nowMs: number): boolean {
    const slot = this.#recency.idlest()
    if (slot === undefined || !this.#isSpent(slot, nowMs)) return false
    this.#forget(slot)
    this.#freeSlots.push(slot)
    return true
  }

  /** Whether no trailing window contains the slot's last use any more. */
  #isSpent(slot: number, nowMs: number): boolean {
    const bucket = toBucket(this.#holderOf(slot).table.windowSeconds, nowMs)
    return bucket - this.#counters.newestBucket(slot) >= bucketsCounted
  }

  #forget(slot: number): void {
    const { table, subject } = this.#holderOf(slot)
    table.slots.delete(subject)
    this.#recency.remove(slot)
    this.#holders[slot] = undefined
  }

  #holderOf(slot: number): Holder {
    const holder = this.#holders[slot]
    if (holder === undefined) throw new Error(`Limit slot ${slot} has no holder`)
    return holder
  }
}
