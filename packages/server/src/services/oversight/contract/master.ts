import { defineEndpoint, displayName, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { origin } from '../../../service/shapes.ts'
import { domains } from '../domain/interaction.ts'
import { oversightPolicy } from '../policy.ts'
import { chainRange, chainVerdict } from './audit.ts'
import { envelope, time } from './blocks.ts'
import { optional } from './fields.ts'

const tag = 'operator'

const { master: figures, tiers } = oversightPolicy

const externalId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores')

const byOrg = z.strictObject({ org_id: externalId })
const oneOf = (values: readonly string[]) => ({ error: `must be one of ${values.join(', ')}` })

const isNew = { org_id: z.string(), api_key: z.string().nullable(), prefix: z.string().nullable() }

export const createOrgBody = z.strictObject({
  org_id: externalId,
  name: displayName(100),
  domain: optional(z.enum(domains, oneOf(domains))),
  tier: z.enum(tiers, oneOf(tiers)),
  allowed_origins: optional(
    z.array(origin).max(figures.originsMax, `must name at most ${figures.originsMax} origins`),
  ),
})

export type CreateOrgBody = z.output<typeof createOrgBody>

export const createOrg = defineEndpoint({
  method: 'POST',
  path: '/v1/admin/org/create',
  id: 'masterCreateOrg',
  summary: 'Create an organisation and its first API key',
  description: 'If the id already exists, nothing is changed; the reply says so and contains no key.',
  tag,
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_ORG_CREATE' },
  body: createOrgBody,
  example: { body: { org_id: 'acme', name: 'Acme', tier: 'standard' } },
  reply: {
    status: 201,
    schema: z.strictObject({
      ...envelope,
      ...isNew,
      name: z.string(),
      domain: z.enum(domains).nullable(),
      tier: z.enum(tiers),
      already_provisioned: z.boolean(),
    }),
  },
  revealsSecret: true,
  secretMembers: ['api_key'],
  replayedAs: { already_provisioned: true },
  problems: ['VALIDATION_FAILED'],
})

export const confirmBody = z.strictObject({
  confirm_org_id: externalId,
  reason: optional(text(0, figures.reasonMax)),
})

export type ConfirmBody = z.output<typeof confirmBody>

const deed = {
  method: 'POST',
  tag,
  params: byOrg,
  body: confirmBody,
  example: { params: { org_id: 'acme' }, body: { confirm_org_id: 'acme', reason: 'asked for by its owner' } },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND'],
} as const

const standing = z.strictObject({
  ...envelope,
  org_id: z.string(),
  active: z.boolean(),
  suspended_at: time.nullable(),
})

export const suspendOrg = defineEndpoint({
  ...deed,
  path: '/v1/admin/org/{org_id}/suspend',
  id: 'masterSuspendOrg',
  summary: 'Suspend an organisation; all of its keys are refused until it is reactivated',
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_ORG_SUSPEND' },
  reply: { status: 200, schema: standing },
})

export const reactivateOrg = defineEndpoint({
  ...deed,
  path: '/v1/admin/org/{org_id}/reactivate',
  id: 'masterReactivateOrg',
  summary: 'Reactivate an organisation; its existing keys work again',
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_ORG_REACTIVATE' },
  reply: { status: 200, schema: standing },
})

const rotated = z.strictObject({
  ...envelope,
  ...isNew,
  active: z.boolean(),
  revoked_keys: z.int(),
  warning: z.string(),
})

export const forceRotate = defineEndpoint({
  ...deed,
  path: '/v1/admin/org/{org_id}/force-rotate',
  id: 'masterForceRotate',
  summary: 'Revoke all API keys of an organisation and create a new one',
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_ORG_FORCE_ROTATE' },
  reply: { status: 200, schema: rotated },
  revealsSecret: true,
  secretMembers: ['api_key'],
})

export const forceRevoke = defineEndpoint({
  ...deed,
  path: '/v1/admin/org/{org_id}/force-revoke',
  id: 'masterForceRevoke',
  summary: 'Revoke all API keys of an organisation',
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_ORG_FORCE_REVOKE' },
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, org_id: z.string(), revoked_keys: z.int() }),
  },
})

export const suspendBilling = defineEndpoint({
  ...deed,
  path: '/v1/admin/billing/org/{org_id}/suspend',
  id: 'masterSuspendBilling',
  summary:
    'Suspend all keys of an organisation because of missing payment; repeating the request has no effect',
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_BILLING_SUSPEND' },
  reply: { status: 200, schema: standing },
})

export const rotateBilling = defineEndpoint({
  ...deed,
  path: '/v1/admin/billing/org/{org_id}/rotate',
  id: 'masterRotateBilling',
  summary: 'Reactivate an organisation and replace all of its keys by one new key',
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_BILLING_ROTATE' },
  reply: { status: 200, schema: rotated },
  revealsSecret: true,
  secretMembers: ['api_key'],
})

export const readUsage = defineEndpoint({
  method: 'GET',
  path: '/v1/admin/org/{org_id}/usage',
  id: 'masterReadUsage',
  summary: 'Read the usage of an organisation in the last 30 days and the quota of its plan',
  description: 'Requests above the quota are still served, so that no evidence of oversight is lost.',
  tag,
  access: { kind: 'master', secret: 'MASTER_ADMIN_KEY_ORG_USAGE_READ' },
  params: byOrg,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      org_id: z.string(),
      tier: z.enum(tiers),
      active: z.boolean(),
      interaction_count_current_period: z.int(),
      period_start: time,
      period_end: time,
      tier_limit: z.int().nullable(),
      utilization_ratio: z.number().nullable(),
      threshold_crossed: z.union([z.literal(0.8), z.literal(1)]).nullable(),
    }),
  },
  problems: ['NOT_FOUND'],
})

export const verifyAnyChain = defineEndpoint({
  method: 'GET',
  path: '/v1/admin/audit/verify-chain',
  id: 'verifyAnyChain',
  summary:
    'Verify a hash chain: your own with an API key, or that of any `org_id` with the operator’s secret',
  tag,
  access: { kind: 'key', scope: 'audit:read', orMaster: 'MASTER_ADMIN_KEY_AUDIT_VERIFY' },
  query: chainRange.safeExtend({ org_id: externalId.optional() }),
  reply: { status: 200, schema: chainVerdict },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND'],
})

export const masterEndpoints = [
  createOrg,
  suspendOrg,
  reactivateOrg,
  forceRotate,
  forceRevoke,
  suspendBilling,
  rotateBilling,
  readUsage,
  verifyAnyChain,
] as const
