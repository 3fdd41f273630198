import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ProfileReply } from '../contract/views.ts'
import type { OversightDeps } from '../deps.ts'
import { counterNames, toSums } from '../domain/counters.ts'
import { type Domain, domains } from '../domain/interaction.ts'
import { advanceTo, type OperatorState } from '../domain/operator-state.ts'
import { dimensionNames } from '../domain/parameters.ts'
import { reliance } from '../domain/reliance.ts'
import { roundTo } from '../domain/rounding.ts'
import { toBand } from '../domain/score.ts'
import {
  chooseFigures,
  listComputed,
  type ShownFigures,
  toCompliance,
  toDecayProjection,
  toDimensions,
  toMaintenance,
} from '../domain/score-blocks.ts'
import { decayOf, toTier } from '../domain/settings.ts'
import { toSide } from '../domain/side-counters.ts'
import { judgeStanding, type Standing, withheldFigures } from '../domain/standing.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import type { Operator } from '../store/operator-store.ts'
import { listStandingFacts, type StandingFacts } from '../store/standing-store.ts'
import { firstDayOf, listOperatorDays } from '../store/state-store.ts'
import { findProfileFacts, type HistoryPoint, sumOperatorDays } from '../store/view-store.ts'
import { noteLook, toView } from './note-look.ts'
import { dayOf } from './read-interaction.ts'
import { replyStart } from './reply-start.ts'
import { toMixReply, toRelianceReply, toWindowDays, withheldReliance } from './to-reliance-reply.ts'
import { isOlderClient, toOlderUrgency } from './to-score-reply.ts'

export type ProfileQuery = {
  readonly domain?: Domain | undefined
  readonly window: '30' | '90' | '365' | 'all'
}

/** An operator's current standing in one domain, aged to today, with the data that it is computed from. */
export type CurrentStanding = {
  readonly operator: Operator
  readonly domain: Domain
  readonly domains: readonly Domain[]
  readonly state: OperatorState
  readonly standing: Standing
  readonly chosen: ShownFigures
  readonly today: number
}

/** Throws NOT_FOUND for an unknown operator, with the same message as for one of another organisation. */
export async function readStanding(
  deps: OversightDeps,
  tx: TenantTx,
  operatorId: string,
  asked: Domain | undefined,
): Promise<CurrentStanding> {
  const all = await listStandingFacts(tx, operatorId, {
    day: dayOf(deps.clock.now()),
    trendDays: oversightPolicy.trendDays,
  })
  const facts = asked === undefined ? mostEvidence(all) : all.find(({ domain }) => domain === asked)
  if (facts === undefined) throw problems.NOT_FOUND()
  const { operator, domain, stored, today, norm, earlier } = facts
  const { settings } = facts.versioned
  const state =
    today > stored.state.asOfDay
      ? advanceTo(stored.state, today, await listOperatorDays(tx, { operatorId, domain }, firstDayOf(today)))
      : stored.state
  const { parameters } = currentModel
  const decay = decayOf(settings, domain, parameters)
  const standing = judgeStanding(state, earlier, { domain, prior: norm.prior, decay, parameters })
  return {
    operator,
    domain,
    domains: domains.filter((one) => all.some((other) => other.domain === one)),
    state,
    standing,
    chosen: chooseFigures(
      standing.published,
      null,
      standing.score.withheld,
      withheldFigures(decay, parameters),
    ),
    today,
  }
}

/** Returns an operator's profile and records the view, which the operator can see. */
export async function getProfile(
  deps: OversightDeps,
  principal: Principal,
  operatorId: string,
  asked: ProfileQuery,
  context: RequestContext,
): Promise<ProfileReply> {
  const { profile, isLookNoted } = await within(deps, principal, (tx) =>
    readProfile(deps, tx, operatorId, asked, context.userAgent),
  )
  if (!isLookNoted) await noteLook(deps, principal, operatorId)
  return { ...replyStart(deps, context), ...profile }
}

type ReadProfile = {
  readonly profile: Omit<ProfileReply, 'request_id' | 'timestamp'>
  /** Whether the view is recorded already; most views are repeated. */
  readonly isLookNoted: boolean
}

/** An operator's profile, the same for the organisation and the operator. */
export async function readProfile(
  deps: OversightDeps,
  tx: TenantTx,
  operatorId: string,
  { domain: asked, window }: ProfileQuery,
  userAgent: string | undefined,
): Promise<ReadProfile> {
  const current = await readStanding(deps, tx, operatorId, asked)
  const { operator, domain, state, standing, chosen, today } = current
  const { parameters } = currentModel
  const windowDays = toWindowDays(window)
  const fromDay = windowDays === null ? null : today - windowDays + 1
  const counts =
    windowDays === oversightPolicy.reportWindowDays
      ? { counters: state.window, side: state.windowSide }
      : await sumOperatorDays(tx, operatorId, domain, fromDay)
  const view = toView(tx.principal, operatorId, deps.clock.now())
  const fromWeek = today - 7 * oversightPolicy.historyWeeks
  const beside = await findProfileFacts(tx, { operatorId, domain }, fromWeek, view, deps.clock.now())
  const history = weekly(beside.history)
  const isPublished = standing.published !== null
  // Safe: a full reply has all seven.
  const dimensions = toDimensions(chosen, 'full') as ProfileReply['profile']['dimensions']
  const points = isPublished
    ? [...history.flatMap(({ jis }) => jis ?? []), chosen.figures.jis]
    : [chosen.figures.jis]
  const maintenance = toMaintenance(chosen, parameters)
  const profile: ReadProfile['profile'] = {
    operator_id: operatorId,
    domain,
    created_at: new Date(operator.firstSeenAtMs).toISOString(),
    last_interaction_at: new Date(operator.lastSeenAtMs).toISOString(),
    displayed_jis: standing.published?.jis ?? null,
    profile: {
      current_jis: chosen.figures.jis,
      jis_median: roundTo(median(points), 1),
      jis_mean: roundTo(points.reduce((sum, jis) => sum + jis, 0) / points.length, 1),
      jis_min: Math.min(...points),
      jis_max: Math.max(...points),
      trend: chosen.figures.trend,
      dimension_averages: dimensions,
      weakest_dimensions: ranked(chosen).slice(0, 2),
      strongest_dimensions: ranked(chosen).toReversed().slice(0, 2),
      compliance: toCompliance(chosen, standing.article14, parameters),
      decay_projection: toDecayProjection(chosen, domain, standing.decay, parameters),
      maintenance_recommendation: {
        ...maintenance,
        urgency: isOlderClient(userAgent) ? toOlderUrgency(maintenance.urgency) : maintenance.urgency,
      },
      statistics: toStatistics(counts.counters, counts.side, state.counted, isPublished),
      operator_id: operatorId,
      domain,
      domains: [...current.domains],
      jis: chosen.figures.jis,
      jis_interval: standing.published?.interval == null ? null : [...standing.published.interval],
      band: chosen.figures.band,
      dimensions,
      dimensions_computed: [...listComputed(chosen, 'full')],
      n_by_dimension: isPublished
        ? Object.fromEntries(
            dimensionNames.map((name, at) => [name, roundTo(standing.score.dimensions[at]?.n ?? 0, 1)]),
          )
        : null,
      minimum_data_met: standing.score.minimumDataMet,
      withheld: standing.score.withheld,
      total_interactions: state.counted,
      interactions_count: state.counted,
      first_seen: new Date(operator.firstSeenAtMs).toISOString(),
      last_seen: new Date(operator.lastSeenAtMs).toISOString(),
      n_effective: isPublished ? roundTo(standing.score.effectiveTrials, 1) : null,
      evidence_mix: isPublished ? toMixReply(counts.side) : null,
      role_class: operator.roleClass,
      role_tier: toTier(operator.roleClass),
      notice_given_at:
        operator.noticeGivenAtMs === null ? null : new Date(operator.noticeGivenAtMs).toISOString(),
      open_contests: beside.openContests,
    },
    jis_history: history.flatMap(({ day, jis }) =>
      jis === null
        ? []
        : [
            {
              jis,
              timestamp: new Date(day * dayMs).toISOString(),
              date: toDate(day),
              band: toBand(jis, parameters),
            },
          ],
    ),
    reliance: standing.score.minimumDataMet
      ? toRelianceReply(
          reliance(toSums(counts.counters), parameters.reliance.trials_min),
          windowDays,
          counts.side,
        )
      : withheldReliance(windowDays),
  }
  return { profile, isLookNoted: view === undefined || beside.isViewNoted }
}

const dayMs = 86_400_000

/** Formats a day as `2026-06-30`. */
export function toDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** The domain with the most weighted evidence; ties are broken by the order of the domains. */
function mostEvidence(all: readonly StandingFacts[]): StandingFacts | undefined {
  const relevance = counterNames.indexOf('rel')
  const ordered = all.toSorted((a, b) => domains.indexOf(a.domain) - domains.indexOf(b.domain))
  return ordered.reduce<StandingFacts | undefined>((most, one) => {
    if (most === undefined) return one
    return (one.stored.state.sums[relevance] ?? 0n) > (most.stored.state.sums[relevance] ?? 0n) ? one : most
  }, undefined)
}

/** The last published value of each ISO week, including the current one. */
function weekly(points: readonly HistoryPoint[]): readonly HistoryPoint[] {
  const weeks = new Map<number, HistoryPoint>()
  // 1970-01-01 was a Thursday, so that ISO weeks begin at days that are 4 more than a multiple of 7.
  for (const point of points) if (point.jis !== null) weeks.set(Math.floor((point.day + 3) / 7), point)
  return [...weeks.values()].slice(-oversightPolicy.historyWeeks)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/**
 * Defined dimensions, weakest first; ties are broken by the order of the dimensions. Empty if the score is withheld.
 */
function ranked(chosen: ShownFigures) {
  return listComputed(chosen, 'full')
    .map((dimension) => ({
      dimension,
      average_score: chosen.figures.dimensions[dimensionNames.indexOf(dimension)] ?? 0,
    }))
    .toSorted((a, b) => a.average_score - b.average_score)
}

function toStatistics(
  counters: readonly number[],
  sideCounters: readonly number[],
  counted: number,
  isPublished: boolean,
): ProfileReply['profile']['statistics'] {
  const { fin, fin_ok: finalRight, ind, ind_ok: ownRight, all } = toSums(counters)
  const side = toSide(sideCounters)
  const share = (part: number, n: number): number | null =>
    isPublished && n >= 10 ? roundTo(part / n, 4) : null
  return {
    total_interactions: counted,
    accuracy_percent: isPublished && fin >= 10 ? roundTo((100 * finalRight) / fin, 1) : null,
    average_decision_time_ms: isPublished && all >= 10 ? Math.round(side.t_ms / all) : 0,
    trap_detection_rate: share(side.trap_a, side.trap_n),
    independent_accuracy: share(ownRight, ind),
  }
}
