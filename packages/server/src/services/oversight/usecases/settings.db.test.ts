import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchBody, scoreBody } from '../contract/scoring.ts'
import { settingsBody } from '../contract/settings.ts'
import { toStamps } from '../testing/stamps.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { listAlerts } from './read-alerts.ts'
import { replayScore } from './read-scores.ts'
import { scoreBatch, scoreInteraction } from './score.ts'
import { getSettings, setSettings } from './settings.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

const change = async (key: KeyPrincipal, body: object, ifMatch?: string) => {
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch }
  return setSettings(test.deps, key, settingsBody.parse(body), test.context(headers))
}
const read = (key: KeyPrincipal) => getSettings(test.deps, key, test.context())

const stamped = {
  session_id: 's',
  operator_id: 'analyst-42',
  domain: 'financial',
  interaction: {
    ai_recommendation_presented: true,
    ai_available: true,
    time_to_decision_ms: 1_000,
    decision: 'accepted',
    modification_extent: 0,
    scenario_type: 'standard',
    hover_events: 0,
    scroll_depth: 0,
    alternative_views_checked: 0,
  },
}
const score = (key: KeyPrincipal, session_id: string) =>
  scoreInteraction(test.deps, key, scoreBody.parse({ ...stamped, session_id }), 'full', test.context())

describe('the settings of an organisation', () => {
  it('begin with the defaults, as version 1', async () => {
    const { value, headers } = await read(await test.found())
    expect(value).toMatchObject({
      version: 1,
      created_at: null,
      task_type: {},
      decay: {},
      stamp_ms: 1_500,
      default_role_class: 'high_risk',
      early_estimates: false,
      alerts_name_operators: false,
      attest_rp_ids: [],
      zero_telemetry: 'measured',
    })
    expect(headers).toEqual({ etag: '"settings-1"' })
  })

  it('change by what is sent alone, merged by domain; null takes a domain’s own value away', async () => {
    const key = await test.found()
    await change(key, { task_type: { financial: 'binary' }, stamp_ms: 900 })
    await change(key, { task_type: { legal: 'binary' }, decay: { legal: { alpha: 0.2, beta: 0.05 } } })
    const { value } = await change(key, { task_type: { financial: null } })
    expect(value).toMatchObject({ version: 4, task_type: { legal: 'binary' }, stamp_ms: 900 })
    expect(value.task_type).not.toHaveProperty('financial')
    expect((await read(key)).value).toMatchObject({ decay: { legal: { alpha: 0.2, beta: 0.05 } } })
    expect((await read(await test.found())).value).toMatchObject({ version: 1, task_type: {} })
  })

  it('an alert of a kind opens as heavy as the organisation wants it, or not at all', async () => {
    const key = await test.found()
    await change(key, { alert_levels: { rubber_stamping: 'low', below_threshold: 'off' } })
    const body = {
      session_id: 'stamps',
      operator_id: 'stamper',
      domain: 'financial',
      interactions: toStamps(60),
    }
    await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
    const { alerts } = await listAlerts(test.deps, key, { limit: 50 }, test.context())
    expect(alerts).toMatchObject([{ kind: 'rubber_stamping', severity: 'low' }])
  })

  it('a change is an entry, with what it changed and what holds now', async () => {
    const key = await test.found()
    await change(key, { early_estimates: true })
    const [entry] = await within(test.deps, key, (tx) => listEntries(tx, {}, { limit: 1 }))
    expect(entry).toMatchObject({ event_type: 'SETTINGS_CHANGED', resource_id: '2' })
    expect(JSON.parse(entry?.payload ?? '')).toMatchObject({
      detail: { fields: ['early_estimates'], settings: { early_estimates: true } },
    })
  })

  it('refuse a change of another version than the newest, and of two at once one is refused', async () => {
    const key = await test.found()
    const { headers } = await change(key, { stamp_ms: 1_000 }, '"settings-1"')
    expect(headers).toEqual({ etag: '"settings-2"' })
    await expect(change(key, { stamp_ms: 2_000 }, '"settings-1"')).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      status: 412,
    })
    const both = await Promise.allSettled(
      [3_000, 4_000].map((stamp_ms) => change(key, { stamp_ms }, '"settings-2"')),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('are never applied to what is counted already: it replays under its own version', async () => {
    const key = await test.found()
    await score(key, 'before')
    await change(key, { stamp_ms: 500, zero_telemetry: 'unmeasured' })
    const after = await score(key, 'after')
    expect(after.receipt.settings_version).toBe(2)
    for (const session of ['before', 'after'])
      expect(await replayScore(test.deps, key, session, test.context())).toMatchObject({ identical: true })
  })

  it.each([
    [{ stamp_ms: 199 }, 'must be between 200 and 60000'],
    [{ stamp_ms: 60_001 }, 'must be between 200 and 60000'],
    [{ attest_rp_ids: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'must name at most 5 host names'],
    [{ attest_rp_ids: ['Not A Host'] }, 'must be a host name in lower case, such as example.com'],
    [{ decay: { legal: { alpha: -1, beta: 0 } } }, 'must be between 0 and 10'],
    [{}, 'must hold at least one of'],
  ])('%j says what would be taken', (body, message) => {
    const parsed = settingsBody.safeParse(body)
    expect(parsed.error?.issues[0]?.message).toContain(message)
  })

  it.each([{ stamp_ms: 200 }, { stamp_ms: 60_000 }, { attest_rp_ids: ['a', 'b', 'c', 'd', 'e'] }])(
    '%j is taken',
    (body) => expect(settingsBody.safeParse(body).success).toBe(true),
  )
})
