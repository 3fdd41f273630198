import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportBody } from '../contract/reports.ts'
import { batchBody } from '../contract/scoring.ts'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { toReportParts } from '../pages/report-rows.ts'
import { signsOfReport } from '../pages/signs-of-report.ts'
import { flatAuto, flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { lookAsOwner, startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { useDecisions } from '../testing/use-decisions.ts'
import { getArticle14, getReport, getStoredReport, listReports } from './reports.ts'
import { scoreBatch } from './score.ts'

const dayMs = 86_400_000
let test: TestOversight
const { act, send, setRules } = useDecisions(() => test)
const hourMs = 3_600_000

beforeAll(async () => {
  test = await startTestOversight()
  await lookAsOwner(test.database)
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function sendH80(key: Caller, operatorId: string): Promise<void> {
  const interactions = h80Bodies(test.clock.now(), operatorId).map(({ interaction }) => interaction)
  const body = {
    session_id: `batch-${operatorId}-${test.clock.now()}`,
    operator_id: operatorId,
    domain: 'financial',
    interactions,
  }
  await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
}

const dateOf = (daysAgo: number) => new Date(test.clock.now() - daysAgo * dayMs).toISOString().slice(0, 10)
const past = () => ({ period_start: dateOf(60), period_end: dateOf(1) })

async function read(key: Caller, wish: object = {}) {
  const { report } = await getReport(test.deps, key, wish, test.context())
  return reportBody.parse(report)
}

async function formOf(key: Caller, asked: string, lang: 'en' | 'ja' = 'en', headers = {}) {
  const {
    body,
    headers: sent,
    status,
  } = await getStoredReport(test.deps, key, asked, lang, test.context(headers))
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) throw new Error('A report leaves whole')
  return {
    body,
    etag: sent['etag'] ?? '',
    type: sent['content-type'],
    policy: sent['content-security-policy'],
    status,
  }
}

const hashOf = (body: string | Buffer) => `"${createHash('sha256').update(body).digest('hex')}"`
const names = ['ann-of-accounts', 'bob-of-books', 'cid-of-claims', 'dora-of-deeds', 'eve-of-estates']

describe('closed-report-is-immutable-and-names-nobody', () => {
  it('the same bounds give the same bytes in every form, whatever comes later, and no form names anybody', async () => {
    const key = await test.found()
    for (const name of names) await sendH80(key, name)
    const first = await read(key, past())
    expect(first).toMatchObject({
      revision: 1,
      replaces: null,
      assessment: 'non_compliant',
      overall_status: 'non_compliant',
      period: { closed: true },
      population: { operators: 5, withheld: 0 },
      operator_rollup: { total: 5, above_threshold: 0, below_threshold: 5 },
    })
    const id = first.report_id
    const forms = async () => [
      await formOf(key, `${id}.json`),
      await formOf(key, `${id}.html`),
      await formOf(key, `${id}.html`, 'ja'),
      await formOf(key, `${id}.pdf`),
      await formOf(key, `${id}.pdf`, 'ja'),
    ]
    const before = await forms()
    for (const { body, etag } of before) expect(etag).toBe(hashOf(body))
    // Late words about days of the period change what is counted, and not what was reported.
    for (const name of names) await sendH80(key, name)
    expect(await read(key, past())).toEqual(first)
    expect(await forms()).toEqual(before)
    const told = before.map(({ body }) => body.toString('latin1')).join('\n')
    for (const name of names) expect(told).not.toContain(name)
    expect(told).not.toContain('<script')
    expect(before[1]?.body.toString()).toMatch(/People alone are right<\/dt>\s*<dd>\d+\.\d%/)
    await expect(
      test.database.db.pool.query('SET ROLE gatehouse_app; UPDATE oversight.report SET body = body'),
    ).rejects.toThrow('permission denied')
  })

  it('a further revision names the one before and leaves it as it was', async () => {
    const key = await test.found()
    for (const name of names) await sendH80(key, name)
    const first = await read(key, past())
    const second = await read(key, { ...past(), revision: 'new' })
    expect(second).toMatchObject({ revision: 2, replaces: first.report_id })
    expect(await read(key, past())).toEqual(second)
    expect(JSON.parse((await formOf(key, first.report_id)).body.toString())).toEqual(first)
    const { reports } = await listReports(test.deps, key, { limit: 10 }, test.context())
    expect(reports.map(({ revision, kept_until: until }) => [revision, until])).toEqual([
      [2, null],
      [1, null],
    ])
  })

  it('two who ask at once get one report', async () => {
    const key = await test.found()
    for (const name of names) await sendH80(key, name)
    const ids = await Promise.all([read(key, past()), read(key, past()), read(key, past())])
    expect(new Set(ids.map(({ report_id: id }) => id)).size).toBe(1)
  })

  it('every form has its hash in the chain', async () => {
    const key = await test.found()
    const { report_id: id } = await read(key, past())
    const { rows } = await test.database.db.pool.query<{ payload: string }>(
      `SELECT payload::text AS payload FROM gatehouse.audit_entry WHERE org_id = $1 AND event_type = 'REPORT_CREATED'`,
      [key.orgId],
    )
    for (const [form, lang] of [
      ['json', 'en'],
      ['html', 'en'],
      ['html', 'ja'],
      ['pdf', 'en'],
      ['pdf', 'ja'],
    ] as const) {
      const { etag } = await formOf(key, `${id}.${form}`, lang)
      expect(rows[0]?.payload).toContain(etag.slice(1, -1))
    }
  })
})

describe('a-report-in-japanese-has-every-sign', () => {
  it('of its words and figures, on paper that says its language', async () => {
    const key = await test.found()
    for (const name of names) await sendH80(key, name)
    for (const body of [flatAuto, flatMustReview, gateAsync]) await send(key, body)
    const report = await read(key, { period_start: dateOf(60), period_end: dateOf(0) })
    const drawn = JSON.stringify([toReportParts(report, 'ja'), report.report_id, report.org_id])
    const signs = new Set(signsOfReport())
    expect([...drawn].filter((sign) => !signs.has(sign))).toEqual([])
    const paper = await formOf(key, `${report.report_id}.pdf`, 'ja')
    expect(paper).toMatchObject({ type: 'application/pdf' })
    expect(paper.etag).not.toBe((await formOf(key, `${report.report_id}.pdf`)).etag)
    const text = toStreams(paper.body)
    expect(paper.body.toString('latin1')).toContain('/Lang (ja)')
    // What the font's codes stand for, so that the text can be searched and read aloud: 監, 督, 第, 条.
    for (const sign of ['76e3', '7763', '7b2c', '6761']) expect(text).toContain(`<${sign}>`)
  })
})

/** What the streams of a PDF hold. */
function toStreams(file: Buffer | string): string {
  const streams = Buffer.from(file)
    .toString('latin1')
    .matchAll(/stream\r?\n(.*?)\r?\nendstream/gs)
  return [...streams]
    .map(([, stream = '']) => {
      try {
        return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')
      } catch {
        return stream
      }
    })
    .join('\n')
}

describe('small-samples-appear-nowhere: a report', () => {
  it('of four people with enough decisions tells no figure of theirs', async () => {
    const key = await test.found()
    for (const name of names.slice(0, 4)) await sendH80(key, name)
    const report = await read(key, past())
    expect(report).toMatchObject({
      assessment: 'insufficient_data',
      overall_status: 'monitoring_required',
      withheld: 'minimum_data',
      reliance: null,
      independence_distribution: null,
      operator_rollup: { total: 0, above_threshold: 0, below_threshold: 0, critical_below_40: 0 },
      dimension_summary: { deferral_resistance: 50, decision_autonomy: 50 },
      article_14_mapping: { '14(4)(a)': 'insufficient_data' },
      by_domain: [],
    })
    expect(JSON.stringify(report)).not.toContain('56.8')
  })
})

it('a period that still runs is reported anew each time, and kept ninety days', async () => {
  const key = await test.found()
  const [one, two] = [await read(key), await read(key)]
  expect(one.report_id).not.toBe(two.report_id)
  expect(one.period).toEqual({ start: dateOf(89), end: dateOf(0), closed: false })
  const { reports } = await listReports(test.deps, key, { limit: 1 }, test.context())
  expect(reports[0]?.kept_until).toBe(new Date(test.clock.now() + 90 * dayMs).toISOString())
})

it('a period that goes on beyond today is that of up to now: nothing has faded that is still fresh', async () => {
  const key = await test.found()
  for (const name of names) await sendH80(key, name)
  const upToNow = await read(key, { period_start: dateOf(60), period_end: dateOf(0) })
  const {
    report_id: _id,
    period,
    ...beyond
  } = await read(key, {
    period_start: dateOf(60),
    period_end: dateOf(-90),
  })
  expect(period.closed).toBe(false)
  expect(beyond.operator_rollup).toEqual(upToNow.operator_rollup)
  expect(beyond.operator_rollup.total).toBe(5)
  expect(beyond.dimension_summary).toEqual(upToNow.dimension_summary)
})

it('a quarter of the calendar is named by it', async () => {
  const key = await test.found()
  const year = new Date(test.clock.now()).getUTCFullYear() - 1
  const quarter = await read(key, { period_start: `${year}-04-01`, period_end: `${year}-06-30` })
  expect(quarter.report_id).toMatch(new RegExp(`^rep_${year}Q2_[0-9A-HJKMNP-TV-Z]{26}$`))
  const other = await read(key, { period_start: `${year}-04-01`, period_end: `${year}-06-29` })
  expect(other.report_id).toMatch(new RegExp(`^rep_${year}-04-01_`))
})

it('a stored form is not sent twice to who has it, brings its own style and no other, and another organisation has none', async () => {
  const [key, stranger] = [await test.found(), await test.found()]
  const { report_id: id } = await read(key, past())
  const { etag } = await formOf(key, `${id}.pdf`)
  expect(await formOf(key, `${id}.pdf`, 'en', { 'if-none-match': etag })).toMatchObject({
    status: 304,
    body: '',
  })
  const page = await formOf(key, `${id}.html`)
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page.body.toString()) ?? []
  const hash = createHash('sha256').update(style).digest('base64')
  expect(page.policy).toContain(`style-src 'sha256-${hash}'`)
  expect((await formOf(key, `${id}.pdf`)).body.toString('latin1').slice(0, 5)).toBe('%PDF-')
  await expect(formOf(stranger, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('article 14 is read clause by clause, and awareness is not met while nobody was told', async () => {
  const key = await test.found()
  for (const name of names) await sendH80(key, name)
  const { clauses, article_14_mapping: mapping } = await getArticle14(test.deps, key, test.context())
  expect(clauses.map(({ citation }) => citation)).toEqual(
    ['(a)', '(b)', '(c)', '(d)', '(e)'].map((letter) => `Article 14(4)${letter}`),
  )
  expect(mapping['14(4)(b)']).not.toBe('evidence_met')
})

describe('decisions in a report', () => {
  const found = async () => ({ ...(await test.found()), scopes: ['decisions:override'] }) as KeyPrincipal

  async function resolve(key: Caller, action: string, reviewer: string): Promise<void> {
    const { ai_decision_log_id: id } = await send(key, flatMustReview)
    test.clock.advance(hourMs)
    const reason = action === 'override' ? { reason_code: 'urgent' } : {}
    await act(key, id, { action, reviewer_id: reviewer, ...reason })
  }

  it('stand by route with what became of them, and how quick reviewers are is told of five of them and not of four', async () => {
    const key = await found()
    await send(key, flatAuto)
    await resolve(key, 'approve', 'r-1')
    await resolve(key, 'modify', 'r-2')
    await resolve(key, 'override', 'r-3')
    await resolve(key, 'approve', 'r-4')
    const before = await read(key)
    expect(before.decisions).toMatchObject({
      total: 5,
      resolved_as: { approve: 2, modify: 1, reject: 0, override: 1 },
      median_hours_to_resolve: null,
    })
    expect(before.findings[4]?.figures).toMatchObject({ stop_or_drill_on_record: 0, rejected: 0 })
    await resolve(key, 'reject', 'r-5')
    const { ai_decision_log_id: raised } = await send(key, gateAsync)
    await act(key, raised, { action: 'escalate', reviewer_id: 'r-1' })
    // Nobody looks at it in time; no job has run.
    test.clock.advance(4 * hourMs)
    const { ai_decision_log_id: waits } = await send(key, gateAsync)
    expect(waits).toMatch(/^dec_/)
    const { decisions, findings } = await read(key)
    expect(decisions).toEqual({
      total: 8,
      by_route: [
        { route: 'auto', decisions: 1, waiting: 0, resolved: 0, expired: 0, median_hours_to_resolve: null },
        {
          route: 'async_review',
          decisions: 1,
          waiting: 1,
          resolved: 0,
          expired: 0,
          median_hours_to_resolve: null,
        },
        {
          route: 'must_review',
          decisions: 6,
          waiting: 0,
          resolved: 5,
          expired: 1,
          median_hours_to_resolve: 1,
        },
        {
          route: 'policy_blocked',
          decisions: 0,
          waiting: 0,
          resolved: 0,
          expired: 0,
          median_hours_to_resolve: null,
        },
      ],
      resolved_as: { approve: 2, modify: 1, reject: 1, override: 1 },
      expired_as: { policy_blocked: 1, auto: 0 },
      escalated: 1,
      median_hours_to_resolve: 1,
    })
    expect(findings[4]).toMatchObject({
      citation: 'Article 14(4)(e)',
      figures: { stop_or_drill_on_record: 1, rejected: 1, escalated: 1, median_hours_to_resolve: 1 },
    })
    expect((await read(await test.found())).decisions.total).toBe(0)
  })

  it('that were released unseen, as the policy says, are counted', async () => {
    const key = await found()
    await setRules(key, { fallback: { async_review: 'auto' } })
    await send(key, gateAsync)
    test.clock.advance(73 * hourMs)
    const { decisions } = await read(key)
    expect(decisions.expired_as).toEqual({ policy_blocked: 0, auto: 1 })
    const page = await formOf(key, (await read(key)).report_id.concat('.html'))
    expect(page.body.toString()).toContain('released unseen')
  })
})
