import { Counters } from './counters.ts'
import { assertLimitRule, type LimitRule } from './limit-rule.ts'
import { assertCost, type Charge, type LimitDecision, type LimitStore } from './limit-store.ts'
import { Recency } from './recency.ts'
import { toBucket, toSecondsUntilGone } from './window.ts'

/** No limiter state lives longer than this after its last use. */
export const idleMsMax = 2 * 60 * 60 * 1000

export type MemoryLimitStoreOptions = {
  /** Keys tracked at once, over all rules; about 0.4 kB each. */
  readonly keysMax: number
}

export type MemoryLimitStats = {
  readonly trackedKeys: number
  /** Keys that made room while some of their requests still counted: above zero, `keysMax` is too small. */
  readonly liveKeysEvicted: number
}

type RuleTable = { readonly windowSeconds: number; readonly slots: Map<string, number> }
type Tenant = { readonly table: RuleTable; readonly key: string; readonly counter: number; usedMs: number }

/**
 * The limiter of a single node. It answers at once, and its memory is bounded: a new key that finds no room takes the
 * place of the key that was idle longest. Refusing the newcomer instead would let whoever sends from many addresses lock
 * everyone else out; what is given up is that a sender with more than `keysMax` addresses can have its own idlest counts
 * forgotten, and such a sender could as well use each address once.
 *
 * Feed it a clock that does not jump, such as `clock.monotonic()`.
 */
export class MemoryLimitStore implements LimitStore {
  readonly #tables = new Map<string, RuleTable>()
  readonly #counters: Counters
  readonly #recency: Recency
  readonly #tenants: (Tenant | undefined)[] = []
  readonly #freeSlots: number[] = []
  readonly #keysMax: number
  #countersBegun = 0
  #liveKeysEvicted = 0

  constructor({ keysMax }: MemoryLimitStoreOptions) {
    if (!Number.isInteger(keysMax) || keysMax < 1) throw new Error('keysMax must be a whole number from 1')
    this.#keysMax = keysMax
    this.#counters = new Counters(keysMax)
    this.#recency = new Recency(keysMax)
  }

  take(rule: LimitRule, key: string, nowMs: number, cost = 1): LimitDecision {
    assertCost(rule, cost)
    const table = this.#tableOf(rule)
    const slot = this.#slotOf(table, key, nowMs)
    const counters = this.#counters
    counters.advance(slot, toBucket(rule.windowSeconds, nowMs))
    const total = counters.total(slot)
    if (total + cost > rule.limit) return this.#refuse(rule, slot, nowMs, cost)
    counters.charge(slot, cost)
    return {
      admitted: true,
      counted: true,
      rule,
      remaining: rule.limit - total - cost,
      resetSeconds: this.#secondsUntilFreed(rule, slot, nowMs, 1),
      charge: {
        rule,
        key,
        cost,
        bucket: counters.newestBucket(slot),
        counter: this.#tenantOf(slot).counter,
        givenBack: false,
      },
    }
  }

  giveBack(charge: Charge): void {
    if (charge.givenBack) return
    charge.givenBack = true
    const slot = this.#tables.get(charge.rule.name)?.slots.get(charge.key)
    if (slot === undefined || this.#tenantOf(slot).counter !== charge.counter) return
    this.#counters.giveBack(slot, charge.bucket, charge.cost)
  }

  /** Drops every key that has been idle for 2 hours. Call it now and then: without requests nothing else would. */
  forgetIdle(nowMs: number): void {
    while (this.#forgetIdlestAfter(nowMs));
  }

  stats(): MemoryLimitStats {
    return {
      trackedKeys: this.#tenants.length - this.#freeSlots.length,
      liveKeysEvicted: this.#liveKeysEvicted,
    }
  }

  #refuse(rule: LimitRule, slot: number, nowMs: number, cost: number): LimitDecision {
    const total = this.#counters.total(slot)
    // A rule whose limit was lowered can find more in its window than it now allows.
    const excess = Math.max(0, total - rule.limit)
    return {
      admitted: false,
      because: 'limit_reached',
      rule,
      remaining: rule.limit - total + excess,
      resetSeconds: this.#secondsUntilFreed(rule, slot, nowMs, excess + 1),
      retryAfterSeconds: this.#secondsUntilFreed(rule, slot, nowMs, total + cost - rule.limit),
    }
  }

  #secondsUntilFreed(rule: LimitRule, slot: number, nowMs: number, wanted: number): number {
    return toSecondsUntilGone(rule.windowSeconds, this.#counters.bucketThatFrees(slot, wanted), nowMs)
  }

  #tableOf(rule: LimitRule): RuleTable {
    const known = this.#tables.get(rule.name)
    if (known === undefined) return this.#openTable(rule)
    if (known.windowSeconds === rule.windowSeconds) return known
    throw new Error(`Limit rule "${rule.name}" was first used with a window of ${known.windowSeconds} s`)
  }

  #openTable(rule: LimitRule): RuleTable {
    assertLimitRule(rule)
    const table: RuleTable = { windowSeconds: rule.windowSeconds, slots: new Map() }
    this.#tables.set(rule.name, table)
    return table
  }

  #slotOf(table: RuleTable, key: string, nowMs: number): number {
    const known = table.slots.get(key)
    if (known === undefined) return this.#openSlot(table, key, nowMs)
    this.#tenantOf(known).usedMs = nowMs
    this.#recency.touch(known)
    return known
  }

  #openSlot(table: RuleTable, key: string, nowMs: number): number {
    // Two for one: a crowd that has gone idle leaves even if every newcomer is new.
    if (this.#forgetIdlestAfter(nowMs)) this.#forgetIdlestAfter(nowMs)
    const slot = this.#freeSlots.pop() ?? this.#unusedSlot() ?? this.#evictIdlest(nowMs)
    this.#tenants[slot] = { table, key, counter: ++this.#countersBegun, usedMs: nowMs }
    this.#counters.begin(slot, toBucket(table.windowSeconds, nowMs))
    this.#recency.add(slot)
    table.slots.set(key, slot)
    return slot
  }

  #unusedSlot(): number | undefined {
    return this.#tenants.length < this.#keysMax ? this.#tenants.length : undefined
  }

  #evictIdlest(nowMs: number): number {
    const slot = this.#recency.idlest()
    if (slot === undefined) throw new Error('A full limit store has no idlest key')
    this.#counters.advance(slot, toBucket(this.#tenantOf(slot).table.windowSeconds, nowMs))
    if (this.#counters.total(slot) > 0) this.#liveKeysEvicted++
    this.#forget(slot)
    return slot
  }

  #forgetIdlestAfter(nowMs: number): boolean {
    const slot = this.#recency.idlest()
    if (slot === undefined || nowMs - this.#tenantOf(slot).usedMs < idleMsMax) return false
    this.#forget(slot)
    this.#freeSlots.push(slot)
    return true
  }

  #forget(slot: number): void {
    const { table, key } = this.#tenantOf(slot)
    table.slots.delete(key)
    this.#recency.remove(slot)
    this.#tenants[slot] = undefined
  }

  #tenantOf(slot: number): Tenant {
    const tenant = this.#tenants[slot]
    if (tenant === undefined) throw new Error(`Limit slot ${slot} has no key`)
    return tenant
  }
}
