import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { factorKinds } from '../domain/factor.ts'
import { policy } from '../policy.ts'
import { byId, origin, time } from '../../service/shapes.ts'
import { orgName, preferences, role, shownEmail } from './shapes.ts'

const tag = 'teams'

const deletionScheduledAt = time.nullable()

const team = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role,
    plan: z.string(),
    deletionScheduledAt,
    /** True when the org requires its own sign-in server: a session opened with a password cannot act in it. */
    needsSingleSignOn: z.boolean(),
  })
  .meta({ id: 'Team' })

export const getMe = defineEndpoint({
  method: 'GET',
  path: '/dashboard/me',
  id: 'getMe',
  summary: 'Read your account and your organisations',
  tag: 'account',
  access: { kind: 'session', role: 'viewer' },
  reply: {
    status: 200,
    schema: z
      .strictObject({
        user: z.strictObject({
          id: z.string(),
          email: z.string(),
          shownEmail,
          name: z.string(),
          emailVerifiedAt: time.nullable(),
          ...preferences,
          deletionScheduledAt: time.nullable(),
          createdAt: time,
        }),
        teams: z.array(team),
        teamId: z.string(),
        role,
        /** The kinds of second factor that a log-in asks for. */
        factors: z.array(z.enum(factorKinds)),
        /** Access tokens for this org that were issued up to this time are refused; null when none ever was. */
        epoch: time.nullable(),
        /** Whether the caller may administer this instance, with every org on it. */
        instanceAdmin: z.boolean(),
        /** False when no mail server is configured, so that links are handed over instead of mailed. */
        sendsMail: z.boolean(),
      })
      .meta({ id: 'Me' }),
  },
  problems: [],
})

export const listTeams = defineEndpoint({
  method: 'GET',
  path: '/dashboard/teams',
  id: 'listTeams',
  summary: 'List the organisations you belong to',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: z.strictObject({ data: z.array(team) }) },
  problems: [],
})

export const createTeam = defineEndpoint({
  method: 'POST',
  path: '/dashboard/teams',
  id: 'createTeam',
  summary: 'Create an organisation; you become its owner',
  tag,
  access: { kind: 'session', role: 'viewer', wholeAccount: true },
  body: z.strictObject({ name: orgName }),
  reply: { status: 201, schema: z.strictObject({ data: team }) },
  example: { body: { name: 'Acme' } },
  problems: ['MAX_TEAMS_REACHED'],
})

export const switchTeam = defineEndpoint({
  method: 'POST',
  path: '/dashboard/teams/{id}/switch',
  id: 'switchTeam',
  summary: 'Switch to another of your organisations',
  tag,
  access: { kind: 'session', role: 'viewer' },
  params: byId,
  reply: { status: 200, schema: z.strictObject({ data: team, accessToken: z.string() }) },
  problems: ['NOT_FOUND', 'SINGLE_SIGN_ON_REQUIRED'],
  revealsSecret: true,
  secretMembers: ['accessToken'],
})

const settings = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    plan: z.string(),
    allowedOrigins: z.array(z.string()),
    deletionScheduledAt,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'TeamSettings' })

export const getTeam = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team',
  id: 'getTeam',
  summary: 'Read the settings of your current organisation',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: z.strictObject({ data: settings }) },
  problems: [],
})

export const updateTeam = defineEndpoint({
  method: 'PUT',
  path: '/dashboard/team',
  id: 'updateTeam',
  summary: 'Change the settings of your current organisation',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  body: z
    .strictObject({
      name: orgName.optional(),
      allowedOrigins: z.array(origin).max(policy.allowedOriginsMax).optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'must name at least one setting')
    .meta({ id: 'TeamChange' }),
  reply: { status: 200, schema: z.strictObject({ data: settings }) },
  example: { body: { name: 'Acme', allowedOrigins: ['https://app.example.com'] } },
  problems: [],
})

export const teamEndpoints = [getMe, listTeams, createTeam, switchTeam, getTeam, updateTeam]
