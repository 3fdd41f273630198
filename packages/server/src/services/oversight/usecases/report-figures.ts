import { listEntries, listEntriesFrom } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { ReportBody } from '../contract/reports.ts'
import { type Assessment, assessOrganization } from '../domain/assessment.ts'
import {
  type Clause,
  clauseNames,
  type ClauseStatus,
  judgeClause,
  judgeShare,
  shareMeeting,
  type ShownDimensions,
} from '../domain/clauses.ts'
import { addVectors, toSums, zeroVector } from '../domain/counters.ts'
import { type Domain, domains } from '../domain/interaction.ts'
import { emptyState, foldState } from '../domain/operator-state.ts'
import { dimensionNames } from '../domain/parameters.ts'
import { toPeople } from '../domain/people.ts'
import { roundTo } from '../domain/rounding.ts'
import { type Route, routes } from '../domain/route.ts'
import { bands, toBand } from '../domain/score.ts'
import { decayOf, type RoleClass } from '../domain/settings.ts'
import { addSide, noSide } from '../domain/side-counters.ts'
import { judgeStanding } from '../domain/standing.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { countDecisionsByRoute, type RouteFigures } from '../store/decision-figure-store.ts'
import { sumSpanByOperator } from '../store/organisation-store.ts'
import { type ActiveOperator, countAlerts, listActiveOperators, listDaysOf } from '../store/report-store.ts'
import { findNorm, findSettings } from '../store/rule-store.ts'
import { firstDayOf } from '../store/state-store.ts'
import { readCases } from './get-coverage.ts'
import { coverageOf, toAgreement } from './get-organization.ts'
import { type Period, readReliance } from './read-groups.ts'
import { toMixReply } from './to-reliance-reply.ts'

const dayMs = 86_400_000
const operatorsAtOnce = 200
const { groupMin } = oversightPolicy
const { parameters } = currentModel

/** An operator's standing in a domain at the end of a period. */
type PeriodStanding = ShownDimensions & {
  readonly operatorId: string
  readonly domain: Domain
  readonly roleClass: RoleClass
  readonly jis: number | null
}

/** The data that all sections of a report use. */
export type PeriodFacts = {
  readonly period: Period
  readonly active: readonly ActiveOperator[]
  readonly standings: readonly PeriodStanding[]
  /** Every operator with minimum data, once. */
  readonly people: readonly (PeriodStanding & { readonly jis: number })[]
  readonly isShown: boolean
}

/** `today` is the last day with data, if the period extends beyond it. */
async function readPeriod(tx: TenantTx, period: Period, today: number): Promise<PeriodFacts> {
  const active = await listActiveOperators(tx, period.fromDay, period.toDay)
  const standings = await listPeriodStandings(tx, active, Math.min(period.toDay, today))
  const lowest = toPeople(standings)
  const people = lowest.flatMap(({ operatorId, jis }) =>
    standings
      .filter((one) => one.operatorId === operatorId && one.jis === jis)
      .slice(0, 1)
      .map((one) => ({ ...one, jis })),
  )
  return { period, active, standings, people, isShown: people.length >= groupMin }
}

/** States folded from their days as of the period's end, without later decisions. */
async function listPeriodStandings(
  tx: TenantTx,
  active: readonly ActiveOperator[],
  day: number,
): Promise<readonly PeriodStanding[]> {
  const { settings } = await findSettings(tx)
  const standings: PeriodStanding[] = []
  for (const domain of domains) {
    const here = active.filter((one) => one.domain === domain)
    if (here.length === 0) continue
    const { prior } = await findNorm(tx, domain, day)
    const rule = { domain, prior, decay: decayOf(settings, domain, parameters), parameters }
    for (let from = 0; from < here.length; from += operatorsAtOnce) {
      const some = here.slice(from, from + operatorsAtOnce)
      const ids = some.map(({ operatorId }) => operatorId)
      const days = await listDaysOf(tx, domain, ids, firstDayOf(day), day)
      for (const { operatorId, roleClass } of some) {
        const state = { ...emptyState(day), ...foldState(days.get(operatorId) ?? [], day) }
        const { score, published } = judgeStanding(state, null, rule)
        standings.push({
          operatorId,
          domain,
          roleClass,
          jis: published?.jis ?? null,
          dimensions: score.dimensions.map(({ shown }) => shown),
          evidence: score.dimensions.map(({ n }) => n),
        })
      }
    }
  }
  return standings
}

export function toPopulation(
  { active, people }: PeriodFacts,
  whole: { readonly counters: readonly number[]; readonly side: readonly number[] },
): ReportBody['population'] {
  const operators = new Set(active.map(({ operatorId }) => operatorId)).size
  return {
    operators,
    decisions: active.reduce((sum, { decisions }) => sum + decisions, 0),
    withheld: operators - people.length,
    coverage: coverageOf(whole.counters, whole.side),
  }
}

/** Plain sums over all operators active in the period. */
export async function sumEverybody(tx: TenantTx, { period, active }: PeriodFacts) {
  const ids = [...new Set(active.map(({ operatorId }) => operatorId))]
  const counts = await sumSpanByOperator(tx, period, null, ids)
  return counts.reduce(
    (sum, one) => ({
      counters: addVectors(sum.counters, one.counters),
      side: addSide(sum.side, one.side),
    }),
    { counters: zeroVector, side: noSide },
  )
}

export function toDistribution({ people, isShown }: PeriodFacts): ReportBody['independence_distribution'] {
  if (!isShown) return null
  return Object.fromEntries(
    bands.map((band) => [band, people.filter(({ jis }) => toBand(jis, parameters) === band).length]),
  )
}

/** The mean of the shown dimensions over people with minimum data; the placeholder if there are fewer than five. */
export function toDimensionSummary({ people, isShown }: PeriodFacts): ReportBody['dimension_summary'] {
  const summary = dimensionNames.map((name, at) => {
    const values = people.flatMap(({ dimensions }) => dimensions[at] ?? [])
    const isKnown = isShown && values.length >= groupMin
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return [name, isKnown ? roundTo(mean, 1) : 50]
  })
  // Safe: one entry for each dimension.
  return Object.fromEntries(summary) as ReportBody['dimension_summary']
}

export function toRollup({ people, isShown }: PeriodFacts): ReportBody['operator_rollup'] {
  if (!isShown) return { total: 0, above_threshold: 0, below_threshold: 0, critical_below_40: 0 }
  const below = people.filter(({ jis }) => jis < parameters.threshold).length
  return {
    total: people.length,
    above_threshold: people.length - below,
    below_threshold: below,
    critical_below_40: people.filter(({ jis }) => jis < parameters.bands[3]).length,
  }
}

export function toAssessment({ people, active }: PeriodFacts, teamGainHigh: number | null): Assessment {
  const operators = new Set(active.map(({ operatorId }) => operatorId)).size
  return assessOrganization(people, operators, teamGainHigh)
}

/** Maps the assessment to the three values that public clients know. */
export function toOverallStatus(assessment: Assessment): ReportBody['overall_status'] {
  if (assessment === 'compliant' || assessment === 'non_compliant') return assessment
  return 'monitoring_required'
}

export function toNotices({ active }: PeriodFacts): ReportBody['notices'] {
  const told = new Map(active.map(({ operatorId, isTold }) => [operatorId, isTold]))
  return { operators: told.size, given: [...told.values()].filter((isTold) => isTold).length }
}

export function toPractice({ active }: PeriodFacts): ReportBody['practice'] {
  const practised = active.filter(({ practice }) => practice > 0)
  return {
    decisions: practised.reduce((sum, { practice }) => sum + practice, 0),
    operators: new Set(practised.map(({ operatorId }) => operatorId)).size,
  }
}

/** Whether a decision was rejected in the period, or a stop drill was documented. */
async function hasStopped(tx: TenantTx, period: Period, rejected: number): Promise<boolean> {
  if (rejected > 0) return true
  const found = await listEntries(tx, { actions: ['custom.stop_drill'], ...toMs(period) }, { limit: 1 })
  return found.length > 0
}

/** Outcomes of the decisions routed in the period, in their current state. */
export async function readDecisions(
  tx: TenantTx,
  period: Period,
  nowMs: number,
): Promise<ReportBody['decisions']> {
  const figures = await countDecisionsByRoute(tx, toMs(period), nowMs)
  const of = (route: Route | null): RouteFigures | undefined => figures.find((one) => one.route === route)
  const all = of(null)
  return {
    total: all?.decisions ?? 0,
    by_route: routes.map((route) => {
      const own = of(route)
      return {
        route,
        decisions: own?.decisions ?? 0,
        waiting: own?.waiting ?? 0,
        resolved: own?.resolved ?? 0,
        expired: own?.expired ?? 0,
        median_hours_to_resolve: toHours(own),
      }
    }),
    resolved_as: {
      approve: all?.approved ?? 0,
      modify: all?.modified ?? 0,
      reject: all?.rejected ?? 0,
      override: all?.overridden ?? 0,
    },
    expired_as: {
      policy_blocked: (all?.expired ?? 0) - (all?.expiredOpen ?? 0),
      auto: all?.expiredOpen ?? 0,
    },
    escalated: all?.escalated ?? 0,
    median_hours_to_resolve: toHours(all),
  }
}

/** Withheld below five reviewers, because it would reveal how fast an individual is. */
function toHours(figures: RouteFigures | undefined): number | null {
  if (figures === undefined || figures.hours === null || figures.reviewers < groupMin) return null
  return roundTo(figures.hours, 1)
}

const regulation = 'Regulation (EU) 2024/1689'

/** The data behind the Article 14 clauses and the further findings. */
export type FindingGrounds = {
  readonly facts: PeriodFacts
  readonly whole: Awaited<ReturnType<typeof sumEverybody>>
  readonly reliance: ReportBody['reliance']
  readonly decisions: ReportBody['decisions']
  readonly stopped: boolean
}

export async function readGrounds(tx: TenantTx, period: Period, nowMs: number): Promise<FindingGrounds> {
  const facts = await readPeriod(tx, period, Math.floor(nowMs / dayMs))
  const decisions = await readDecisions(tx, period, nowMs)
  return {
    facts,
    whole: await sumEverybody(tx, facts),
    reliance: await readReliance(tx, facts, null),
    decisions,
    stopped: await hasStopped(tx, period, decisions.resolved_as.reject),
  }
}

export function toFindings({ facts, whole, reliance, decisions, stopped }: FindingGrounds): {
  readonly findings: ReportBody['findings']
  readonly mapping: ReportBody['article_14_mapping']
} {
  const notices = toNotices(facts)
  const practice = toPractice(facts)
  const mix = toMixReply(whole.side)
  const { zero_telemetry: zero } = coverageOf(whole.counters, whole.side)
  const { a, rel } = toSums(whole.counters)
  const isEverybodyTold = notices.operators > 0 && notices.given === notices.operators
  const statusOf = (clause: Clause): ClauseStatus =>
    facts.isShown
      ? judgeClause(clause, facts.people, { isEverybodyTold, hasStopped: stopped }, parameters)
      : 'insufficient_data'
  const ofPeople = (part: number): number | null =>
    facts.isShown && notices.operators > 0 ? roundTo(part / notices.operators, 4) : null
  const alsoOf: Readonly<Record<Clause, Readonly<Record<string, number | null>>>> = {
    '14(4)(a)': { d_prime: reliance?.d_prime.value ?? null },
    '14(4)(b)': {
      over_reliance: reliance?.over_reliance.value ?? null,
      notices_given: ofPeople(notices.given),
      practised: ofPeople(practice.operators),
    },
    '14(4)(c)': {
      telemetry: facts.isShown && zero !== null ? roundTo(1 - zero, 4) : null,
      anchored: facts.isShown ? mix.anchored : null,
      attested: facts.isShown ? mix.attested : null,
    },
    '14(4)(d)': {
      under_reliance: reliance?.under_reliance.value ?? null,
      overridden: facts.isShown && rel > 0 ? roundTo(a / rel, 4) : null,
    },
    '14(4)(e)': {
      stop_or_drill_on_record: stopped ? 1 : 0,
      rejected: decisions.resolved_as.reject,
      escalated: decisions.escalated,
      median_hours_to_resolve: decisions.median_hours_to_resolve,
    },
  }
  const clauses = clauseNames.map((clause) => ({
    regulation,
    citation: `Article ${clause}`,
    status: statusOf(clause),
    figures: {
      operators_meeting: facts.isShown ? roundTo(shareMeeting(clause, facts.people, parameters), 4) : null,
      ...alsoOf[clause],
    },
  }))
  const further = [
    { citation: 'Article 26(2)', share: ofPeople(practice.operators), name: 'practised' },
    { citation: 'Article 26(7)', share: ofPeople(notices.given), name: 'notices_given' },
  ].map(({ citation, share, name }) => ({
    regulation,
    citation,
    status: share === null ? ('insufficient_data' as const) : judgeShare(share),
    figures: { [name]: share },
  }))
  // Safe: one entry for each clause.
  const mapping = Object.fromEntries(
    clauseNames.map((clause) => [clause, statusOf(clause)]),
  ) as ReportBody['article_14_mapping']
  return { findings: [...clauses, ...further], mapping }
}

export async function readAlertFigures(tx: TenantTx, period: Period): Promise<ReportBody['alerts']> {
  const { fromMs, toMs: untilMs } = toMs(period)
  const figures = await countAlerts(tx, fromMs, untilMs)
  return figures.map(({ kind, opened, closed, hours }) => ({
    kind,
    opened,
    closed,
    median_hours_to_handling: hours === null ? null : roundTo(hours, 1),
  }))
}

/** Agreement of people who decided the same cases, in the domain with most decisions. */
export async function readAgreement(
  tx: TenantTx,
  { active, period }: PeriodFacts,
): Promise<ReportBody['agreement']> {
  const counted = domains.map((domain) => ({
    domain,
    decisions: active
      .filter((one) => one.domain === domain)
      .reduce((sum, { decisions }) => sum + decisions, 0),
  }))
  const [most] = counted.toSorted((a, b) => b.decisions - a.decisions)
  if (most === undefined || most.decisions === 0) return null
  return toAgreement(await readCases(tx, most.domain, period.fromDay, period.toDay))
}

/** The period in milliseconds: from the start of the first day to the end of the last (exclusive). */
export function toMs({ fromDay, toDay }: Period): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: fromDay * dayMs, toMs: (toDay + 1) * dayMs }
}

/** The first and last chain entry of the period, and whether its newest entries verify. */
export async function readChainEnds(tx: TenantTx, period: Period) {
  const { fromMs, toMs: untilMs } = toMs(period)
  const [first] = await listEntriesFrom(tx, 0, 1, fromMs)
  const [last] = await listEntries(tx, { toMs: untilMs }, { limit: 1 })
  const firstSeq = first === undefined ? null : Number(first.seq)
  const lastSeq = last === undefined ? null : Number(last.seq)
  return firstSeq === null || lastSeq === null || lastSeq < firstSeq ? null : { firstSeq, lastSeq }
}
