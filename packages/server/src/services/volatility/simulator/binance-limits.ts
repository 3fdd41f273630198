import type { Timeline } from '@gatehouse/kernel/clock'
import { json, type SimulatedReply, type SimulatedRequest } from './listener.ts'

const minuteMs = 60_000
const attemptsMax = 300
const attemptsMs = 300_000
/** The number of requests after a 429 that lead to a ban (our choice; Binance does not document it). */
const patience = 3
const banMsMin = 120_000
const banMsMax = 259_200_000
const offencesMax = 3
const refusalMs = 120_000

type Address = {
  minute: number
  used: number
  ignored: number
  bans: number
  bannedUntilMs: number
  attemptsMs: number[]
  offencesMs: number[]
  refusedUntilMs: number
}

/** Binance's limits per address: request weight, connection attempts, and messages per second. */
export class BinanceLimits {
  readonly #timeline: Timeline
  readonly #weightMax: number
  readonly #addresses = new Map<string, Address>()

  constructor(timeline: Timeline, weightMax: number) {
    this.#timeline = timeline
    this.#weightMax = weightMax
  }

  count({ address }: SimulatedRequest, weight: number, answer: () => SimulatedReply): SimulatedReply {
    const nowMs = this.#timeline.now()
    const state = this.#of(address)
    if (nowMs < state.bannedUntilMs) return this.#banned(state, nowMs)
    const minute = Math.floor(nowMs / minuteMs)
    if (minute !== state.minute) Object.assign(state, { minute, used: 0, ignored: 0 })
    state.used += weight
    if (state.used > this.#weightMax) {
      state.ignored += 1
      if (state.ignored > patience) {
        state.bannedUntilMs = nowMs + Math.min(banMsMax, banMsMin * 2 ** state.bans)
        state.bans += 1
        return this.#banned(state, nowMs)
      }
      const seconds = Math.ceil(((minute + 1) * minuteMs - nowMs) / 1_000)
      const msg = `Too much request weight used; current limit is ${this.#weightMax} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`
      return json(429, { code: -1003, msg }, { 'Retry-After': String(seconds) })
    }
    const reply = answer()
    return { ...reply, headers: { ...reply.headers, 'X-MBX-USED-WEIGHT-1M': String(state.used) } }
  }

  admit(address: string): SimulatedReply | undefined {
    const nowMs = this.#timeline.now()
    const state = this.#of(address)
    if (nowMs < state.refusedUntilMs) return json(403, {})
    state.attemptsMs = [...state.attemptsMs.filter((at) => at > nowMs - attemptsMs), nowMs]
    if (state.attemptsMs.length <= attemptsMax) return undefined
    const msg = `Too many connection attempts from IP; current limit is ${attemptsMax} per '5m'.`
    return json(429, { code: -1034, msg })
  }

  offend(address: string): void {
    const nowMs = this.#timeline.now()
    const state = this.#of(address)
    state.offencesMs = [...state.offencesMs.filter((at) => at > nowMs - attemptsMs), nowMs]
    if (state.offencesMs.length >= offencesMax) state.refusedUntilMs = nowMs + refusalMs
  }

  #banned({ bannedUntilMs }: Address, nowMs: number): SimulatedReply {
    const msg = `Way too much request weight used; IP banned until ${bannedUntilMs}. Please use WebSocket Streams for live updates to avoid bans.`
    const seconds = Math.ceil((bannedUntilMs - nowMs) / 1_000)
    return json(418, { code: -1003, msg }, { 'Retry-After': String(seconds) })
  }

  #of(address: string): Address {
    let state = this.#addresses.get(address)
    if (state === undefined) {
      state = {
        minute: 0,
        used: 0,
        ignored: 0,
        bans: 0,
        bannedUntilMs: 0,
        attemptsMs: [],
        offencesMs: [],
        refusedUntilMs: 0,
      }
      this.#addresses.set(address, state)
    }
    return state
  }
}
