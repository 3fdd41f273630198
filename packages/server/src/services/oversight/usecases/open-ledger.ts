import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { CountingRule } from '../domain/count-interaction.ts'
import type { Domain, Interaction } from '../domain/interaction.ts'
import type { LedgerItem, LedgerStep } from '../domain/ledger.ts'
import type { Norm } from '../domain/norm.ts'
import { addVectors } from '../domain/counters.ts'
import {
  advanceTo,
  type CounterChange,
  emptyState,
  foldState,
  type OperatorState,
} from '../domain/operator-state.ts'
import { addSide } from '../domain/side-counters.ts'
import { decayOf, readTelemetry, type Settings, taskTypeOf } from '../domain/settings.ts'
import { type EarlierValue, judgeStanding, type Standing } from '../domain/standing.ts'
import { currentModel, type Model, modelOf } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import type { StoredInteraction } from '../store/interaction-store.ts'
import type { Operator } from '../store/operator-store.ts'
import { findSettingsVersion, type VersionedSettings } from '../store/rule-store.ts'
import { lockStandingFacts } from '../store/standing-store.ts'
import {
  addToDays,
  firstDayOf,
  listOperatorDays,
  type OperatorDomain,
  settleState,
} from '../store/state-store.ts'
import { followOperatorAlerts } from './follow-operator-alerts.ts'
import { dayOf } from './read-interaction.ts'
import { toSender } from './sender.ts'

/**
 * The ledger of one operator in one domain, locked by the transaction. Events are applied in order and written
 * together by `close`.
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
  /** Writes counters, state, the day's last value and the resulting alerts; with `quietly`, no alert opens. */
  readonly close: (how?: 'quietly') => Promise<void>
}

/** Locks and reads the data for an operator's events. `nowMs` never decreases within a ledger. */
export async function openLedger(tx: AuditedTx, key: OperatorDomain, nowMs: number): Promise<Ledger> {
  const { operator, isNewOperator, stored, today, versioned, norm, earlier } = await lockStandingFacts(
    tx,
    key,
    emptyState(dayOf(nowMs)),
    nowMs,
    { day: dayOf(nowMs), trendDays: oversightPolicy.trendDays },
  )
  const receivedAtMs = Math.max(nowMs, stored.lastReceivedAtMs)
  let { state } = stored
  if (today > state.asOfDay)
    state = advanceTo(state, today, await listOperatorDays(tx, key, firstDayOf(today)))
  const model = currentModel
  const changes = new Map<number, CounterChange>()
  const standing = (): Standing => standingOf(state, earlier, key.domain, norm, versioned, model)
  return {
    operator: { ...operator, isNew: isNewOperator },
    domain: key.domain,
    today,
    receivedAtMs,
    norm,
    model,
    versioned,
    sender: toSender(tx.principal),
    jisBefore: stored.jis,
    state: () => state,
    standing,
    rule: ruleOf(key.domain, norm, versioned, model),
    take: (step) => {
      state = step.state
      const before = changes.get(step.change.day)
      changes.set(step.change.day, before === undefined ? step.change : addChanges(before, step.change))
      return standing()
    },
    close: async (how) => {
      const after = standing()
      const { published, score } = after
      const changed = [...changes.values()]
      // If the first day lost a contribution, it may be empty now; only the daily rows show which day is first.
      const leavesFirst = changed.some(
        ({ day, counters }) => day === state.firstDay && (counters[0] ?? 0) < 0,
      )
      if (leavesFirst) {
        await addToDays(tx, key, changed)
        const days = await listOperatorDays(tx, key, firstDayOf(state.asOfDay))
        state = { ...state, ...foldState(days, state.asOfDay) }
      }
      const openKinds = await settleState(tx, key, {
        state,
        figures: published,
        effectiveTrials: score.effectiveTrials,
        nowMs: receivedAtMs,
        changes: leavesFirst ? [] : changed,
      })
      await followOperatorAlerts(tx, {
        ...key,
        before: stored.jis,
        standing: after,
        roleClass: operator.roleClass,
        parameters: model.parameters,
        openKinds,
        mayOpen: how !== 'quietly',
        nowMs: receivedAtMs,
      })
    },
  }
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

function addChanges(a: CounterChange, b: CounterChange): CounterChange {
  return { day: a.day, counters: addVectors(a.counters, b.counters), side: addSide(a.side, b.side) }
}
