import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'
import { apiKey } from './keys.ts'
import { byId, done, pageLimit, time } from '../../service/shapes.ts'
import { email, resetLink, shownEmail } from './shapes.ts'

const tag = 'administration'

/** For people whom the operator has named, whatever their role in the active org, and only with a fresh proof. */
const access = { kind: 'session', role: 'viewer', sudo: true, instanceAdmin: true } as const

const limit = pageLimit(policy.adminPageMax, policy.adminPageDefault)
const cursor = text(1, 500).optional()
const pages = { nextCursor: z.string().nullable(), hasMore: z.boolean() }

const org = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    plan: z.string(),
    suspendedAt: time.nullable(),
    suspendedBecause: z.string().nullable(),
    deletionScheduledAt: time.nullable(),
    members: z.int(),
    /** The number of live keys, not counting the effect of a suspension. */
    apiKeys: z.int(),
    createdAt: time,
  })
  .meta({ id: 'AdministeredOrg' })

export type WireAdministeredOrg = z.output<typeof org>

const orgReply = { status: 200, schema: z.strictObject({ org }) } as const

export const listOrgs = defineEndpoint({
  method: 'GET',
  path: '/admin/orgs',
  id: 'adminListOrgs',
  summary: 'Search the organisations of the instance, newest first',
  description: '`search` matches part of a name or slug, or a complete id.',
  tag,
  access,
  query: z.strictObject({
    search: text(1, 100).optional(),
    suspended: z
      .enum(['true', 'false'])
      .transform((value) => value === 'true')
      .optional(),
    cursor,
    limit,
  }),
  reply: { status: 200, schema: z.strictObject({ orgs: z.array(org), ...pages }) },
  problems: ['NOT_FOUND'],
})

export type OrgQuery = z.output<typeof listOrgs.query>

export const getOrg = defineEndpoint({
  method: 'GET',
  path: '/admin/orgs/{id}',
  id: 'adminGetOrg',
  summary: 'Read one organisation and the contact addresses of its owners',
  tag,
  access,
  params: byId,
  reply: {
    status: 200,
    schema: z.strictObject({
      org: org.extend({
        owners: z.array(z.string()),
        /** The same addresses in the form for people, in the same order. */
        shownOwners: z.array(shownEmail),
      }),
    }),
  },
  problems: ['NOT_FOUND'],
})

export const suspendOrg = defineEndpoint({
  method: 'POST',
  path: '/admin/orgs/{id}/suspend',
  id: 'adminSuspendOrg',
  summary: 'Suspend an organisation; all nodes refuse its API keys and sessions within one second',
  description:
    'No data is deleted. Requests with its credentials get the same 401 as any invalid credential. The organisation can read the reason in its audit log after the suspension is lifted. Suspending a suspended organisation keeps the time of the first suspension and replaces the reason.',
  tag,
  access,
  params: byId,
  body: z.strictObject({ reason: text(1, 500) }),
  reply: orgReply,
  example: { body: { reason: 'Sends spam' } },
  problems: ['NOT_FOUND', 'OWN_ORG'],
})

export const restoreOrg = defineEndpoint({
  method: 'POST',
  path: '/admin/orgs/{id}/restore',
  id: 'adminRestoreOrg',
  summary: 'Lift the suspension of an organisation',
  tag,
  access,
  params: byId,
  reply: orgReply,
  problems: ['NOT_FOUND'],
})

export const listOrgKeys = defineEndpoint({
  method: 'GET',
  path: '/admin/orgs/{id}/api-keys',
  id: 'adminListApiKeys',
  summary: 'List the API keys of an organisation',
  tag,
  access,
  params: byId,
  reply: { status: 200, schema: z.strictObject({ apiKeys: z.array(apiKey) }) },
  problems: ['NOT_FOUND'],
})

export const revokeOrgKey = defineEndpoint({
  method: 'DELETE',
  path: '/admin/orgs/{id}/api-keys/{keyId}',
  id: 'adminRevokeApiKey',
  summary: 'Revoke an API key of an organisation; all nodes refuse it within one second',
  tag,
  access,
  params: z.strictObject({ id: byId.shape.id, keyId: text(1, 64) }),
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const createAccountResetLink = defineEndpoint({
  method: 'POST',
  path: '/admin/reset-links',
  id: 'adminCreateResetLink',
  summary: 'Create a password reset link for a user; it is shown once',
  description:
    'Use it if no mail server is configured, and give the link to the user yourself. The link can be used once, expires after one hour and invalidates the previous link.',
  tag,
  access,
  body: z.strictObject({ email }),
  reply: { status: 201, schema: z.strictObject({ data: resetLink }) },
  example: { body: { email: 'noah@example.com' } },
  problems: ['NOT_FOUND', 'RESET_IS_MAILED'],
  revealsSecret: true,
  secretMembers: ['url'],
})

const refusal = z
  .strictObject({
    /** Null for a caller whose credential belongs to no org. */
    orgId: z.string().nullable(),
    /** Null without an org, and for one that was deleted. */
    orgName: z.string().nullable(),
    at: time,
    keyPrefix: z.string().nullable(),
    ipAddress: z.string(),
    route: z.string(),
    /** The real reason, which the response did not disclose. */
    reason: z.string(),
    /** The number of equal refusals within a second. */
    count: z.int(),
  })
  .meta({ id: 'Refusal' })

export type WireRefusal = z.output<typeof refusal>

export const listRefusals = defineEndpoint({
  method: 'GET',
  path: '/admin/refusals',
  id: 'adminListRefusals',
  summary:
    'List refused authentication attempts of all organisations, newest first, with the actual reason of each refusal',
  description:
    '`search` is the prefix of a key as lists show it, the address of a caller, or the id of an organisation, each of them whole.',
  tag,
  access,
  query: z.strictObject({
    search: text(1, 100).optional(),
    reason: text(1, 100).optional(),
    cursor,
    limit,
  }),
  reply: { status: 200, schema: z.strictObject({ refusals: z.array(refusal), ...pages }) },
  problems: ['NOT_FOUND'],
})

export type RefusalQuery = z.output<typeof listRefusals.query>

export const adminEndpoints = [
  listOrgs,
  getOrg,
  suspendOrg,
  restoreOrg,
  listOrgKeys,
  revokeOrgKey,
  createAccountResetLink,
  listRefusals,
]
