import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OrganizationReply } from '../contract/views.ts'
import type { OversightDeps } from '../deps.ts'
import { countRatings, krippendorffAlpha, type RatedCase } from '../domain/agreement.ts'
import { assessOrganization } from '../domain/assessment.ts'
import { toSums } from '../domain/counters.ts'
import { addSeen, toCoverage } from '../domain/coverage.ts'
import { roundTo } from '../domain/rounding.ts'
import { type Band, bands, toBand } from '../domain/score.ts'
import { toSide } from '../domain/side-counters.ts'
import { currentModel } from '../params-hash.ts'
import { type OversightPlan, oversightPlans } from '../plans.ts'
import { oversightPolicy } from '../policy.ts'
import { countOpenAlerts } from '../store/alert-store.ts'
import { listAllStandings } from '../store/organisation-store.ts'
import { listActiveOperators } from '../store/report-store.ts'
import {
  findBusiestDomain,
  findOrgFacts,
  listStandings,
  sumDaysByOperator,
  sumOrgDays,
} from '../store/view-store.ts'
import { listSeen } from '../store/observed-store.ts'
import type { ProfileQuery } from './get-profile.ts'
import { dayOf } from './read-interaction.ts'
import { readCases } from './get-coverage.ts'
import { replyStart } from './reply-start.ts'
import { poolReliance, readGroups } from './read-groups.ts'
import { toMixReply, toWindowDays } from './to-reliance-reply.ts'

const dayMs = 86_400_000
const thirtyDaysMs = 30 * dayMs

/** Figures about fewer people than this are not shown, because they could identify individuals. */
const { groupMin } = oversightPolicy

export async function getOrganization(
  deps: OversightDeps,
  principal: Principal,
  { domain: asked, window }: ProfileQuery,
  context: RequestContext,
): Promise<OrganizationReply> {
  return within(deps, principal, async (tx) => {
    const domain = asked ?? (await findBusiestDomain(tx)) ?? 'general'
    const nowMs = deps.clock.now()
    const today = dayOf(nowMs)
    const windowDays = toWindowDays(window)
    const fromDay = windowDays === null ? null : today - windowDays + 1
    const facts = await findOrgFacts(tx)
    const standings = await listStandings(tx, domain)
    const published = standings.filter(({ jis }) => jis !== null)
    const isShown = published.length >= groupMin
    const perOperator = isShown
      ? await sumDaysByOperator(
          tx,
          domain,
          fromDay,
          published.map(({ operatorId }) => operatorId),
        )
      : []
    const profile = isShown ? poolReliance(perOperator, windowDays) : null
    const whole = await sumOrgDays(tx, domain, fromDay)
    const recent = await sumOrgDays(tx, domain, today - 29)
    const activeOperators = standings.filter(({ lastSeenAtMs }) => lastSeenAtMs > nowMs - thirtyDaysMs).length
    const assessment = assessOrganization(
      published.map(({ jis, roleClass }) => ({ jis: jis ?? 0, roleClass })),
      activeOperators,
      profile?.team_gain.high ?? null,
    )
    const shownJis = isShown ? published.map(({ jis }) => jis ?? 0) : []
    return {
      ...replyStart(deps, context),
      organization: { org_id: facts.externalId ?? tx.orgId, name: facts.name },
      domain,
      tier: tierOf(facts.plan),
      dashboard: {
        operator_count: standings.length,
        active_operator_count: activeOperators,
        org_jis_average: isShown ? mean(shownJis) : 50,
        org_jis_median: isShown ? median(shownJis) : 50,
        distribution: distributionOf(shownJis),
        alerts_open: await countOpenAlerts(tx),
        interactions_last_30d: recent.counters[0] ?? 0,
        total_operators: standings.length,
        mean_jis: isShown ? mean(shownJis) : null,
        median_jis: isShown ? median(shownJis) : null,
        at_risk_count: isShown
          ? shownJis.filter((jis) => jis < currentModel.parameters.threshold).length
          : null,
        compliance_status: assessment,
      },
      withheld: isShown ? null : 'minimum_data',
      withheld_count: standings.length - published.length,
      team_gain: profile?.team_gain ?? null,
      reliance: profile,
      evidence_mix: toMixReply(whole.side),
      coverage: {
        ...coverageOf(whole.counters, whole.side),
        calls: await readCalls(tx, fromDay ?? 0, today),
      },
      agreement: toAgreement(await readCases(tx, domain, fromDay ?? 0, today)),
      by_domain: await readGroups(tx, {
        period: { fromDay: fromDay ?? 0, toDay: today },
        active: await listActiveOperators(tx, fromDay ?? 0, today),
        standings: await listAllStandings(tx),
        people: [],
      }),
      as_of: new Date(nowMs).toISOString(),
    }
  })
}

function tierOf(plan: string): OversightPlan['tier'] {
  const plans: Readonly<Record<string, OversightPlan>> = oversightPlans
  return (plans[plan] ?? oversightPlans.unlimited).tier
}

export function coverageOf(
  counters: readonly number[],
  sideCounters: readonly number[],
): Omit<OrganizationReply['coverage'], 'calls'> {
  const { fin, rel, conf, all } = toSums(counters)
  const side = toSide(sideCounters)
  const share = (part: number, n: number): number | null => (n === 0 ? null : roundTo(part / n, 4))
  return {
    outcomes_known: share(fin, rel),
    own_answers: share(side.ini_n, rel),
    confidence: share(conf, fin),
    zero_telemetry: share(side.zero_n, all),
  }
}

/** AI calls observed on these days, and how many a decision followed. */
export async function readCalls(tx: TenantTx, fromDay: number, today: number) {
  const seen = await listSeen(tx, fromDay * dayMs, (today + 1) * dayMs, null)
  return toCoverage(seen.reduce(addSeen, { observed: 0, matched: 0 }), oversightPolicy.coverage.trialsMin)
}

/** Withheld below five people, where the figure would be about individuals. */
export function toAgreement(cases: readonly RatedCase[]): OrganizationReply['agreement'] {
  const counts = countRatings(cases)
  const alpha = counts.raters < groupMin ? null : krippendorffAlpha(cases)
  return alpha === null || alpha.value === null ? null : { ...counts, alpha }
}

function distributionOf(shownJis: readonly number[]): OrganizationReply['dashboard']['distribution'] {
  const inBand = (band: Band): number =>
    shownJis.filter((jis) => toBand(jis, currentModel.parameters) === band).length
  // Safe: one entry for each band.
  return Object.fromEntries(
    bands.map((band) => [band, inBand(band)]),
  ) as OrganizationReply['dashboard']['distribution']
}

function mean(values: readonly number[]): number {
  return roundTo(values.reduce((sum, value) => sum + value, 0) / values.length, 1)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return roundTo(sorted.length % 2 === 1 ? high : (low + high) / 2, 1)
}
