import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { CountingRule } from '../domain/count-interaction.ts'
import type { Domain, Interaction } from '../domain/interaction.ts'
import type { LedgerItem, LedgerStep } from '../domain/ledger.ts'
import type { Norm } from '../domain/norm.ts'
import {
  addChanges,
  advanceTo,
  type CounterChange,
  emptyState,
  foldState,
  type OperatorState,
} from '../domain/operator-state.ts'
import { decayOf, readTelemetry, type Settings, taskTypeOf } from '../domain/settings.ts'
import { type EarlierValue, judgeStanding, type Standing } from '../domain/standing.ts'
import { currentModel, type Model, modelOf } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import type { StoredInteraction } from '../store/interaction-store.ts'
import type { Operator } from '../store/operator-store.ts'
import { findSettingsVersion, type VersionedSettings } from '../store/rule-store.ts'
import { type LockedFacts, lockStandingFacts } from '../store/standing-store.ts'
import {
  addToDays,
  firstDayOf,
  listOperatorDays,
  type OperatorDomain,
  type SettledState,
  settleStates,
} from '../store/state-store.ts'
import { followOperatorAlerts } from './follow-operator-alerts.ts'
import { dayOf } from './read-interaction.ts'
import { toSender } from './sender.ts'

/**
 * The ledger of one operator in one domain, locked by the transaction. Events are applied in order and written
 * together by `closeLedgers`.
 */
export type Ledger = {
  readonly operator: Operator & { readonly isNew: boolean }
  readonly domain: Domain
  readonly today: number
  readonly receivedAtMs: number
  readonly norm: Norm
  readonly model: Model
  readonly versioned: VersionedSettings
  /** The sender of the recorded data. */
  readonly sender: string
  /** The published score before the first event. */
  readonly jisBefore: number | null
  readonly state: () => OperatorState
  /** Applies the step of an event and returns the standing after it. */
  readonly take: (step: LedgerStep) => Standing
  readonly standing: () => Standing
  /** The rule under which new interactions are counted. */
  readonly rule: CountingRule
  /** The changes of its days since it was opened, by day. */
  readonly changes: ReadonlyMap<number, CounterChange>
}

/** Locks and reads the data for an operator's events. `nowMs` never decreases within a ledger. */
export async function openLedger(tx: AuditedTx, key: OperatorDomain, nowMs: number): Promise<Ledger> {
  const [ledger] = await openLedgers(tx, [key], nowMs)
  if (ledger === undefined) throw new Error('A ledger that was opened is not there')
  return ledger
}

/** The same for several different keys, in one statement; the ledgers are in no particular order. */
export async function openLedgers(
  tx: AuditedTx,
  keys: readonly OperatorDomain[],
  nowMs: number,
): Promise<readonly Ledger[]> {
  if (keys.length === 0) return []
  const day = dayOf(nowMs)
  const asOf = { day, trendDays: oversightPolicy.trendDays }
  const locked = await lockStandingFacts(tx, keys, emptyState(day), nowMs, asOf)
  const ledgers: Ledger[] = []
  for (const facts of locked) ledgers.push(await toLedger(tx, facts, nowMs))
  return ledgers
}

async function toLedger(tx: AuditedTx, facts: LockedFacts, nowMs: number): Promise<Ledger> {
  const { operator, isNewOperator, domain, stored, today, versioned, norm, earlier } = facts
  const key = { operatorId: operator.operatorId, domain }
  const receivedAtMs = Math.max(nowMs, stored.lastReceivedAtMs)
  let { state } = stored
  if (today > state.asOfDay)
    state = advanceTo(state, today, await listOperatorDays(tx, key, firstDayOf(today)))
  const model = currentModel
  const changes = new Map<number, CounterChange>()
  const standing = (): Standing => standingOf(state, earlier, domain, norm, versioned, model)
  return {
    operator: { ...operator, isNew: isNewOperator },
    domain,
    today,
    receivedAtMs,
    norm,
    model,
    versioned,
    sender: toSender(tx.principal),
    jisBefore: stored.jis,
    state: () => state,
    standing,
    rule: ruleOf(domain, norm, versioned, model),
    changes,
    take: (step) => {
      state = step.state
      const before = changes.get(step.change.day)
      changes.set(step.change.day, before === undefined ? step.change : addChanges(before, step.change))
      return standing()
    },
  }
}

/**
 * Writes counters, states, the last values of the day and the resulting alerts, the first three in one statement; with
 * `quietly`, no alert opens.
 */
export async function closeLedgers(
  tx: AuditedTx,
  ledgers: readonly Ledger[],
  how?: 'quietly',
): Promise<void> {
  if (ledgers.length === 0) return
  const closing: { readonly ledger: Ledger; readonly standing: Standing; readonly settled: SettledState }[] =
    []
  for (const ledger of ledgers) {
    const standing = ledger.standing()
    closing.push({ ledger, standing, settled: await toSettled(tx, ledger, standing) })
  }
  const openKinds = await settleStates(
    tx,
    closing.map(({ settled }) => settled),
  )
  for (const [at, { ledger, standing, settled }] of closing.entries())
    await followOperatorAlerts(tx, {
      operatorId: settled.operatorId,
      domain: settled.domain,
      before: ledger.jisBefore,
      standing,
      roleClass: ledger.operator.roleClass,
      parameters: ledger.model.parameters,
      openKinds: openKinds[at] ?? [],
      mayOpen: how !== 'quietly',
      nowMs: ledger.receivedAtMs,
    })
}

async function toSettled(tx: AuditedTx, ledger: Ledger, standing: Standing): Promise<SettledState> {
  const key = keyOf(ledger)
  const state = ledger.state()
  const changes = [...ledger.changes.values()]
  const settled = {
    ...key,
    state,
    figures: standing.published,
    effectiveTrials: standing.score.effectiveTrials,
    nowMs: ledger.receivedAtMs,
    changes,
  }
  // If the first day lost a contribution, it may be empty now; only the daily rows show which day is first.
  if (!changes.some(({ day, counters }) => day === state.firstDay && (counters[0] ?? 0) < 0)) return settled
  await addToDays(tx, key, changes)
  const days = await listOperatorDays(tx, key, firstDayOf(state.asOfDay))
  return { ...settled, state: { ...state, ...foldState(days, state.asOfDay) }, changes: [] }
}

/** The operator and the domain that a ledger is of. */
export function keyOf({ operator, domain }: Pick<Ledger, 'operator' | 'domain'>): OperatorDomain {
  return { operatorId: operator.operatorId, domain }
}

export function standingOf(
  state: OperatorState,
  earlier: EarlierValue,
  domain: Domain,
  norm: Norm,
  { settings }: VersionedSettings,
  { parameters }: Model,
): Standing {
  const rule = { domain, prior: norm.prior, decay: decayOf(settings, domain, parameters), parameters }
  return judgeStanding(state, earlier, rule)
}

function ruleOf(
  domain: Domain,
  norm: Pick<Norm, 'tMinMs' | 'tRefMs'>,
  { settings }: Pick<VersionedSettings, 'settings'>,
  { parameters }: Model,
): CountingRule {
  return {
    parameters,
    norm: { tMinMs: norm.tMinMs, tRefMs: norm.tRefMs },
    taskType: taskTypeOf(settings, domain),
    stampMs: settings.stampMs,
  }
}

/** A ledger item, and how to interpret telemetry whenever its inputs change. */
type ReadableItem = LedgerItem & { readonly readTelemetry: (inputs: Interaction) => Interaction }

/** A stored interaction with the norm, the settings and the model at its receipt. */
export async function toLedgerItem(tx: TenantTx, stored: StoredInteraction): Promise<ReadableItem> {
  return toLedgerItemUnder(await findSettingsVersion(tx, stored.settingsVersion), stored)
}

export function toLedgerItemUnder(settings: Settings, stored: StoredInteraction): ReadableItem {
  const read = (inputs: Interaction): Interaction => readTelemetry(inputs, settings)
  return {
    interaction: read(stored.inputs),
    isClosed: stored.state === 'committed',
    grade: stored.evidence.grade,
    isByLink: stored.evidence.attestation?.enrolledBy === 'link',
    rule: ruleOf(stored.domain, stored, { settings }, modelOf(stored.modelVersion)),
    day: stored.day,
    isPostError: stored.isPostError,
    readTelemetry: read,
  }
}
