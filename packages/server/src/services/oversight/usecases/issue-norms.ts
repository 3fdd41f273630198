import { mutate } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { toNaturalUnits } from '../domain/counters.ts'
import { rateDimensions } from '../domain/dimensions.ts'
import type { Domain } from '../domain/interaction.ts'
import { issueNorm } from '../domain/issue-norm.ts'
import { advanceTo, daysOfData } from '../domain/operator-state.ts'
import { isMinimumMet } from '../domain/score.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import {
  findTimeRanks,
  insertNorm,
  type IssuedNorm,
  listDomainStates,
  listNormDomains,
} from '../store/norm-store.ts'
import { firstDayOf, listOperatorDays } from '../store/state-store.ts'
import { eachOrg } from './each-org.ts'
import { dayOf } from './read-interaction.ts'

const statesAtOnce = 500

/**
 * Issues this month's norm for every domain that has none yet, once it has enough trials. A norm is in force from the
 * next UTC midnight and never changes (specification 4.7). A run missed on the first of the month is made up later.
 */
export async function issueNorms(deps: OversightDeps, signal: AbortSignal): Promise<void> {
  await eachOrg(deps, 'norms', signal, (principal) => issueForOrg(deps, principal, signal))
}

async function issueForOrg(
  deps: OversightDeps,
  principal: SystemPrincipal,
  signal: AbortSignal,
): Promise<void> {
  const { daysBack, trialsForFirst } = oversightPolicy.norm
  const nowMs = deps.clock.now()
  const fromDay = dayOf(nowMs) - daysBack + 1
  const domains = await within(deps, principal, (tx) => listNormDomains(tx, fromDay, trialsForFirst))
  for (const { domain, version, issuedAtMs } of domains) {
    signal.throwIfAborted()
    if (issuedAtMs !== null && monthOf(issuedAtMs) >= monthOf(nowMs)) continue
    await mutate(deps, principal, async (tx) => {
      const norm = await measure(tx, domain, version + 1, fromDay, dayOf(nowMs))
      await insertNorm(tx, norm, nowMs)
      return { result: undefined, entry: { action: 'NORM_ISSUED', ...toEntry(norm), at: nowMs } }
    })
  }
}

function toEntry(norm: IssuedNorm) {
  return {
    resourceType: 'norm',
    resourceId: norm.id,
    detail: {
      domain: norm.domain,
      version: norm.version,
      effective_day: norm.effectiveDay,
      t_min_ms: norm.tMinMs,
      t_ref_ms: norm.tRefMs,
      prior: [...norm.prior],
      n_trials: norm.trials,
      n_operators: norm.operators,
    },
  }
}

async function measure(
  tx: TenantTx,
  domain: Domain,
  version: number,
  fromDay: number,
  today: number,
): Promise<IssuedNorm> {
  const { trials, ...ranks } = await findTimeRanks(tx, domain, fromDay)
  const raw = await listRawDimensions(tx, domain, today)
  const norm = issueNorm(`${domain}-${version}`, ranks, raw, oversightPolicy.norm)
  return { ...norm, domain, version, effectiveDay: today + 1, trials, operators: raw.length }
}

/** D1 to D7 before shrinkage, of all operators with minimum data. */
async function listRawDimensions(
  tx: TenantTx,
  domain: Domain,
  today: number,
): Promise<readonly (readonly (number | null)[])[]> {
  const { parameters } = currentModel
  const raw: (readonly (number | null)[])[] = []
  for (let after = ''; ;) {
    const states = await listDomainStates(tx, domain, after, statesAtOnce)
    for (const { operatorId, state: stored } of states) {
      const state =
        stored.asOfDay >= today
          ? stored
          : advanceTo(stored, today, await listOperatorDays(tx, { operatorId, domain }, firstDayOf(today)))
      if (!isMinimumMet({ interactions: state.counted, days: daysOfData(state) }, parameters)) continue
      raw.push(rateDimensions(toNaturalUnits(state.sums), parameters).map(({ value }) => value))
    }
    const last = states.at(-1)
    if (last === undefined || states.length < statesAtOnce) return raw
    after = last.operatorId
  }
}

/** The number of a UTC month. */
function monthOf(ms: number): number {
  const date = new Date(ms)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
