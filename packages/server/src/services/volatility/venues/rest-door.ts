import type { IncomingHttpHeaders } from 'node:http'
import { EgressError, type EgressPolicy } from '@gatehouse/kernel/egress'
import { parseJson } from './frame.ts'
import type { FeedDeps } from './feed-deps.ts'
import type { ReplyVerdict, Reply } from './market.ts'
import { minuteMs, minuteOf } from './minute.ts'
import { wait } from './wait.ts'

/** A venue gave no usable answer, and why. */
export class VenueError extends Error {
  override readonly name = 'VenueError'
  readonly code: 'banned' | 'unreachable' | 'refused' | 'unreadable' | 'stopped'
  /** When the venue may be asked again, on our clock; undefined for immediately. */
  readonly untilMs: number | undefined

  constructor(code: VenueError['code'], reason: string, options: { untilMs?: number; cause?: unknown } = {}) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.untilMs = options.untilMs
  }
}

export type DoorRules = {
  readonly budget: { readonly burst: number; readonly perSecond: number }
  readonly judge: (reply: Reply) => ReplyVerdict
  readonly usedShare: (headers: IncomingHttpHeaders) => number | undefined
}

export type Door = {
  /** One GET request. Throws a VenueError unless there is an answer that `read` accepts. */
  readonly get: <T>(
    path: string,
    cost: number,
    read: (body: unknown) => T,
    signal?: AbortSignal,
    bytesMax?: number,
  ) => Promise<T>
  /** Until when no requests are sent; undefined if they are allowed. */
  readonly ban: () => { readonly untilMs: number; readonly reason: string } | undefined
}

const replyWithinMs = 10_000
const replyBytesMax = 1_048_576

/**
 * REST access to one venue with its own request budget and circuit breaker. After the venue refused further requests,
 * none is sent until the time that it named, not even queued ones.
 */
export function createDoor(
  { egress, timeline, random }: Pick<FeedDeps, 'egress' | 'timeline' | 'random'>,
  rules: DoorRules,
  origin: string,
  policy: EgressPolicy,
): Door {
  const { burst, perSecond } = rules.budget
  const state = { tokens: burst, atMs: timeline.monotonic(), notBeforeMs: 0 }
  let shut:
    | { readonly untilMonotonicMs: number; readonly untilMs: number; readonly reason: string }
    | undefined
  let turn: Promise<void> = Promise.resolve()

  const ban = (): typeof shut => {
    if (shut !== undefined && timeline.monotonic() >= shut.untilMonotonicMs) shut = undefined
    return shut
  }
  const assertOpen = (): void => {
    const now = ban()
    if (now !== undefined) throw new VenueError('banned', now.reason, { untilMs: now.untilMs })
  }
  const shutFor = (waitMs: number, reason: string): void => {
    // A second longer than the venue said, because the two clocks can differ.
    const restMs = waitMs + 1_000
    const untilMonotonicMs = timeline.monotonic() + restMs
    if (shut === undefined || untilMonotonicMs > shut.untilMonotonicMs)
      shut = { untilMonotonicMs, untilMs: timeline.now() + restMs, reason }
  }

  const take = async (cost: number, signal: AbortSignal): Promise<void> => {
    for (;;) {
      const nowMs = timeline.monotonic()
      state.tokens = Math.min(burst, state.tokens + ((nowMs - state.atMs) / 1_000) * perSecond)
      state.atMs = nowMs
      if (state.tokens >= cost && nowMs >= state.notBeforeMs) break
      if (signal.aborted) throw new VenueError('stopped', 'stopped')
      assertOpen()
      const needMs = Math.max(((cost - state.tokens) / perSecond) * 1_000, state.notBeforeMs - nowMs)
      await wait(timeline, Math.max(10, needMs), signal)
    }
    state.tokens -= cost
  }
  /** First in, first out, so that no request overtakes a longer waiting one. */
  const queue = (cost: number, signal: AbortSignal): Promise<void> => {
    const mine = turn.then(() => take(cost, signal))
    turn = mine.catch(() => undefined)
    return mine
  }

  const ask = async (path: string, signal: AbortSignal, bytesMax: number): Promise<Reply> => {
    const controller = new AbortController()
    const stop = (): void => controller.abort()
    signal.addEventListener('abort', stop)
    const cancel = timeline.after(replyWithinMs, stop)
    try {
      const { status, headers, body } = await egress.request({
        url: origin + path,
        policy,
        readBody: { bytesMax, whenOver: 'refuse' },
        signal: controller.signal,
      })
      return { status, headers, body: parseJson(body?.toString('utf8') ?? '') }
    } catch (error) {
      if (signal.aborted) throw new VenueError('stopped', 'stopped', { cause: error })
      if (controller.signal.aborted)
        throw new VenueError('unreachable', 'no answer in time', { cause: error })
      if (error instanceof EgressError) throw new VenueError('unreachable', error.code, { cause: error })
      throw error
    } finally {
      cancel()
      signal.removeEventListener('abort', stop)
    }
  }

  const never = new AbortController().signal
  return {
    ban,
    get: async (path, cost, read, signal = never, bytesMax = replyBytesMax) => {
      assertOpen()
      await queue(cost, signal)
      assertOpen()
      const reply = await ask(path, signal, bytesMax)
      const share = rules.usedShare(reply.headers)
      // Others behind the same address use the limit too: if most of it is used, wait for the next minute.
      if (share !== undefined && share > 0.8)
        state.notBeforeMs =
          timeline.monotonic() + (minuteOf(timeline.now()) + minuteMs - timeline.now()) + random() * 1_000
      const verdict = rules.judge(reply)
      if (verdict.kind === 'banned') {
        shutFor(verdict.waitMs, verdict.reason)
        assertOpen()
      }
      if (verdict.kind === 'failed') throw new VenueError('refused', verdict.reason)
      try {
        return read(reply.body)
      } catch (error) {
        throw new VenueError('unreadable', 'an answer that is not what the protocol says', { cause: error })
      }
    },
  }
}
