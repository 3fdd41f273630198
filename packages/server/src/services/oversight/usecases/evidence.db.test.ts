import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScoreReply, scoreReply } from '../contract/blocks.ts'
import { commitBody, scoreBody } from '../contract/scoring.ts'
import { telemetryEventBody, telemetryReply } from '../contract/telemetry.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { commitScore } from './change-score.ts'
import { getScore, replayScore } from './read-scores.ts'
import { scoreInteraction } from './score.ts'
import { openTelemetry, recordTelemetryEvent } from './telemetry.ts'
import { signAnchor } from './telemetry-signature.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

const who = { operator_id: 'analyst-42', session_id: 'sess-001' }

const claimed = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 9_000,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
  hover_events: 9,
  scroll_depth: 0.7,
  alternative_views_checked: 1,
}

type Evidence = {
  readonly nonce: string
  readonly nonce_signature: string
  readonly issued_at_ms: number
  readonly expires_at_ms: number
}

async function open(key: Caller, session = who): Promise<Evidence> {
  const reply = await openTelemetry(test.deps, key, session, test.context())
  const { nonce, nonce_signature, issued_at_ms, expires_at_ms } = reply
  return { nonce, nonce_signature, issued_at_ms, expires_at_ms }
}

async function report(key: Caller, evidence: Evidence, seq: number, type: string, value?: number) {
  const body = telemetryEventBody.parse({ ...who, ...evidence, event_seq: seq, event_type: type, value })
  return recordTelemetryEvent(test.deps, key, body, test.context())
}

/** Two looks, a scroll of 0.7, one alternative, and a decision after four seconds. */
async function look(key: Caller, evidence: Evidence): Promise<void> {
  await report(key, evidence, 1, 'hover')
  await report(key, evidence, 2, 'hover')
  await report(key, evidence, 3, 'scroll', 0.7)
  await report(key, evidence, 4, 'alt_view', 3)
  test.clock.advance(4_000)
  expect(await report(key, evidence, 5, 'decision_committed')).toMatchObject({ accepted: true, reason: null })
}

async function score(key: Caller, evidence: Evidence | null, more: object = {}): Promise<ScoreReply> {
  const body = scoreBody.parse({
    ...who,
    domain: 'financial',
    interaction: { ...claimed, behavioral_attestation: evidence, ...more },
  })
  return scoreReply.parse(await scoreInteraction(test.deps, key, body, 'full', test.context()))
}

const refusalsOf = (key: Caller) =>
  within(test.deps, key, async (tx) => {
    const entries = await listEntries(tx, { actions: ['EVIDENCE_REFUSED'] }, { limit: 100 })
    return entries.map(({ payload }) => (JSON.parse(payload ?? '{}') as { reason?: string }).reason)
  })

describe('a telemetry session', () => {
  it('telemetry-open-has-exactly-seven-members', async () => {
    const key = await test.found()
    const reply = await openTelemetry(test.deps, key, who, test.context())
    expect(Object.keys(telemetryReply.parse(reply)).toSorted()).toEqual([
      'expires_at_ms',
      'issued_at_ms',
      'nonce',
      'nonce_signature',
      'request_id',
      'timestamp',
      'ttl_seconds',
    ])
    expect(reply).toMatchObject({ ttl_seconds: 900, expires_at_ms: reply.issued_at_ms + 900_000 })
    expect(reply.nonce).toMatch(/^[\w-]{43}$/)
  })

  it('is signed as published', () => {
    const signature = signAnchor(Buffer.from(Array.from({ length: 32 }, (_, at) => at)), {
      orgId: '00000000-0000-4000-8000-000000000001',
      operatorId: 'analyst-42',
      sessionId: 'sess-001',
      nonce: Buffer.alloc(32).toString('base64url'),
      issuedAtMs: 1_782_820_800_000,
      expiresAtMs: 1_782_821_700_000,
    })
    expect(signature).toBe('B8jKm7j5-0XTt1ERHi31eKral6mMvbk_aDwNTiBnMqU')
  })

  it('takes an event again, another in its place not, and none once the person decided', async () => {
    const key = await test.found()
    const evidence = await open(key)
    expect(await report(key, evidence, 1, 'hover')).toMatchObject({ accepted: true })
    expect(await report(key, evidence, 1, 'hover')).toMatchObject({ accepted: true })
    expect(await report(key, evidence, 1, 'scroll', 0.5)).toMatchObject({
      accepted: false,
      reason: 'seq_conflict',
    })
    expect(await report(key, evidence, 3, 'decision_committed')).toMatchObject({ accepted: true })
    expect(await report(key, evidence, 4, 'hover')).toMatchObject({ accepted: false, reason: 'closed' })
    // It was on its way when the person decided.
    expect(await report(key, evidence, 2, 'hover')).toMatchObject({ accepted: true })
    await score(key, evidence)
    expect(await report(key, evidence, 2, 'hover')).toMatchObject({ accepted: false, reason: 'used' })
  })

  it('takes events to its last millisecond, and refuses a forged one', async () => {
    const key = await test.found()
    const evidence = await open(key)
    const forged = { ...evidence, nonce_signature: `A${evidence.nonce_signature.slice(1)}A` }
    await expect(report(key, forged, 1, 'hover')).rejects.toMatchObject({
      code: 'TELEMETRY_SIGNATURE_INVALID',
      status: 422,
    })
    // Nor does another organisation's signature hold here.
    await expect(report(await test.found(), evidence, 1, 'hover')).rejects.toMatchObject({
      code: 'TELEMETRY_SIGNATURE_INVALID',
    })
    test.clock.advance(900_000)
    expect(await report(key, evidence, 1, 'hover')).toMatchObject({ accepted: true })
    test.clock.advance(1)
    expect(await report(key, evidence, 2, 'hover')).toMatchObject({ accepted: false, reason: 'expired' })
  })
})

describe('anchored-figures-replace-claims', () => {
  it('in the score, in what is stored, and in a replay that needs no event', async () => {
    const key = await test.found()
    const evidence = await open(key)
    await look(key, evidence)
    const reply = await score(key, evidence)
    expect(reply.evidence).toEqual({
      grade: 'anchored',
      reason: null,
      time_source: 'server',
      discrepancies: ['hover_events', 'time_to_decision_ms'],
      attestation: null,
    })
    const { interactions } = await getScore(test.deps, key, reply.interaction_id, test.context())
    expect(interactions[0]).toMatchObject({
      inputs: {
        hover_events: 2,
        scroll_depth: 0.7,
        alternative_views_checked: 1,
        time_to_decision_ms: 4_000,
      },
      evidence: { grade: 'anchored' },
    })
    expect(await replayScore(test.deps, key, reply.interaction_id, test.context())).toMatchObject({
      identical: true,
    })
    expect(await refusalsOf(key)).toEqual([])
  })

  it('a commit of the same decision keeps what was seen; one that changes it rests on its own evidence', async () => {
    const key = await test.found()
    const commit = (target: string, body: object) =>
      commitScore(test.deps, key, target, commitBody.parse(body), test.context())
    const evidence = await open(key)
    await look(key, evidence)
    const same = await score(key, evidence)
    const kept = await commit(same.interaction_id, {
      decision: 'modified',
      modification_extent: 0.3,
      hover_events: 50,
    })
    expect(kept.evidence).toMatchObject({ grade: 'anchored' })
    const { interactions } = await getScore(test.deps, key, same.interaction_id, test.context())
    expect(interactions[0]?.inputs).toMatchObject({ hover_events: 2, scroll_depth: 0.7 })

    const again = await open(key)
    await look(key, again)
    const other = await score(key, again, { decision: 'accepted', modification_extent: 0 })
    expect(other.evidence).toMatchObject({ grade: 'anchored' })
    const changed = await commit(other.interaction_id, { decision: 'rejected', hover_events: 50 })
    expect(changed.evidence).toMatchObject({ grade: 'asserted', discrepancies: [] })
  })

  it('a commit brings evidence of its own', async () => {
    const key = await test.found()
    const first = await score(key, null)
    const evidence = await open(key)
    await look(key, evidence)
    const body = { decision: 'rejected', time_to_decision_ms: 7_000, behavioral_attestation: evidence }
    const reply = await commitScore(
      test.deps,
      key,
      first.interaction_id,
      commitBody.parse(body),
      test.context(),
    )
    expect(reply.evidence).toMatchObject({ grade: 'anchored', discrepancies: ['time_to_decision_ms'] })
  })
})

describe('forged-or-reused-evidence-never-raises-a-grade', () => {
  it('a second use, a forged signature and a session of somebody else are scored as asserted, each with its entry', async () => {
    const key = await test.found()
    const evidence = await open(key)
    await look(key, evidence)
    await score(key, evidence)
    const used = await score(key, evidence, { time_to_decision_ms: 8_000 })
    expect(used.evidence).toMatchObject({ grade: 'asserted', reason: 'used', discrepancies: [] })
    const fresh = await open(key)
    await look(key, fresh)
    const forged = { ...fresh, expires_at_ms: fresh.expires_at_ms + 1 }
    expect((await score(key, forged, { time_to_decision_ms: 7_000 })).evidence).toMatchObject({
      grade: 'asserted',
      reason: 'signature_invalid',
    })
    const elsewhere = await open(key, { ...who, session_id: 'sess-002' })
    expect((await score(key, elsewhere, { time_to_decision_ms: 6_000 })).evidence).toMatchObject({
      grade: 'asserted',
      reason: 'mismatch',
    })
    expect(await refusalsOf(key)).toEqual(['mismatch', 'signature_invalid', 'used'])
  })

  it('of twenty decisions that show the same session at once, one is anchored', async () => {
    const key = await test.found()
    const evidence = await open(key)
    await look(key, evidence)
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, at) => score(key, evidence, { time_to_decision_ms: 1_000 + at })),
    )
    const grades = replies.map((reply) => reply.evidence.grade)
    expect(grades.filter((grade) => grade === 'anchored')).toHaveLength(1)
    expect(grades.filter((grade) => grade === 'asserted')).toHaveLength(19)
  })

  it('what was seen a day ago holds, a millisecond later it does not', async () => {
    const key = await test.found()
    const evidence = await open(key)
    await look(key, evidence)
    test.clock.advance(86_400_001)
    expect((await score(key, evidence)).evidence).toMatchObject({ grade: 'asserted', reason: 'late' })
    test.clock.advance(-1)
  })
})
