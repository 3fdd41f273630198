import { verifyChain } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { LinkPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contestDecisionBody } from '../contract/contests.ts'
import { oversightEndpoints } from '../contract/endpoints.ts'
import { contestBody, ownRecordReply } from '../contract/own-record.ts'
import { batchBody } from '../contract/scoring.ts'
import { profileReply } from '../contract/views.ts'
import { foldState } from '../domain/operator-state.ts'
import { findState, listOperatorDays } from '../store/state-store.ts'
import { sumOrgDays } from '../store/view-store.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { memberOf, payloadsOf, personOf, sendH80 } from '../testing/people.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { decideContest, lapseContests, listContests, openContest } from './contests.ts'
import { getProfile } from './get-profile.ts'
import { listAlerts } from './read-alerts.ts'
import { getOwnRecord, listOwnInteractions } from './own-record.ts'
import { getScore, replayScore } from './read-scores.ts'
import { scoreBatch } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

const dayMs = 86_400_000
const where = (operatorId: string) => ({ operatorId, domain: 'financial' }) as const

const entriesOf = (key: Caller, action: string) => payloadsOf(test, key, action)

const contest = (who: LinkPrincipal, body: object) =>
  openContest(test.deps, who, contestBody.parse({ reason: 'wrong_outcome', ...body }), test.context())

const decide = (who: MemberPrincipal | Caller, id: string, body: object) =>
  decideContest(test.deps, who, id, contestDecisionBody.parse(body), test.context())

const profileOf = async (key: Caller, operatorId = 'h80') =>
  profileReply.parse(await getProfile(test.deps, key, operatorId, { window: '90' }, test.context()))

async function foldsAlike(key: Caller, operatorId = 'h80'): Promise<void> {
  const { state, days } = await within(test.deps, key, async (tx) => ({
    state: (await findState(tx, where(operatorId)))?.state,
    days: await listOperatorDays(tx, where(operatorId), 0),
  }))
  expect(state).toMatchObject(foldState(days, state?.asOfDay ?? 0))
}

describe('upheld-contest-removes-exactly-that-interaction', () => {
  it('what stays scores as if it had never been sent, and what was received before stays true', async () => {
    const [key, other] = [await test.found(), await test.found()]
    await sendH80(test, key)
    // The same history without its third decision.
    const rest = h80Bodies(test.clock.now()).filter((_, at) => at !== 2)
    const interactions = rest.map(({ interaction, session_id: id }) => ({ ...interaction, session_id: id }))
    const body = { session_id: 'b', operator_id: 'h80', domain: 'financial', interactions }
    await scoreBatch(test.deps, other, batchBody.parse(body), test.context())

    const before = await getScore(test.deps, key, 'h80:h80-079', test.context())
    const { contest: opened } = await contest(personOf(key), { session_id: 'h80:h80-002' })
    expect(await entriesOf(key, 'CONTEST_OPENED')).toHaveLength(1)
    expect((await profileOf(key)).profile.open_contests).toBe(1)
    const { contest: decided } = await decide(memberOf(key), opened.contest_id, {
      decision: 'upheld',
      exclude: true,
    })
    expect(decided).toMatchObject({ state: 'upheld', remedy: { kind: 'exclude' } })
    expect(await entriesOf(key, 'INTERACTION_EXCLUDED')).toHaveLength(1)
    expect(await entriesOf(key, 'CONTEST_DECIDED')).toHaveLength(1)

    const [mine, theirs] = [await profileOf(key), await profileOf(other)]
    // Tags of later decisions stay what they were, so what they feed alone may differ.
    expect(mine.profile.total_interactions).toBe(79)
    expect(mine.profile.statistics).toEqual(theirs.profile.statistics)
    expect(mine.profile.dimensions.independent_performance).toBe(
      theirs.profile.dimensions.independent_performance,
    )
    expect(mine.reliance.over_reliance).toEqual(theirs.reliance.over_reliance)
    await foldsAlike(key)
    const [sumMine, sumTheirs] = await Promise.all(
      [key, other].map((one) => within(test.deps, one, (tx) => sumOrgDays(tx, 'financial', null))),
    )
    expect(sumMine?.side).toEqual(sumTheirs?.side)
    expect(await getScore(test.deps, key, 'h80:h80-079', test.context())).toEqual(before)
    expect(await replayScore(test.deps, key, 'h80:h80-079', test.context())).toMatchObject({
      identical: true,
    })
    expect(await verifyChain(test.deps, key, test.publicKeys)).toMatchObject({ intact: true })
  })

  it('a correction counts what is right from then on, and refuses what contradicts the decision', async () => {
    const key = await test.found()
    await sendH80(test, key)
    const { contest: opened } = await contest(personOf(key), { session_id: 'h80:h80-001' })
    await expect(
      decide(memberOf(key), opened.contest_id, {
        decision: 'upheld',
        correct: { outcome_correct: false, ai_correct: true },
      }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    await decide(memberOf(key), opened.contest_id, {
      decision: 'upheld',
      correct: { outcome_correct: false },
    })
    const { interactions } = await getScore(test.deps, key, 'h80:h80-001', test.context())
    expect(interactions[0]).toMatchObject({ inputs: { outcome_correct: false }, state: 'open' })
    expect(await entriesOf(key, 'INTERACTION_CORRECTED')).toHaveLength(1)
    await foldsAlike(key)
  })

  it('one is open at a time, of one’s own decisions alone, and somebody else decides it once', async () => {
    const key = await test.found()
    await sendH80(test, key)
    await sendH80(test, key, 'other', 3)
    await expect(contest(personOf(key), { session_id: 'other:h80-000' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const { contest: opened } = await contest(personOf(key), { session_id: 'h80:h80-002' })
    await expect(contest(personOf(key), { session_id: 'h80:h80-002' })).rejects.toMatchObject({
      code: 'CONTEST_OPEN',
    })
    const rejected = { decision: 'rejected', reason: 'The case was checked twice.' }
    // The key that sent it does not decide; nor does another organisation see it.
    await expect(decide(key, opened.contest_id, rejected)).rejects.toMatchObject({
      code: 'CONTEST_NOT_YOURS',
    })
    await expect(decide(memberOf(await test.found()), opened.contest_id, rejected)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const both = await Promise.allSettled([
      decide(memberOf(key), opened.contest_id, rejected),
      decide(memberOf(key, 'ben'), opened.contest_id, { decision: 'upheld', exclude: true }),
    ])
    expect(both.map(({ status }) => status).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'fulfilled',
      'rejected',
    ])
    const list = (state: 'open' | 'rejected' | 'upheld') =>
      listContests(test.deps, key, { state, limit: 10 }, test.context())
    expect((await list('open')).contests).toEqual([])
  })
})

it('an alert that rests on something contested says so, until it is decided', async () => {
  const key = await test.found()
  await sendH80(test, key)
  const marks = async () => {
    const query = { limit: 10 } as const
    const { alerts } = await listAlerts(test.deps, key, query, test.context())
    return alerts.map(({ contested }) => contested)
  }
  expect(await marks()).toEqual([false])
  const { contest: opened } = await contest(personOf(key), { session_id: 'h80:h80-002' })
  expect(await marks()).toEqual([true])
  await decide(memberOf(key), opened.contest_id, { decision: 'rejected', reason: 'It was checked.' })
  expect(await marks()).toEqual([false])
})

describe('undecided-contest-favours-the-person', () => {
  it('to the last millisecond of the thirtieth day it can be decided; then the decision is excluded', async () => {
    const key = await test.found()
    await sendH80(test, key)
    const { contest: opened } = await contest(personOf(key), { session_id: 'h80:h80-002' })
    test.clock.advance(30 * dayMs - 1)
    expect(await lapseContests(test.deps)).toBe(0)
    test.clock.advance(1)
    // Whoever is late decides nothing any more, whether the job has run or not.
    await expect(
      decide(memberOf(key), opened.contest_id, { decision: 'rejected', reason: 'Late.' }),
    ).rejects.toMatchObject({ code: 'CONTEST_DECIDED' })
    expect(await lapseContests(test.deps)).toBe(1)
    expect(await lapseContests(test.deps)).toBe(0)
    const { interactions } = await getScore(test.deps, key, 'h80:h80-002', test.context())
    expect(interactions[0]?.state).toBe('excluded')
    const record = await getOwnRecord(test.deps, personOf(key), { window: 'all' }, test.context())
    expect(record.contests).toMatchObject([{ state: 'lapsed', remedy: { kind: 'exclude' } }])
    expect(await entriesOf(key, 'INTERACTION_EXCLUDED')).toMatchObject([{ actor_kind: 'system' }])
    test.clock.advance(-30 * dayMs)
  })
})

describe('every-look-at-a-profile-is-visible-to-its-owner', () => {
  it('once for each who looked on each day, in the chain and in the record, and one’s own look is in the record', async () => {
    const key = await test.found()
    await sendH80(test, key)
    const look = (who: MemberPrincipal | Caller) =>
      getProfile(test.deps, who, 'h80', { window: '90' }, test.context())
    await Promise.all([look(memberOf(key)), look(memberOf(key)), look(memberOf(key))])
    await look(key)
    // Whoever reads or replays one of the scores has looked, too.
    await getScore(test.deps, memberOf(key, 'ben'), 'h80:h80-001', test.context())
    await replayScore(test.deps, memberOf(key, 'ben'), 'h80:h80-001', test.context())
    test.clock.advance(dayMs)
    await look(memberOf(key))
    const record = await getOwnRecord(test.deps, personOf(key), { window: '90' }, test.context())
    expect(record.views.map(({ kind, name, key_prefix: prefix }) => [kind, name ?? prefix])).toEqual([
      ['link', null],
      ['member', 'Name of mia'],
      ['key', 'ck_live_12345678'],
      ['member', 'Name of ben'],
      ['member', 'Name of mia'],
    ])
    expect(await entriesOf(key, 'PROFILE_VIEWED')).toHaveLength(4)
    test.clock.advance(-dayMs)
  })
})

describe('an own record', () => {
  it('holds every figure that the organisation sees, and each decision with what it did to the score', async () => {
    const key = await test.found()
    await sendH80(test, key)
    const seen = await profileOf(key)
    const record = ownRecordReply.parse(
      await getOwnRecord(test.deps, personOf(key), { window: '90' }, test.context()),
    )
    const { request_id: _id, timestamp: _at, ...figures } = seen
    expect(record.profiles).toEqual([figures])
    const first = await listOwnInteractions(test.deps, personOf(key), { limit: 50 }, test.context())
    expect(first.interactions).toHaveLength(50)
    expect(first.interactions[0]).toMatchObject({
      session_id: 'h80:h80-079',
      effects: [{ kind: 'score', jis_after: 56.8 }],
    })
    const rest = await listOwnInteractions(
      test.deps,
      personOf(key),
      { limit: 50, cursor: first.next_cursor ?? '' },
      test.context(),
    )
    expect(rest.interactions).toHaveLength(30)
    expect(rest.interactions.at(-1)?.effects).toEqual([
      expect.objectContaining({ jis_before: null, jis_after: null }),
    ])
    expect(rest.next_cursor).toBeNull()
  })

  it('small-samples-appear-nowhere: below the minimum a person sees their counts, and no score either', async () => {
    const key = await test.found()
    await sendH80(test, key, 'new', 19)
    const record = await getOwnRecord(test.deps, personOf(key, 'new'), { window: '90' }, test.context())
    expect(record.profiles).toMatchObject([
      { displayed_jis: null, profile: { withheld: 'minimum_data', total_interactions: 19 }, jis_history: [] },
    ])
    const { interactions } = await listOwnInteractions(
      test.deps,
      personOf(key, 'new'),
      { limit: 100 },
      test.context(),
    )
    const shown = interactions.flatMap(({ effects }) => effects.map((effect) => effect.jis_after))
    expect(new Set(shown)).toEqual(new Set([null]))
  })
})

it('no-call-acts-on-a-person: no operation suspends, demotes, blocks or schedules anybody', () => {
  const words = /suspend|demote|block|schedule|punish|restrict|dismiss|rank/i
  // The operator of the instance may suspend an organisation, which is no person; and a list says that it ranks nobody.
  const acts = oversightEndpoints.filter(
    ({ id, summary, path }) =>
      !path.startsWith('/v1/admin/') &&
      (words.test(id) || words.test(summary.replace('nobody is ranked', ''))),
  )
  expect(acts.map(({ id }) => id)).toEqual([])
})
