import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { MasterPrincipal, Principal } from '@gatehouse/kernel/principal'
import { findPlan } from '../../../service/find-plan.ts'
import type { DeskAct, DeskOrg } from '../../../service/org-desk.ts'
import type { ChainRange } from '../contract/audit.ts'
import type { ConfirmBody, CreateOrgBody } from '../contract/master.ts'
import type { OversightDeps } from '../deps.ts'
import { type OversightPlan, oversightPlans, planOfTier } from '../plans.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { countInteractionsSince } from '../store/view-store.ts'
import { replyStart } from './reply-start.ts'
import { verifyOwnChain } from './verify-chain.ts'

const service = 'oversight'
const dayMs = 86_400_000

export async function createOrg(
  deps: OversightDeps,
  by: MasterPrincipal,
  body: CreateOrgBody,
  context: RequestContext,
) {
  const { org_id: externalId, name, domain, tier, allowed_origins: allowedOrigins } = body
  const { org, key, prefix } = await deps.orgDesk.create(by, {
    externalId,
    name,
    plan: planOfTier(tier),
    allowedOrigins: allowedOrigins ?? [],
    service,
    detail: domain === null ? {} : { domain },
  })
  return {
    ...replyStart(deps, context),
    org_id: org.externalId,
    name: org.name,
    domain,
    tier: tierOf(org),
    api_key: key?.secret.reveal() ?? null,
    prefix,
    already_provisioned: key === null,
  }
}

export async function suspendOrg(
  deps: OversightDeps,
  by: MasterPrincipal,
  id: string,
  body: ConfirmBody,
  action: 'ADMIN_ORG_SUSPEND' | 'ADMIN_BILLING_SUSPEND',
  context: RequestContext,
) {
  const org = await findConfirmed(deps, id, body)
  return toStanding(deps, await deps.orgDesk.suspend(by, org, toAct(action, body)), context)
}

export async function reactivateOrg(
  deps: OversightDeps,
  by: MasterPrincipal,
  id: string,
  body: ConfirmBody,
  context: RequestContext,
) {
  const org = await findConfirmed(deps, id, body)
  const restored = await deps.orgDesk.restore(by, org, toAct('ADMIN_ORG_REACTIVATE', body))
  return toStanding(deps, restored, context)
}

export async function forceRotate(
  deps: OversightDeps,
  by: MasterPrincipal,
  id: string,
  body: ConfirmBody,
  context: RequestContext,
) {
  const org = await findConfirmed(deps, id, body)
  return rotate(deps, by, org, toAct('ADMIN_ORG_FORCE_ROTATE', body), context)
}

/** Issues a new key and reactivates the organisation after payment. */
export async function rotateBilling(
  deps: OversightDeps,
  by: MasterPrincipal,
  id: string,
  body: ConfirmBody,
  context: RequestContext,
) {
  const org = await findConfirmed(deps, id, body)
  const act = toAct('ADMIN_BILLING_ROTATE', body)
  const restored = org.suspendedAtMs === null ? org : await deps.orgDesk.restore(by, org, act)
  return rotate(deps, by, restored, act, context)
}

export async function forceRevoke(
  deps: OversightDeps,
  by: MasterPrincipal,
  id: string,
  body: ConfirmBody,
  context: RequestContext,
) {
  const org = await findConfirmed(deps, id, body)
  const { revoked } = await deps.orgDesk.revokeKeys(by, org, service, toAct('ADMIN_ORG_FORCE_REVOKE', body))
  return { ...replyStart(deps, context), org_id: org.externalId, revoked_keys: revoked }
}

export async function readUsage(
  deps: OversightDeps,
  by: MasterPrincipal,
  id: string,
  context: RequestContext,
) {
  const org = await findOrg(deps, id)
  const nowMs = deps.clock.now()
  const fromMs = nowMs - oversightPolicy.master.usageDays * dayMs
  const count = await within(deps, { ...by, orgId: org.id }, (tx) => countInteractionsSince(tx, fromMs))
  const { tier, interactionsMax } = planOf(org)
  const ratio = interactionsMax === null ? null : Math.round((count / interactionsMax) * 10_000) / 10_000
  return {
    ...replyStart(deps, context),
    org_id: org.externalId,
    tier,
    active: org.suspendedAtMs === null,
    interaction_count_current_period: count,
    period_start: new Date(fromMs).toISOString(),
    period_end: new Date(nowMs).toISOString(),
    tier_limit: interactionsMax,
    utilization_ratio: ratio,
    threshold_crossed: toThreshold(interactionsMax === null ? 0 : count / interactionsMax),
  }
}

/**
 * With an API key, verifies the organisation's own chain; with the operator's secret, that of the named organisation.
 */
export async function verifyAnyChain(
  deps: OversightDeps,
  principal: Principal,
  { org_id: externalId, ...range }: ChainRange & { readonly org_id?: string | undefined },
  context: RequestContext,
) {
  if (principal.kind !== 'master') {
    if (externalId !== undefined)
      throw problems.VALIDATION_FAILED({
        fields: [{ field: 'org_id', message: 'is taken with the operator’s secret alone' }],
      })
    return verifyOwnChain(deps, principal, range, context)
  }
  if (externalId === undefined)
    throw problems.VALIDATION_FAILED({ fields: [{ field: 'org_id', message: 'is required' }] })
  const org = await findOrg(deps, externalId)
  return verifyOwnChain(deps, { ...principal, orgId: org.id }, range, context)
}

async function findOrg(deps: OversightDeps, id: string): Promise<DeskOrg> {
  const org = await deps.orgDesk.find(id)
  if (org === undefined) throw problems.NOT_FOUND({ detail: `There is no organisation ${id}` })
  return org
}

/** The organisation's id must be given twice, as a confirmation. */
async function findConfirmed(deps: OversightDeps, id: string, body: ConfirmBody): Promise<DeskOrg> {
  if (body.confirm_org_id !== id)
    throw problems.VALIDATION_FAILED({
      fields: [{ field: 'confirm_org_id', message: 'must be the org_id of the path' }],
    })
  return findOrg(deps, id)
}

async function rotate(
  deps: OversightDeps,
  by: MasterPrincipal,
  org: DeskOrg,
  act: DeskAct,
  context: RequestContext,
) {
  const { key, revoked } = await deps.orgDesk.replaceKeys(by, org, service, act)
  return {
    ...replyStart(deps, context),
    org_id: org.externalId,
    api_key: key.secret.reveal(),
    prefix: key.prefix,
    active: org.suspendedAtMs === null,
    revoked_keys: revoked,
    warning:
      'This key is shown once and never again. All others of the organisation are refused from now on.',
  }
}

function toAct(action: string, { reason }: ConfirmBody): DeskAct {
  return { action, reason: reason ?? '' }
}

function toStanding(deps: OversightDeps, { externalId, suspendedAtMs }: DeskOrg, context: RequestContext) {
  return {
    ...replyStart(deps, context),
    org_id: externalId,
    active: suspendedAtMs === null,
    suspended_at: suspendedAtMs === null ? null : new Date(suspendedAtMs).toISOString(),
  }
}

function planOf({ plan }: DeskOrg): OversightPlan {
  return findPlan(oversightPlans, plan)
}

function tierOf(org: DeskOrg): OversightPlan['tier'] {
  return planOf(org).tier
}

/** The highest usage threshold passed, of those that the operator is notified about. */
function toThreshold(used: number): 0.8 | 1 | null {
  if (used >= 1) return 1
  return used >= 0.8 ? 0.8 : null
}
