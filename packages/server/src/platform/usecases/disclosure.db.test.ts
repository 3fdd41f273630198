import { listEntries } from '@gatehouse/kernel/audit'
import { ensurePartitions, kernelPartitions, within } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { createSealer } from '@gatehouse/kernel/secrets'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reseal } from '../../operations/reseal.ts'
import type { WeaknessReport } from '../domain/weakness-report.ts'
import { listCredits, listOverdueClocks } from '../index.ts'
import { platformSchema } from '../schema.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import {
  acknowledgeReport,
  closeCase,
  creditReporter,
  fixReported,
  judgeReport,
  listDisclosureCases,
  readDisclosureCase,
} from './handle-case.ts'
import { lookUpCase } from './look-up-case.ts'
import { remindOfCases } from './remind-of-cases.ts'
import { submitReport } from './submit-report.ts'

const hourMs = 3_600_000
const { signal } = new AbortController()
const master = { current: 1, versions: new Map([[1, randomBytes(32)]]) }
let platform: TestPlatform
let admin: MemberPrincipal

beforeAll(async () => {
  platform = await startTestPlatform({
    admins: ['ops@example.com'],
    securityContact: 'mailto:Security@example.com',
    sealer: createSealer(master),
  })
  await ensurePartitions(platform.database.db, kernelPartitions, platform.clock.now())
  admin = await platform.found('Operator')
})
afterAll(() => platform.database.drop())
beforeEach(async () => {
  await runQueue(platform.deps)
  platform.mails.splice(0)
})

const report: WeaknessReport = {
  what: 'tenants-leak-marker',
  impact: 'every key is read',
  reproduction: 'GET /',
  contact: 'finder@example.net',
  creditName: 'Fin <b>Der</b>',
  language: 'ja',
}

async function receive(given: Partial<WeaknessReport> = {}) {
  const { deps } = platform
  const received = await submitReport(deps, { ...report, ...given })
  const { entries } = await listDisclosureCases(deps, admin, { limit: 1 })
  const [found] = entries
  if (found?.reference !== received.reference) throw new Error('The case is not there')
  platform.clock.advance(1)
  return { ...received, id: found.id, fromMs: found.receivedAtMs }
}

async function mails() {
  await remindOfCases(platform.deps, { signal })
  await runQueue(platform.deps)
  return platform.mails.splice(0)
}

const subjects = async (reference: string) => [
  ...new Set((await mails()).map(({ subject }) => subject).filter((subject) => subject.includes(reference))),
]

const moveTo = (atMs: number) => platform.clock.advance(atMs - platform.clock.now())
const overdueOf = async (id: string) =>
  (await listOverdueClocks(platform.deps, platform.clock.now()))
    .filter((clock) => clock.of === id)
    .map(({ clock }) => clock)

describe('reports-are-acknowledged-within-48-hours', () => {
  it('the operator is mailed, reminded at 24 and 42 hours, and told once it is late', async () => {
    const { id, reference, fromMs, acknowledgeByMs } = await receive()
    expect(acknowledgeByMs).toBe(fromMs + 48 * hourMs)
    const sent = await mails()
    expect(sent.map(({ to }) => to)).toEqual(['ops@example.com', 'security@example.com'])
    for (const [hours, left] of [
      [24, 24],
      [42, 6],
    ] as const) {
      moveTo(fromMs + hours * hourMs - 1)
      expect(await subjects(reference)).toEqual([])
      moveTo(fromMs + hours * hourMs)
      expect(await subjects(reference)).toEqual([
        `${left} hours left to acknowledge the report, ${reference}`,
      ])
    }
    moveTo(fromMs + 48 * hourMs)
    expect(await overdueOf(id)).toEqual([])
    expect(await subjects(reference)).toEqual([])
    moveTo(fromMs + 48 * hourMs + 1)
    expect(await overdueOf(id)).toEqual(['acknowledge'])
    expect(await subjects(reference)).toEqual([`OVERDUE: acknowledge the report, ${reference}`])
    await acknowledgeReport(platform.deps, admin, id)
    expect(await overdueOf(id)).toEqual([])
  })

  it('the reporter hears of it in their language, where they left an address, and only then', async () => {
    const { id, reference } = await receive()
    const other = await receive({ contact: '@finder on the fediverse' })
    await mails()
    await acknowledgeReport(platform.deps, admin, id)
    await acknowledgeReport(platform.deps, admin, other.id)
    const sent = await mails()
    expect(sent.map(({ to, subject }) => ({ to, subject }))).toEqual([
      { to: 'finder@example.net', subject: `報告 ${reference} を確認しました` },
    ])
    await expect(acknowledgeReport(platform.deps, admin, id)).rejects.toMatchObject({
      code: 'STEP_OUT_OF_ORDER',
    })
  })
})

describe('critical-reports-have-seven-days', () => {
  it('what nobody has judged counts as critical, until it is fixed or judged to be less', async () => {
    const { deps } = platform
    const [fixed, lesser, late] = [await receive(), await receive(), await receive()]
    for (const { id } of [fixed, lesser, late]) await acknowledgeReport(deps, admin, id)
    await judgeReport(deps, admin, fixed.id, 'critical')
    await judgeReport(deps, admin, lesser.id, 'medium')
    await mails()
    for (const [hours, left] of [
      [72, 96],
      [120, 48],
      [144, 24],
    ] as const) {
      moveTo(late.fromMs + hours * hourMs - 1)
      expect(await subjects(late.reference)).toEqual([])
      moveTo(late.fromMs + hours * hourMs)
      const subject = `${left} hours left to fix the reported weakness, ${late.reference}`
      expect(await subjects(late.reference)).toEqual([subject])
    }
    await fixReported(deps, admin, fixed.id)
    moveTo(late.fromMs + 168 * hourMs)
    expect(await overdueOf(late.id)).toEqual([])
    moveTo(late.fromMs + 168 * hourMs + 1)
    expect(await overdueOf(late.id)).toEqual(['fix'])
    expect(await subjects(late.reference)).toEqual([`OVERDUE: fix the reported weakness, ${late.reference}`])
    for (const { id } of [fixed, lesser]) expect(await overdueOf(id)).toEqual([])
  })
})

describe('report-text-is-sealed-at-rest', () => {
  const rowOf = async (id: string) => {
    const principal = { kind: 'system', orgId: instanceOrgId, because: 'test' } as const
    await platform.deps.db.pool.query('ALTER TABLE platform.disclosure_case NO FORCE ROW LEVEL SECURITY')
    const { rows } = await platform.deps.db.pool.query<{ row: string; sealed: string }>(
      'SELECT t::text AS row, report_sealed AS sealed FROM platform.disclosure_case AS t WHERE id = $1',
      [id],
    )
    await platform.deps.db.pool.query('ALTER TABLE platform.disclosure_case FORCE ROW LEVEL SECURITY')
    const entries = await within(platform.deps, principal, (tx) =>
      listEntries(tx, { resourceId: id }, { limit: 10 }),
    )
    return { ...rows[0], entries }
  }

  it('nothing of it is in the row, the audit log or a mail; who reads it leaves an entry', async () => {
    const { deps } = platform
    const { id } = await receive()
    const { row = '', sealed = '', entries } = await rowOf(id)
    expect(sealed).toMatch(/^s1\.1\./)
    const all = [row, JSON.stringify(entries), JSON.stringify(await mails())].join('\n')
    for (const word of [report.what, report.impact, report.contact, 'Fin']) expect(all).not.toContain(word)
    expect((await readDisclosureCase(deps, admin, id)).report).toEqual(report)
    const after = await rowOf(id)
    expect(after.entries.map(({ event_type: action }) => action)).toEqual([
      'disclosure_case.read',
      'disclosure_case.receive',
    ])
    await expect(readDisclosureCase(deps, admin, 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('a new master key seals it anew', async () => {
    const { id } = await receive()
    const next = { current: 2, versions: new Map([...master.versions, [2, randomBytes(32)]]) }
    expect(await reseal(platform.deps, next, platformSchema.sealed)).toBeGreaterThan(0)
    expect((await rowOf(id)).sealed).toMatch(/^s1\.2\./)
    const deps = { ...platform.deps, sealer: createSealer(next) }
    expect((await readDisclosureCase(deps, admin, id)).report).toEqual(report)
    await reseal(platform.deps, { ...next, current: 1 }, platformSchema.sealed)
  })
})

describe('reporters-follow-their-case', () => {
  it('the code that was shown opens its own case; any other, and any other reference, opens nothing', async () => {
    const { deps } = platform
    const [mine, other] = [await receive(), await receive()]
    expect(await lookUpCase(deps, mine.reference, mine.code)).toMatchObject({ id: mine.id })
    for (const [reference, code] of [
      [mine.reference, other.code],
      [other.reference, mine.code],
      [mine.reference, ''],
      ['GH-NOTHING1', mine.code],
      ['GH-NOTHING1', ''],
    ] as const)
      expect(await lookUpCase(deps, reference, code)).toBeUndefined()
  })

  it('nobody is named before the fix, nor against their wish; then it is the name that they chose', async () => {
    const { deps } = platform
    const [named, silent] = [await receive(), await receive({ creditName: null })]
    for (const { id } of [named, silent]) {
      await acknowledgeReport(deps, admin, id)
      await judgeReport(deps, admin, id, 'high')
      await expect(creditReporter(deps, admin, id, 'x')).rejects.toMatchObject({ code: 'STEP_OUT_OF_ORDER' })
      await fixReported(deps, admin, id)
    }
    await expect(creditReporter(deps, admin, silent.id, 'x')).rejects.toMatchObject({
      code: 'STEP_OUT_OF_ORDER',
    })
    await creditReporter(deps, admin, named.id, 'Keys of others were read')
    await closeCase(deps, admin, named.id, 'fixed')
    expect(await listCredits(deps.db)).toMatchObject([
      { name: 'Fin <b>Der</b>', what: 'Keys of others were read' },
    ])
    await expect(judgeReport(deps, admin, named.id, 'low')).rejects.toMatchObject({
      code: 'STEP_OUT_OF_ORDER',
    })
  })
})
