import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memberOf, payloadsOf, personOf, sendH80 } from '../testing/people.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf } from '../testing/use-decisions.ts'
import { exportOperator } from './export-operator.ts'
import { getProfile } from './get-profile.ts'
import { listOperatorViews, listOwnViews } from './list-views.ts'
import { getOwnRecord, listOwnInteractions } from './own-record.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

const look = (who: MemberPrincipal | KeyPrincipal) =>
  getProfile(test.deps, who, 'h80', { window: '90' }, test.context())
const viewsOf = (key: KeyPrincipal, limit = 20, cursor?: string) =>
  listOperatorViews(test.deps, key, 'h80', { limit, cursor }, test.context())
const entriesOf = async (key: KeyPrincipal) => (await payloadsOf(test, key, 'PROFILE_VIEWED')).length
const minuteMs = 60_000

describe('who-looked-is-told-with-when-how-often-and-by-what', () => {
  it('a reader who polls is one row a day, with the first look, the last and how many', async () => {
    const key = await test.found()
    await sendH80(test, key)
    const firstAtMs = test.clock.now()
    await look(memberOf(key))
    for (let minute = 1; minute <= 30; minute += 1) {
      test.clock.advance(minuteMs)
      await look(memberOf(key))
    }
    await look(key)
    expect((await viewsOf(key)).views).toMatchObject([
      { kind: 'key', name: null, key_prefix: 'ck_live_12345678', ways: ['api'], looks: 1 },
      {
        kind: 'member',
        name: 'Name of mia',
        key_prefix: null,
        ways: ['screen'],
        first_at: new Date(firstAtMs).toISOString(),
        last_at: new Date(firstAtMs + 30 * minuteMs).toISOString(),
        looks: 3,
      },
    ])
    expect(await entriesOf(key)).toBe(2)
    test.clock.advance(-30 * minuteMs)
  })

  it('an export of all that is held says so, also where the reader has just looked', async () => {
    const key = await test.found()
    await sendH80(test, key)
    await look(memberOf(key))
    await exportOperator(test.deps, memberOf(key), 'h80')
    expect((await viewsOf(key)).views).toMatchObject([{ ways: ['screen', 'export'], looks: 2 }])
    expect(await entriesOf(key)).toBe(1)
  })

  it('readers at the same moment lose none of each other, and one is an entry once', async () => {
    const key = await test.found()
    await sendH80(test, key)
    const all = ['mia', 'ben', 'mia', 'ben', 'mia'].map((name) => look(memberOf(key, name)))
    await Promise.all([...all, look(key)])
    expect((await viewsOf(key)).views).toHaveLength(3)
    expect(await entriesOf(key)).toBe(3)
  })

  it('everything is in pages once, newest first, also where many looked at one moment', async () => {
    const key = await test.found()
    await sendH80(test, key)
    for (const name of ['a', 'b', 'c', 'd']) await look(memberOf(key, name))
    test.clock.advance(minuteMs)
    await look(key)
    const names: (string | null)[] = []
    let cursor: string | undefined
    do {
      const page = await viewsOf(key, 2, cursor)
      names.push(...page.views.map(({ name, key_prefix: prefix }) => name ?? prefix))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(names).toEqual(['ck_live_12345678', 'Name of a', 'Name of b', 'Name of c', 'Name of d'])
    test.clock.advance(-minuteMs)
  })

  it('another organisation, and an operator who is not there, have no list', async () => {
    const [key, stranger] = [await test.found(), await test.found()]
    await sendH80(test, key)
    await look(key)
    expect(await codeOf(viewsOf(stranger))).toBe('NOT_FOUND')
    await sendH80(test, stranger)
    expect((await viewsOf(stranger)).views).toEqual([])
  })
})

describe('one’s-own-looks-count-too', () => {
  it('they stand in the record from the look itself on, as by a link, and are no entry of the chain', async () => {
    const key = await test.found()
    await sendH80(test, key)
    await look(memberOf(key))
    const person = personOf(key)
    const record = await getOwnRecord(test.deps, person, { window: '90' }, test.context())
    expect(record.views).toMatchObject([
      { kind: 'link', name: null, ways: ['own_record'], looks: 1 },
      { kind: 'member', name: 'Name of mia' },
    ])
    await listOwnInteractions(test.deps, person, { limit: 20 }, test.context())
    const own = await listOwnViews(test.deps, person, { limit: 20 }, test.context())
    expect(own.views).toEqual(record.views)
    expect((await viewsOf(key)).views).toEqual(record.views)
    expect(await entriesOf(key)).toBe(1)
  })
})
