import { exportCheckpoints, judgeEntry, listEntriesFrom, toChainEntry } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import { toTime } from '../../../service/shapes.ts'
import type { ReportBody } from '../contract/reports.ts'
import type { OversightDeps } from '../deps.ts'
import { countContests, listVersions } from '../store/report-store.ts'
import { findOrgFacts } from '../store/view-store.ts'
import { reportLimits, reportWording } from '../report-text.ts'
import { readCalls } from './get-organization.ts'
import { toDate } from './get-profile.ts'
import {
  readAgreement,
  readAlertFigures,
  readChainEnds,
  readGrounds,
  toAssessment,
  toDimensionSummary,
  toDistribution,
  toFindings,
  toMs,
  toNotices,
  toOverallStatus,
  toPopulation,
  toPractice,
  toRollup,
} from './report-figures.ts'
import { type Period, readGroups } from './read-groups.ts'
import { toMixReply } from './to-reliance-reply.ts'

/** The number of newest entries verified for a report; a separate job verifies whole chains. */
const verifiedEntries = 2_000

export type ReportHead = {
  readonly reportId: string
  readonly revision: number
  readonly replaces: string | null
  readonly period: Period
  readonly isClosed: boolean
  readonly nowMs: number
}

/** Builds the body of a report, one function per section. */
export async function buildReport(
  deps: OversightDeps,
  tx: TenantTx,
  principal: Principal,
  { reportId, revision, replaces, period, isClosed, nowMs }: ReportHead,
): Promise<ReportBody> {
  const grounds = await readGrounds(tx, period, nowMs)
  const { facts, whole, reliance, decisions } = grounds
  const org = await findOrgFacts(tx)
  const assessment = toAssessment(facts, reliance?.team_gain.high ?? null)
  const { findings, mapping } = toFindings(grounds)
  const span = toMs(period)
  const versions = await listVersions(tx, period.fromDay, period.toDay)
  return {
    report_id: reportId,
    revision,
    replaces,
    org_id: org.externalId ?? tx.orgId,
    generated_at: toTime(nowMs),
    assessment,
    overall_status: toOverallStatus(assessment),
    withheld: facts.isShown ? null : 'minimum_data',
    period: { start: toDate(period.fromDay), end: toDate(period.toDay), closed: isClosed },
    dimension_summary: toDimensionSummary(facts),
    operator_rollup: toRollup(facts),
    article_14_mapping: mapping,
    findings,
    population: toPopulation(facts, whole),
    reliance,
    independence_distribution: toDistribution(facts),
    by_domain: await readGroups(tx, facts),
    evidence_mix: toMixReply(whole.side),
    ai_calls: await readCalls(tx, period.fromDay, period.toDay),
    agreement: await readAgreement(tx, facts),
    decisions,
    contests: await countContests(tx, span.fromMs, span.toMs),
    alerts: await readAlertFigures(tx, period),
    practice: toPractice(facts),
    notices: toNotices(facts),
    chain: await readChain(deps, tx, principal, period),
    versions: { models: [...versions.models], norms: [...versions.norms] },
    limits: [...reportLimits.en],
    wording: reportWording.en,
  }
}

/** Reads the data of the Article 14 section without creating a report. */
export async function readArticle14(deps: OversightDeps, principal: Principal, period: Period) {
  return within(deps, principal, async (tx) => {
    const grounds = await readGrounds(tx, period, deps.clock.now())
    const assessment = toAssessment(grounds.facts, grounds.reliance?.team_gain.high ?? null)
    return { assessment, ...toFindings(grounds) }
  })
}

async function readChain(
  deps: OversightDeps,
  tx: TenantTx,
  principal: Principal,
  period: Period,
): Promise<ReportBody['chain']> {
  const ends = await readChainEnds(tx, period)
  if (ends === null)
    return { first_seq: null, last_seq: null, verified_from_seq: null, valid: true, checkpoint: null }
  const { firstSeq, lastSeq } = ends
  const fromSeq = Math.max(firstSeq, lastSeq - verifiedEntries + 1)
  const rows = (await listEntriesFrom(tx, fromSeq - 1, verifiedEntries)).map(toChainEntry)
  const ofPeriod = rows.filter(({ seq }) => seq <= lastSeq)
  const isValid = ofPeriod.every((entry, at) => {
    const before = ofPeriod[at - 1]
    const position =
      before === undefined
        ? { seq: entry.seq - 1, entryHash: entry.prev_hash }
        : { seq: before.seq, entryHash: before.entry_hash }
    return judgeEntry(position, entry, deps.signingPublicKeys).length === 0
  })
  return {
    first_seq: firstSeq,
    last_seq: lastSeq,
    verified_from_seq: fromSeq,
    valid: isValid,
    checkpoint: await findLastCheckpoint(deps, principal, toMs(period).toMs),
  }
}

async function findLastCheckpoint(
  deps: OversightDeps,
  principal: Principal,
  untilMs: number,
): Promise<ReportBody['chain']['checkpoint']> {
  let last: ReportBody['chain']['checkpoint'] = null
  for await (const checkpoint of exportCheckpoints(deps, principal)) {
    if (Date.parse(checkpoint.ts) >= untilMs) break
    last = { seq: checkpoint.seq, head_hash: checkpoint.entry_hash }
  }
  return last
}
