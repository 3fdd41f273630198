import type { Clock } from '../../clock/index.ts'
import type { Question, Reply } from './dns-message.ts'

/** An answer that can be cached: addresses, texts or an alias, or that there are none. */
export type Answer =
  | { readonly kind: 'found'; readonly values: readonly string[] }
  | { readonly kind: 'missing'; readonly code: 'ENOTFOUND' | 'ENODATA' }

export type AnswerCache = {
  readonly find: (question: Question) => Answer | undefined
  readonly insert: (question: Question, reply: Extract<Reply, Answer>) => void
}

export const cacheRules = {
  ttlSeconds: { min: 5, max: 300 },
  /** A newly registered name should not stay unknown for long. */
  missingTtlSecondsMax: 60,
  answersMax: 50_000,
} as const

/** Caches answers for their TTL, within bounds; when the cache is full, the oldest answer is evicted. */
export function createAnswerCache(clock: Clock, answersMax: number = cacheRules.answersMax): AnswerCache {
  const kept = new Map<string, { readonly answer: Answer; readonly untilMs: number }>()
  return {
    find: (question) => {
      const key = toKey(question)
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      if (entry.untilMs > clock.monotonic()) return entry.answer
      kept.delete(key)
      return undefined
    },
    insert: (question, reply) => {
      const key = toKey(question)
      // Deleted even when the new answer must not be cached: the old one is no longer true.
      kept.delete(key)
      const ttlSeconds = toKeptSeconds(reply)
      if (ttlSeconds === 0) return
      kept.set(key, { answer: toAnswer(reply), untilMs: clock.monotonic() + ttlSeconds * 1_000 })
      const [oldest] = kept.size > answersMax ? kept.keys() : []
      if (oldest !== undefined) kept.delete(oldest)
    },
  }
}

export function toKey({ hostname, type }: Question): string {
  return `${type} ${hostname}`
}

export function toAnswer(reply: Extract<Reply, Answer>): Answer {
  return reply.kind === 'found'
    ? { kind: 'found', values: reply.values }
    : { kind: 'missing', code: reply.code }
}

function toKeptSeconds(reply: Extract<Reply, Answer>): number {
  if (reply.kind === 'missing') return Math.min(reply.ttlSeconds ?? 0, cacheRules.missingTtlSecondsMax)
  const { min, max } = cacheRules.ttlSeconds
  return Math.min(Math.max(reply.ttlSeconds, min), max)
}
