import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { memberDoors } from '../../../service/member-doors.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { between, operatorId } from './fields.ts'

const tag = 'people'
const access = { kind: 'key', scope: 'people:write' } as const
const byOperator = z.strictObject({ operator_id: operatorId })
const { linkDaysMax } = oversightPolicy.ownRecord

const link = z.strictObject({
  link_id: z.string(),
  operator_id: z.string(),
  created_at: time,
  expires_at: time,
  revoked_at: time.nullable(),
  last_used_at: time.nullable(),
})

export type WireLink = z.input<typeof link>

export const accessLinkBody = z.strictObject({
  days: z
    .int({ error: `must be a whole number between 1 and ${linkDaysMax}` })
    .min(1, between(1, linkDaysMax))
    .max(linkDaysMax, between(1, linkDaysMax))
    .default(linkDaysMax),
})

export const createAccessLink = defineEndpoint({
  method: 'POST',
  path: '/v1/operator/{operator_id}/access-link',
  id: 'createAccessLink',
  summary: 'Create a link with which an operator can read the data stored about them; it is shown once',
  description:
    'Members can create a link for the operator that is linked to their own account; owners can create links for all operators.',
  tag,
  access,
  params: byOperator,
  body: accessLinkBody,
  example: { body: { days: 30 } },
  reply: { status: 201, schema: z.strictObject({ ...envelope, url: z.string(), link }) },
  revealsSecret: true,
  secretMembers: ['url'],
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'OPERATOR_ID_INVALID', 'FORBIDDEN_SCOPE'],
})

export const listAccessLinks = defineEndpoint({
  method: 'GET',
  path: '/v1/operator/{operator_id}/access-links',
  id: 'listAccessLinks',
  summary: 'List the access links to the record of an operator',
  tag,
  access,
  params: byOperator,
  reply: { status: 200, schema: z.strictObject({ ...envelope, links: z.array(link) }) },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID', 'FORBIDDEN_SCOPE'],
})

export const revokeAccessLink = defineEndpoint({
  method: 'DELETE',
  path: '/v1/operator/{operator_id}/access-links/{id}',
  id: 'revokeAccessLink',
  summary: 'Revoke an access link to the record of an operator',
  tag,
  access,
  params: z.strictObject({ operator_id: operatorId, id: text(1, 64) }),
  reply: { status: 200, schema: z.strictObject({ ...envelope, link }) },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID', 'FORBIDDEN_SCOPE'],
})

/** Not open to API keys, because it decides whose log-in signs as the operator. */
export const tieMember = defineEndpoint({
  method: 'PUT',
  path: '/dashboard/oversight/operator/{operator_id}/member',
  id: 'tieMember',
  summary: 'Link an operator to the account of a member, or remove the link',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params: byOperator,
  body: z.strictObject({ user_id: text(1, 64).nullable() }),
  example: { body: { user_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } },
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, operator_id: z.string(), user_id: z.string().nullable() }),
  },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

/** For owners alone: an operator id may be a pseudonym, and this says whose it is. */
export const getTiedMember = defineEndpoint({
  method: 'GET',
  path: '/dashboard/oversight/operator/{operator_id}/member',
  id: 'getTiedMember',
  summary: 'Read which member’s account an operator is linked to',
  tag,
  access: { kind: 'session', role: 'owner' },
  params: byOperator,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, operator_id: z.string(), user_id: z.string().nullable() }),
  },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

export const getErasure = defineEndpoint({
  method: 'GET',
  path: '/dashboard/oversight/operator/{operator_id}/erasure',
  id: 'getErasure',
  summary:
    'Read when the data about an operator was erased; 404 for one who was not erased, or was readmitted',
  tag,
  access: { kind: 'session', role: 'member' },
  params: byOperator,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, operator_id: z.string(), erased_at: time }),
  },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

export const exportOperator = defineEndpoint({
  method: 'GET',
  path: '/v1/operator/{operator_id}/export',
  id: 'exportOperator',
  summary: 'Export all data about an operator as NDJSON',
  tag,
  access,
  params: byOperator,
  reply: { status: 200, mediaType: 'application/x-ndjson' },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

export const eraseOperator = defineEndpoint({
  method: 'DELETE',
  path: '/v1/operator/{operator_id}',
  id: 'eraseOperator',
  summary: 'Erase all data about an operator; only hashes remain in the audit chain',
  tag,
  access,
  params: byOperator,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, erased: z.literal(true), rows: z.int() }),
  },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

export const readmitOperator = defineEndpoint({
  method: 'POST',
  path: '/v1/operator/{operator_id}/readmit',
  id: 'readmitOperator',
  summary: 'Allow new records about an erased operator, starting without history',
  tag,
  access,
  params: byOperator,
  body: z.strictObject({}),
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, operator_id: z.string(), readmitted: z.literal(true) }),
  },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

const ofOwners = [exportOperator, eraseOperator, readmitOperator] as const

export const peopleEndpoints = [
  ...ofOwners,
  ...memberDoors('oversight', { role: 'owner', sudo: true }, ...ofOwners),
  createAccessLink,
  listAccessLinks,
  revokeAccessLink,
  tieMember,
  getTiedMember,
  getErasure,
  ...memberDoors('oversight', { role: 'member', sudo: true }, createAccessLink, revokeAccessLink),
  ...memberDoors('oversight', { role: 'member' }, listAccessLinks),
] as const
