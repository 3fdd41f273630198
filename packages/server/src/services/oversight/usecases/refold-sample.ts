import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { recordTelemetry, type TelemetryTx, type TenantTx, within } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { countItem, type LedgerItem } from '../domain/ledger.ts'
import type { OperatorDay, OperatorState } from '../domain/operator-state.ts'
import { compareDays, type DayDifference, refoldState, sumDays } from '../domain/refold.ts'
import type { Settings } from '../domain/settings.ts'
import { listSample } from '../store/nightly-store.ts'
import { findLastSeq, listLedgerHeads, setDays, setOrgDays } from '../store/refold-store.ts'
import { findSettingsVersion } from '../store/rule-store.ts'
import {
  findLockedState,
  firstDayOf,
  listOperatorDays,
  type OperatorDomain,
  setState,
} from '../store/state-store.ts'
import { eachOrg } from './each-org.ts'
import { toLedgerItemUnder } from './open-ledger.ts'
import { raiseAlert, subjectOf } from './raise-alert.ts'
import { dayOf } from './read-interaction.ts'

const interactionsAtOnce = 1_000

/**
 * Recomputes 1 % of the states from the ledger, a different sample each day. A state that differs is rebuilt, which
 * is recorded in the audit log and raises an alert that a person has to close (specification 9.3).
 */
export async function refoldSample(deps: OversightDeps, signal: AbortSignal): Promise<void> {
  await eachOrg(deps, 'refold', signal, async (principal) => {
    const today = dayOf(deps.clock.now())
    for (const key of await within(deps, principal, (tx) => listSample(tx, today))) {
      signal.throwIfAborted()
      await verifyOne(deps, principal, key)
    }
  })
}

/** Returns whether the stored state matched the ledger; if not, it is corrected. */
export async function verifyOne(
  deps: OversightDeps,
  principal: SystemPrincipal,
  key: OperatorDomain,
): Promise<boolean> {
  const found = await recordTelemetry(deps, principal, (tx) => compare(tx, key))
  if (found === null) return true
  await mutate(deps, principal, async (tx) => {
    const nowMs = deps.clock.now()
    // Compared again after the lock of this transaction.
    const differing = await compare(tx, key)
    if (differing !== null) await rebuild(tx, key, differing)
    const { operatorId, domain } = key
    await raiseAlert(
      tx,
      {
        kind: 'aggregate_mismatch',
        subject: subjectOf(operatorId, domain),
        severity: 'high',
        operatorId,
        domain,
        data: { domain },
      },
      nowMs,
    )
    return {
      result: undefined,
      entry: {
        action: 'AGGREGATE_REBUILT',
        resourceType: 'operator',
        resourceId: operatorId,
        detail: {
          domain,
          days: (differing ?? found).days.map(({ day }) => day),
          state: (differing ?? found).isStateOff,
        },
        at: nowMs,
      },
    }
  })
  return false
}

type Comparison = {
  readonly days: readonly DayDifference[]
  readonly isStateOff: boolean
  readonly right: OperatorState
  readonly jis: number | null
  readonly lastReceivedAtMs: number
}

/** Null if the stored state matches the ledger. */
async function compare(tx: TelemetryTx, key: OperatorDomain): Promise<Comparison | null> {
  const stored = await findLockedState(tx, key)
  if (stored === undefined) return null
  const fromDay = firstDayOf(stored.state.asOfDay) + 1
  const right = await refoldDays(tx, key, fromDay)
  const days = compareDays(await listOperatorDays(tx, key, fromDay), right)
  const refolded = refoldState(stored.state, right, await findLastSeq(tx, key))
  const isStateOff = !isSame(refolded, stored.state)
  if (days.length === 0 && !isStateOff) return null
  return {
    days,
    isStateOff,
    right: refolded,
    jis: stored.jis,
    lastReceivedAtMs: stored.lastReceivedAtMs,
  }
}

function isSame(a: OperatorState, b: OperatorState): boolean {
  const toText = (state: OperatorState): string =>
    JSON.stringify({ ...state, sums: state.sums.map(String) }, Object.keys(state).toSorted())
  return toText(a) === toText(b)
}

/** The days of an operator computed from their interactions, which are read in pages. */
async function refoldDays(
  tx: TenantTx,
  key: OperatorDomain,
  fromDay: number,
): Promise<readonly OperatorDay[]> {
  const settings = new Map<number, Settings>()
  let days: readonly OperatorDay[] = []
  for (let afterSeq = 0; ;) {
    const heads = await listLedgerHeads(tx, key, fromDay, afterSeq, interactionsAtOnce)
    const counted = []
    for (const { stored, data } of heads) {
      const { settingsVersion: version } = stored
      const own = settings.get(version) ?? (await findSettingsVersion(tx, version))
      settings.set(version, own)
      if (data === null) continue
      const item = toLedgerItemUnder(own, stored)
      const now: LedgerItem = {
        ...item,
        interaction: item.readTelemetry(data.inputs),
        isClosed: data.closed,
        grade: data.evidence.grade,
        isByLink: data.evidence.attestation?.enrolledBy === 'link',
      }
      counted.push({ day: stored.day, ...countItem(now) })
    }
    days = sumDays(days, counted)
    const last = heads.at(-1)
    if (last === undefined || heads.length < interactionsAtOnce) return days
    afterSeq = last.stored.ledgerSeq
  }
}

async function rebuild(tx: AuditedTx, key: OperatorDomain, found: Comparison): Promise<void> {
  await setDays(tx, key, found.days)
  await setOrgDays(
    tx,
    key.domain,
    found.days.map(({ day }) => day),
  )
  await setState(tx, key, found.right, found.jis, found.lastReceivedAtMs)
}
