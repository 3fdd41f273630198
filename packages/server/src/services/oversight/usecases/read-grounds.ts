import type { TenantTx } from '@gatehouse/kernel/db'
import type { OversightDeps } from '../deps.ts'
import { isResumable, lifeAt } from '../domain/decision-life.ts'
import { defaultPolicy, type VersionedPolicy } from '../domain/decision-policy.ts'
import type { DecisionGrounds, KnownOperator } from '../domain/evaluate-decision.ts'
import type { Domain } from '../domain/interaction.ts'
import { advanceTo } from '../domain/operator-state.ts'
import { decayOf, type Settings } from '../domain/settings.ts'
import { judgeStanding } from '../domain/standing.ts'
import { type Model, modelOf } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { findDecision } from '../store/decision-store.ts'
import { findLastPublished, findOperator } from '../store/operator-store.ts'
import { findPolicy, findPolicyVersion } from '../store/policy-store.ts'
import { findNorm, findSettings } from '../store/rule-store.ts'
import { findState, firstDayOf, listOperatorDays } from '../store/state-store.ts'
import type { PreparedDecision } from './prepare-decision.ts'
import { dayOf } from './read-interaction.ts'

/** The policy in force; the defaults are version 1. */
export async function readPolicy(tx: TenantTx, { parameters }: Model): Promise<VersionedPolicy> {
  return (await findPolicy(tx)) ?? { version: 1, policy: defaultPolicy(parameters) }
}

/** The policy version by which a decision was routed. */
export async function readPolicyVersion(
  tx: TenantTx,
  version: number,
  modelVersion: string,
): Promise<VersionedPolicy | undefined> {
  if (version === 1) return { version, policy: defaultPolicy(modelOf(modelVersion).parameters) }
  return findPolicyVersion(tx, version)
}

/** Reads the facts that a decision is scored with. */
export async function readGrounds(
  { clock }: Pick<OversightDeps, 'clock'>,
  tx: TenantTx,
  prepared: PreparedDecision,
  model: Model,
): Promise<DecisionGrounds> {
  const nowMs = clock.now()
  const { domain } = prepared.request
  const { version, settings } = await findSettings(tx)
  const norm = await findNorm(tx, domain, dayOf(nowMs))
  return {
    operator:
      prepared.operatorId === null
        ? null
        : await readOperator(tx, prepared.operatorId, domain, { settings, prior: norm.prior, nowMs, model }),
    norm: { id: norm.id, tMinMs: norm.tMinMs, tRefMs: norm.tRefMs },
    settingsVersion: version,
    telemetry: { stampMs: settings.stampMs, zeroTelemetry: settings.zeroTelemetry },
    resumed: await readResumed(tx, prepared, nowMs),
  }
}

/** An unknown operator has the default role class and no figures. */
async function readOperator(
  tx: TenantTx,
  operatorId: string,
  domain: Domain,
  rule: {
    readonly settings: Settings
    readonly prior: Parameters<typeof judgeStanding>[2]['prior']
    readonly nowMs: number
    readonly model: Model
  },
): Promise<KnownOperator> {
  const { settings, prior, nowMs, model } = rule
  const operator = await findOperator(tx, operatorId)
  const stored = await findState(tx, { operatorId, domain })
  const roleClass = operator?.roleClass ?? settings.defaultRoleClass
  if (stored === undefined)
    return { roleClass, minimumDataMet: false, jis: null, band: null, article14: null }
  const today = Math.max(dayOf(nowMs), stored.state.asOfDay)
  const state =
    today > stored.state.asOfDay
      ? advanceTo(stored.state, today, await listOperatorDays(tx, { operatorId, domain }, firstDayOf(today)))
      : stored.state
  const { from, to } = oversightPolicy.trendDays
  const earlier = await findLastPublished(tx, operatorId, domain, today - to, today - from)
  const decay = decayOf(settings, domain, model.parameters)
  const { score, published, article14 } = judgeStanding(state, earlier, {
    domain,
    prior,
    decay,
    parameters: model.parameters,
  })
  return {
    roleClass,
    minimumDataMet: score.minimumDataMet,
    jis: published?.jis ?? null,
    band: published?.band ?? null,
    article14: published === null ? null : article14,
  }
}

/** The resolution that this decision resumes, if it is about the same request and output and at most a day old. */
async function readResumed(
  tx: TenantTx,
  { resumeOf, requestHash, aiOutputHash }: PreparedDecision,
  nowMs: number,
): Promise<DecisionGrounds['resumed']> {
  if (resumeOf === null) return null
  const before = await findDecision(tx, resumeOf)
  if (before === undefined) return null
  const { resolution, ...life } = lifeAt(before, nowMs)
  if (resolution === null) return null
  if (!isResumable({ ...life, resolution }, { requestHash, aiOutputHash, atMs: nowMs })) return null
  return { id: before.id, finalRoute: resolution.finalRoute }
}
