import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, done, time } from '../../service/shapes.ts'
import { email, resetLink, role, shownEmail } from './shapes.ts'

const tag = 'people'
const byUser = z.strictObject({ userId: text(1, 64) })

const member = z
  .strictObject({
    userId: z.string(),
    email: z.string(),
    shownEmail,
    name: z.string(),
    role,
    joinedAt: time,
  })
  .meta({ id: 'Member' })

export const listMembers = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/members',
  id: 'listMembers',
  summary: 'List the people of the organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: z.strictObject({ data: z.array(member) }) },
  problems: [],
})

export const getMember = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/members/{userId}',
  id: 'getMember',
  summary: 'Read one person of the organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  params: byUser,
  reply: { status: 200, schema: z.strictObject({ data: member }) },
  problems: ['NOT_FOUND'],
})

export const changeRole = defineEndpoint({
  method: 'PUT',
  path: '/dashboard/team/members/{userId}',
  id: 'changeRole',
  summary: "Change a person's role; it holds everywhere within a second",
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params: byUser,
  body: z.strictObject({ role }),
  reply: { status: 200, schema: z.strictObject({ data: member }) },
  problems: ['NOT_FOUND', 'LAST_OWNER', 'BREAK_GLASS_OWNER'],
})

export const removeMember = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/team/members/{userId}',
  id: 'removeMember',
  summary: 'Remove a person, or leave',
  description: 'Owners remove anyone; everyone may leave. The last owner cannot.',
  tag,
  access: { kind: 'session', role: 'viewer', sudo: true },
  params: byUser,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND', 'FORBIDDEN', 'LAST_OWNER', 'BREAK_GLASS_OWNER'],
})

export const createMemberResetLink = defineEndpoint({
  method: 'POST',
  path: '/dashboard/team/members/{userId}/reset-link',
  id: 'createMemberResetLink',
  summary: 'Make a link with which a person sets a new password; it is shown once',
  description:
    'Where no mail server is configured: hand it over yourself. It works once, for an hour, and replaces the one before. Refused for somebody who belongs to an organisation that you do not own.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params: byUser,
  reply: { status: 201, schema: z.strictObject({ data: resetLink }) },
  problems: ['NOT_FOUND', 'FORBIDDEN', 'RESET_IS_MAILED'],
  revealsSecret: true,
  secretMembers: ['url'],
})

const invitation = z
  .strictObject({
    id: z.string(),
    email: z.string().nullable(),
    shownEmail: shownEmail.nullable(),
    role,
    expiresAt: time,
    createdAt: time,
  })
  .meta({ id: 'Invitation' })

export const listInvitations = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/invitations',
  id: 'listInvitations',
  summary: 'List the open invitations',
  tag,
  access: { kind: 'session', role: 'owner' },
  reply: { status: 200, schema: z.strictObject({ data: z.array(invitation) }) },
  problems: [],
})

export const invite = defineEndpoint({
  method: 'POST',
  path: '/dashboard/team/invitations',
  id: 'createInvitation',
  summary: 'Invite someone; the token is shown once',
  description:
    'With `email`, only that address can accept, and it gets a mail when a mail server is configured.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  body: z.strictObject({ role, email: email.optional() }).meta({ id: 'NewInvitation' }),
  reply: {
    status: 201,
    schema: z.strictObject({
      data: z
        .strictObject({
          id: z.string(),
          token: z.string(),
          email: z.string().nullable(),
          shownEmail: shownEmail.nullable(),
          role,
          expiresAt: time,
          emailSent: z.boolean(),
        })
        .meta({ id: 'RevealedInvitation' }),
    }),
  },
  example: { body: { role: 'member', email: 'noah@example.com' } },
  problems: ['ALREADY_MEMBER', 'INVITATION_EXISTS', 'INVITATION_LIMIT_REACHED'],
  revealsSecret: true,
  secretMembers: ['token'],
})

export const revokeInvitation = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/team/invitations/{id}',
  id: 'revokeInvitation',
  summary: 'Take an invitation back',
  tag,
  access: { kind: 'session', role: 'owner' },
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const peopleEndpoints = [
  listMembers,
  getMember,
  changeRole,
  removeMember,
  createMemberResetLink,
  listInvitations,
  invite,
  revokeInvitation,
]
