import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyBody } from '../contract/decision-policy.ts'
import { flatAuto, gateAsync } from '../testing/decision-bodies.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { getPolicy, setPolicy } from './decision-policy.ts'
import { getDecision, listDecisions, listQueue, replayDecision } from './read-decisions.ts'

let test: TestOversight
const { act, eventsOf, send } = useDecisions(() => test)

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

describe('the policy', () => {
  it('has versions, and a change that rests on an older one is refused', async () => {
    const key = await test.found()
    const first = await getPolicy(test.deps, key, test.context())
    expect(first.value).toMatchObject({
      version: 1,
      routes: { async_review: 0.35, must_review: 0.6 },
      expiry: { async_review_s: 259_200, must_review_s: 14_400 },
      fallback: { async_review: 'policy_blocked' },
    })
    const change = (ifMatch: string | undefined, async_review: number) =>
      setPolicy(
        test.deps,
        key,
        policyBody.parse({ routes: { async_review, must_review: 0.6 } }),
        test.context(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      )
    const etag = String(first.headers['etag'])
    const second = await change(etag, 0.3)
    expect(second.value).toMatchObject({ version: 2, policy_version_id: 'pol_2' })
    expect(await codeOf(change(etag, 0.2))).toBe('VERSION_MISMATCH')
    expect((await change(undefined, 0.2)).value.version).toBe(3)
    expect(await send(key, flatAuto)).toMatchObject({
      routing_decision: 'async_review',
      policy_version_id: 'pol_3',
    })
    const two = await Promise.all([codeOf(change('"pol_3"', 0.1)), codeOf(change('"pol_3"', 0.15))])
    expect(two.toSorted()).toEqual(['VERSION_MISMATCH', 'none'])
    expect((await eventsOf(key)).filter((type) => type === 'POLICY_CHANGED')).toHaveLength(3)
  })

  it.each<[string, object, RegExp]>([
    ['nothing', {}, /at least one of routes/],
    ['thresholds the wrong way round', { routes: { async_review: 0.7, must_review: 0.6 } }, /no higher/],
    ['an expiry of four minutes', { expiry: { async_review_s: 240, must_review_s: 300 } }, /300/],
    ['a fallback that waits', { fallback: { async_review: 'must_review' } }, /auto, policy_blocked/],
    [
      'a trigger of nine conditions',
      {
        triggers: [
          {
            id: 'x',
            enabled: true,
            minimum_route: 'async_review',
            when: Array.from({ length: 9 }, () => ({ fact: 'stakes', op: 'gt', value: 0 })),
          },
        ],
      },
      /1 to 8 conditions/,
    ],
    [
      'a trigger that lowers',
      { triggers: [{ id: 'x', enabled: true, minimum_route: 'auto', when: [] }] },
      /async_review, must_review/,
    ],
    [
      'an order over a word',
      {
        triggers: [
          {
            id: 'x',
            enabled: true,
            minimum_route: 'async_review',
            when: [{ fact: 'domain', op: 'gt', value: 'legal' }],
          },
        ],
      },
      /must be a number/,
    ],
  ])('%s is refused', (_what, body, message) => {
    expect(JSON.stringify(policyBody.safeParse(body).error?.issues)).toMatch(message)
  })
})

it('every list is in pages that hold everything once, and another organisation sees none of it', async () => {
  const [key, stranger] = [await test.found(), await test.found()]
  const made: string[] = []
  for (let at = 0; at < 5; at += 1) {
    made.push((await send(key, gateAsync)).ai_decision_log_id)
    test.clock.advance(1)
  }
  const walk = async (list: typeof listQueue | typeof listDecisions): Promise<readonly string[]> => {
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await list(test.deps, key, { limit: 2, cursor, status: 'pending' }, test.context())
      found.push(...page.decisions.map((one) => one.ai_decision_log_id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    return found
  }
  expect(await walk(listQueue)).toEqual(made)
  expect(await walk(listDecisions)).toEqual(made.toReversed())
  const [id = ''] = made
  for (const ask of [
    () => getDecision(test.deps, stranger, id, test.context()),
    () => replayDecision(test.deps, stranger, id, test.context()),
    () => act(stranger, id, { action: 'approve' }),
  ])
    expect(await codeOf(ask())).toBe('NOT_FOUND')
  expect((await listDecisions(test.deps, stranger, { limit: 50 }, test.context())).count).toBe(0)
})
