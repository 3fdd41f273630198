import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/index.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { Question } from './dns-message.ts'

const question: Question = { hostname: 'site.test', type: 'A' }
const found = (ttlSeconds: number) => ({ kind: 'found', values: ['192.0.2.1'], ttlSeconds }) as const
const missing = (ttlSeconds: number | undefined) =>
  ({ kind: 'missing', code: 'ENOTFOUND', ttlSeconds }) as const

describe('an answer is kept', () => {
  it.each([
    ['for its TTL', found(60), 60],
    ['for 5 seconds at least', found(0), 5],
    ['for 5 minutes at most', found(86_400), 300],
    ['for as long as the name is said to be missing', missing(10), 10],
    ['for a minute at most, where the name is missing', missing(3_600), 60],
  ])('%s', (_promise, reply, seconds) => {
    const clock = fakeClock()
    const cache = createAnswerCache(clock)
    cache.insert(question, reply)
    clock.advance(seconds * 1_000 - 1)
    expect(cache.find(question)).toMatchObject({ kind: reply.kind })
    expect(cache.find({ ...question, type: 'AAAA' })).toBeUndefined()
    clock.advance(1)
    expect(cache.find(question)).toBeUndefined()
  })

  it.each([0, undefined])('not at all, where the name is missing for %s seconds', (ttlSeconds) => {
    const cache = createAnswerCache(fakeClock())
    cache.insert(question, found(60))
    cache.insert(question, missing(ttlSeconds))
    expect(cache.find(question)).toBeUndefined()
  })

  it('until it is the oldest of too many', () => {
    const cache = createAnswerCache(fakeClock(), 2)
    const other = { ...question, hostname: 'other.test' }
    cache.insert(question, found(60))
    cache.insert(other, found(60))
    cache.insert(question, found(60))
    cache.insert({ ...question, hostname: 'third.test' }, found(60))
    expect(cache.find(other)).toBeUndefined()
    expect(cache.find(question)).toBeDefined()
  })
})
