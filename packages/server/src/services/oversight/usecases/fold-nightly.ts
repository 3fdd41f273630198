import { recordTelemetry, type TelemetryTx, within } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { advanceTo } from '../domain/operator-state.ts'
import { judgeBandChange } from '../domain/band-change.ts'
import { toBand } from '../domain/score.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { findAnnouncedBand, listDayValues, listUnfolded, setAnnouncedBand } from '../store/nightly-store.ts'
import { findLastPublished, findOperator, setHistory } from '../store/operator-store.ts'
import { findNorm, findSettings } from '../store/rule-store.ts'
import {
  findLockedState,
  firstDayOf,
  listOperatorDays,
  type OperatorDomain,
  setState,
} from '../store/state-store.ts'
import { eachOrg } from './each-org.ts'
import { followOperatorAlerts, toPair } from './follow-operator-alerts.ts'
import { standingOf } from './open-ledger.ts'
import { raiseAlert, subjectOf } from './raise-alert.ts'
import { dayOf } from './read-interaction.ts'

/** Number of states per transaction, so that a score waits for a lock no longer than a second. */
const statesAtOnce = 20

/**
 * Folds every state that no event has folded today, so that the first read of the day is fast, and stores the day's
 * value of inactive operators, which shows their decay. A failure in one organisation does not stop the others.
 */
export async function foldNightly(deps: OversightDeps, signal: AbortSignal): Promise<void> {
  await eachOrg(deps, 'fold', signal, (principal) => foldOrg(deps, principal, signal))
}

async function foldOrg(deps: OversightDeps, principal: SystemPrincipal, signal: AbortSignal): Promise<void> {
  const today = dayOf(deps.clock.now())
  let after: OperatorDomain | null = null
  for (;;) {
    signal.throwIfAborted()
    const keys: readonly OperatorDomain[] = await within(deps, principal, (tx) =>
      listUnfolded(tx, today, after, statesAtOnce),
    )
    await recordTelemetry(deps, principal, async (tx) => {
      for (const key of keys) await foldOne(deps, tx, key, today)
    })
    after = keys.at(-1) ?? null
    if (keys.length < statesAtOnce) return
  }
}

async function foldOne(
  deps: OversightDeps,
  tx: TelemetryTx,
  key: OperatorDomain,
  today: number,
): Promise<void> {
  const stored = await findLockedState(tx, key)
  // The state was scored concurrently, or the operator was erased.
  if (stored === undefined || stored.state.asOfDay >= today) return
  const nowMs = deps.clock.now()
  await tellBand(tx, key, today, nowMs)
  const state = advanceTo(stored.state, today, await listOperatorDays(tx, key, firstDayOf(today)))
  const versioned = await findSettings(tx)
  const norm = await findNorm(tx, key.domain, today)
  const { from, to } = oversightPolicy.trendDays
  const earlier = await findLastPublished(tx, key.operatorId, key.domain, today - to, today - from)
  const standing = standingOf(state, earlier, key.domain, norm, versioned, currentModel)
  const operator = await findOperator(tx, key.operatorId)
  const openKinds = await setState(tx, key, state, standing.published?.jis ?? null, stored.lastReceivedAtMs)
  if (state.counted > 0)
    await setHistory(
      tx,
      key.operatorId,
      key.domain,
      today,
      standing.published,
      standing.score.effectiveTrials,
    )
  await followOperatorAlerts(tx, {
    ...key,
    before: stored.jis,
    standing,
    roleClass: operator?.roleClass ?? versioned.settings.defaultRoleClass,
    parameters: currentModel.parameters,
    openKinds,
    mayOpen: true,
    nowMs,
  })
}

/** The first band is not announced, because there is no earlier one to differ from. */
async function tellBand(tx: TelemetryTx, key: OperatorDomain, today: number, nowMs: number): Promise<void> {
  const { parameters } = currentModel
  const values = await listDayValues(tx, key, today - 3, today - 1)
  const valueOf = (day: number) => values.find((one) => one.day === day)
  const last = valueOf(today - 1)
  if (last === undefined || last.jis === null) return
  const announced = await findAnnouncedBand(tx, key)
  if (announced === null) return setAnnouncedBand(tx, key, toBand(last.jis, parameters))
  const change = judgeBandChange(
    announced,
    [last.jis, valueOf(today - 2)?.jis ?? null, valueOf(today - 3)?.jis ?? null],
    parameters,
  )
  if (change === null) return
  await setAnnouncedBand(tx, key, change.to)
  const { operatorId, domain } = key
  await raiseAlert(
    tx,
    {
      kind: 'band_change',
      subject: subjectOf(operatorId, domain),
      severity: change.severity,
      operatorId,
      domain,
      data: {
        domain,
        from: announced,
        to: change.to,
        jis: last.jis,
        jis_interval: toPair(last.interval, last.jis),
        n_effective: last.effectiveTrials,
      },
    },
    nowMs,
  )
}
