import type { TenantTx } from '@gatehouse/kernel/db'
import type { OrganizationReply, RelianceReply } from '../contract/views.ts'
import { toSums } from '../domain/counters.ts'
import { type Domain, domains } from '../domain/interaction.ts'
import { clusteredReliance } from '../domain/reliance.ts'
import { addSide, noSide } from '../domain/side-counters.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { sumSpanByOperator } from '../store/organisation-store.ts'
import type { ActiveOperator } from '../store/report-store.ts'
import type { Counts } from '../store/view-store.ts'
import { toRelianceReply } from './to-reliance-reply.ts'

const { groupMin } = oversightPolicy

/** The days of a period, inclusive. */
export type Period = { readonly fromDay: number; readonly toDay: number }

/** The operators whose counts are pooled: those active in the period with minimum data. */
export type GroupFacts = {
  readonly period: Period
  readonly active: readonly ActiveOperator[]
  readonly standings: readonly {
    readonly operatorId: string
    readonly domain: Domain
    readonly jis: number | null
  }[]
  /** Every operator with minimum data, once. */
  readonly people: readonly { readonly operatorId: string }[]
}

/** Pools the counts (one row per operator) into a reliance profile with intervals over operators. */
export function poolReliance(perOperator: readonly Counts[], windowDays: number | null): RelianceReply {
  const profile = clusteredReliance(
    perOperator.map(({ counters }) => toSums(counters)),
    currentModel.parameters.reliance.trials_min,
  )
  return toRelianceReply(
    profile,
    windowDays,
    perOperator.reduce((sum, { side }) => addSide(sum, side), noSide),
  )
}

/** The reliance profile pooled over all operators with minimum data, with intervals over people; null below five. */
export async function readReliance(
  tx: TenantTx,
  { period, people, standings }: GroupFacts,
  domain: Domain | null,
): Promise<RelianceReply | null> {
  const ids =
    domain === null
      ? people.map(({ operatorId }) => operatorId)
      : standings.flatMap((one) => (one.domain === domain && one.jis !== null ? [one.operatorId] : []))
  if (ids.length < groupMin) return null
  const counts = await sumSpanByOperator(tx, period, domain, ids)
  return poolReliance(counts, period.toDay - period.fromDay + 1)
}

/** Groups by domain of at least five people, and one group of all other domains if it is as large. */
export async function readGroups(tx: TenantTx, facts: GroupFacts): Promise<OrganizationReply['by_domain']> {
  const groups: OrganizationReply['by_domain'] = []
  const others: Domain[] = []
  for (const domain of domains) {
    const here = facts.active.filter((one) => one.domain === domain)
    if (here.length === 0) continue
    if (here.length < groupMin) {
      others.push(domain)
      continue
    }
    const profile = await readReliance(tx, facts, domain)
    groups.push({
      domain,
      operators: here.length,
      decisions: here.reduce((sum, { decisions }) => sum + decisions, 0),
      team_gain: profile?.team_gain ?? null,
      over_reliance: profile?.over_reliance ?? null,
      under_reliance: profile?.under_reliance ?? null,
    })
  }
  const rest = facts.active.filter(({ domain }) => others.includes(domain))
  const people = new Set(rest.map(({ operatorId }) => operatorId)).size
  // A smaller group is left out, unless it can be computed from the totals and the other groups anyway.
  if (rest.length > 0 && (people >= groupMin || groups.length > 0))
    groups.push({
      domain: 'other',
      operators: people,
      decisions: rest.reduce((sum, { decisions }) => sum + decisions, 0),
      team_gain: null,
      over_reliance: null,
      under_reliance: null,
    })
  return groups
}
