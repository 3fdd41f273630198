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
  summary: 'List the members of the organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: z.strictObject({ data: z.array(member) }) },
  problems: [],
})

export const getMember = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/members/{userId}',
  id: 'getMember',
  summary: 'Read one member of the organisation',
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
  summary: 'Change the role of a member; it takes effect on all nodes within one second',
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
  summary: 'Remove a member, or leave the organisation',
  description:
    'Owners can remove any member, and every member can leave. The last owner cannot leave or be removed.',
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
  summary: 'Create a password reset link for a user; it is shown once',
  description:
    'Use it if no mail server is configured, and give the link to the user yourself. The link can be used once, expires after one hour and invalidates the previous link. The request is refused if the user belongs to an organisation that you do not own.',
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
  summary: 'Create an invitation; its token is shown once',
  description:
    'With `email`, only that address can accept the invitation, and the invitation is sent to it if a mail server is configured.',
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
  summary: 'Revoke an invitation',
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
