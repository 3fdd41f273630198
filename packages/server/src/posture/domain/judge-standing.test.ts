import { expect, it } from 'vitest'
import { isDue, judgeStanding, type LastEvidence } from './judge-standing.ts'

const minuteMs = 60_000
const last: LastEvidence = {
  verdict: 'holds',
  because: null,
  figures: { seenMs: 7 },
  endedMs: 1_000_000,
  build: 'b1',
  policy: 'p1',
}
const at = (nowMs: number) => ({ nowMs, build: 'b1', policy: 'p1' })

it('stale-evidence-is-unknown: good until twice its interval has gone by, and unknown a millisecond later', () => {
  const staleMs = last.endedMs + 2 * 60 * minuteMs
  expect(judgeStanding(last, 60, at(staleMs))).toMatchObject({ verdict: 'holds', figures: { seenMs: 7 } })
  expect(judgeStanding(last, 60, at(staleMs + 1))).toEqual({
    verdict: 'unknown',
    because: 'The evidence is stale',
    figures: {},
  })
})

it('stale-evidence-is-unknown: nor does it say anything of another build, or of another policy', () => {
  expect(judgeStanding(last, 60, { ...at(last.endedMs), build: 'b2' }).verdict).toBe('unknown')
  expect(judgeStanding(last, 60, { ...at(last.endedMs), policy: 'p2' }).verdict).toBe('unknown')
  expect(judgeStanding(undefined, 60, at(last.endedMs)).verdict).toBe('unknown')
})

it('what fails goes on to fail, and says why', () => {
  const failed: LastEvidence = { ...last, verdict: 'fails', because: 'seven came' }
  expect(judgeStanding(failed, 60, at(last.endedMs))).toMatchObject({
    verdict: 'fails',
    because: 'seven came',
  })
})

it('a claim is due when its interval is over, or when it is not known of this build and policy', () => {
  const dueMs = last.endedMs + 60 * minuteMs
  expect(isDue(last, 60, at(dueMs - 1))).toBe(false)
  expect(isDue(last, 60, at(dueMs))).toBe(true)
  expect(isDue(last, 60, { ...at(last.endedMs), build: 'b2' })).toBe(true)
  expect(isDue(undefined, 60, at(0))).toBe(true)
})

it('what a probe could not see is looked at again within a quarter of an hour, or sooner where that is its interval', () => {
  const unseen: LastEvidence = { ...last, verdict: 'unknown', because: 'The probe came to no result in time' }
  const againMs = last.endedMs + 15 * minuteMs
  expect(isDue(unseen, 360, at(againMs - 1))).toBe(false)
  expect(isDue(unseen, 360, at(againMs))).toBe(true)
  expect(isDue(unseen, 5, at(last.endedMs + 5 * minuteMs))).toBe(true)
})
