import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { openCursor, type Page, toPage } from '../../service/paging.ts'
import type { CaseQuery } from '../contract/disclosure.ts'
import { sendCaseStep } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import { type CaseStep, type DisclosureCase, judgeCaseStep, type Outcome } from '../domain/disclosure-case.ts'
import type { Severity } from '../domain/security-incident.ts'
import type { WeaknessReport } from '../domain/weakness-report.ts'
import { problems } from '../problems.ts'
import {
  findCase,
  findSealedReport,
  insertCredit,
  listCases,
  lockCase,
  setCase,
} from '../store/disclosure-store.ts'
import { openReport } from './sealed-report.ts'

type CaseDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'mailer' | 'sealer'>

const list = 'disclosure-cases'

export async function listDisclosureCases(
  deps: Pick<PlatformDeps, 'db' | 'cursors'>,
  admin: MemberPrincipal,
  { cursor, limit }: CaseQuery,
): Promise<Page<DisclosureCase>> {
  const afterId = openCursor(deps, list, instanceOrgId, cursor)
  const rows = await within(deps, inInstance(admin), (tx) => listCases(tx, { afterId, limit: limit + 1 }))
  return toPage(deps, list, instanceOrgId, rows, limit, ({ id }) => id)
}

/** Reads a report; the reading is recorded as an entry. */
export async function readDisclosureCase(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
): Promise<{ readonly found: DisclosureCase; readonly report: WeaknessReport }> {
  return mutate(deps, inInstance(admin), async (tx) => {
    const found = await findCase(tx, id)
    if (found === undefined) throw problems.NOT_FOUND()
    const report = await open(deps, tx, id)
    const entry = { action: 'disclosure_case.read', resourceId: id, at: deps.clock.now() }
    return { result: { found, report }, entry }
  })
}

export async function acknowledgeReport(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
): Promise<DisclosureCase> {
  return step(deps, admin, id, 'acknowledge', async (tx, at) => {
    await setCase(tx, id, { acknowledged_at: new Date(at) })
    await tellReporter(deps, tx, id, 'acknowledged')
    return { action: 'disclosure_case.acknowledge' }
  })
}

export async function judgeReport(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
  severity: Severity,
): Promise<DisclosureCase> {
  return step(deps, admin, id, 'judge', async (tx) => {
    await setCase(tx, id, { severity })
    return { action: 'disclosure_case.judge', detail: { severity } }
  })
}

export async function fixReported(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
): Promise<DisclosureCase> {
  return step(deps, admin, id, 'fix', async (tx, at) => {
    await setCase(tx, id, { fixed_at: new Date(at) })
    await tellReporter(deps, tx, id, 'fixed')
    return { action: 'disclosure_case.fix' }
  })
}

/** Lists the reporter in the hall of fame, under the name that they chose. */
export async function creditReporter(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
  what: string,
): Promise<DisclosureCase> {
  return step(deps, admin, id, 'credit', async (tx, at) => {
    const { creditName: name } = await open(deps, tx, id)
    if (name === null) throw new Error('A case says that its reporter wants credit, and the report does not')
    await setCase(tx, id, { credited_at: new Date(at) })
    await insertCredit(tx, id, { name, what, creditedAtMs: at })
    return { action: 'disclosure_case.credit', detail: { what } }
  })
}

export async function closeCase(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
  outcome: Outcome,
): Promise<DisclosureCase> {
  const work: Work = async (tx, at) => {
    await setCase(tx, id, { closed_at: new Date(at), outcome })
    return { action: 'disclosure_case.close', detail: { outcome } }
  }
  return step(deps, admin, id, 'close', work, outcome)
}

type Work = (tx: AuditedTx, at: number) => Promise<Pick<Decision, 'action' | 'detail'>>

/** Takes one step at a time: the case is locked from the judgement until the step has committed. */
async function step(
  deps: CaseDeps,
  admin: MemberPrincipal,
  id: string,
  which: CaseStep,
  work: Work,
  outcome?: Outcome,
): Promise<DisclosureCase> {
  return mutate(deps, inInstance(admin), async (tx) => {
    const at = deps.clock.now()
    const before = await lockCase(tx, id)
    if (before === undefined) throw problems.NOT_FOUND()
    const verdict = judgeCaseStep(before, which, outcome)
    if (!verdict.allowed) throw problems.STEP_OUT_OF_ORDER({ detail: verdict.because })
    const decision = await work(tx, at)
    const after = await findCase(tx, id)
    if (after === undefined) throw new Error('A case cannot be gone from its own transaction')
    return { result: after, entry: { ...decision, resourceId: id, at } }
  })
}

async function open(deps: CaseDeps, tx: AuditedTx, id: string): Promise<WeaknessReport> {
  const sealed = await findSealedReport(tx, id)
  if (sealed === undefined) throw new Error('A case cannot be without its report')
  return openReport(deps.sealer, id, sealed)
}

async function tellReporter(
  { mailer }: CaseDeps,
  tx: AuditedTx,
  caseId: string,
  what: 'acknowledged' | 'fixed',
): Promise<void> {
  if (mailer.isConfigured) await queueMail(tx, sendCaseStep, { orgId: instanceOrgId, caseId, step: what })
}

function inInstance(admin: MemberPrincipal): MemberPrincipal {
  return { ...admin, orgId: instanceOrgId }
}
