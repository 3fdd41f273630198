import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId } from '../../service/shapes.ts'
import { policy } from '../policy.ts'
import { dashboardPosture, postureHistory, postureRun, postureSet } from './wire.ts'

const tag = 'posture'
const access = {
  kind: 'public',
  because: 'whoever trusts an instance must be able to see what it proves of itself',
  limit: { name: 'posture', by: 'ip' },
} as const
const html = { status: 200, mediaType: 'text/html; charset=utf-8' } as const
const inLanguage = z.strictObject({ lang: z.enum(['en', 'ja']).optional() })
const ofClaim = z.strictObject({
  claim: text(1, 100).meta({ examples: ['tenancy.row-security-is-forced'] }),
})

const readSecurityPage = defineEndpoint({
  method: 'GET',
  path: '/security',
  id: 'readSecurityPage',
  summary: 'Show what this instance claims of its security, and what probes last saw of it',
  tag,
  access,
  query: inLanguage.extend({
    risk: text(4, 5)
      .optional()
      .describe('Show the claims alone that answer this risk of the OWASP API Security Top 10')
      .meta({ examples: ['API1'] }),
  }),
  passesOverUnknownQuery: true,
  reply: html,
  problems: [],
})

const readSecurityClaim = defineEndpoint({
  method: 'GET',
  path: '/security/{claim}',
  id: 'readSecurityClaim',
  summary: 'Show one claim: why, how it is probed, and its newest results',
  tag,
  access,
  params: ofClaim,
  query: inLanguage,
  passesOverUnknownQuery: true,
  reply: { ...html, otherStatuses: [404] },
  problems: [],
})

const readSecurityStyle = defineEndpoint({
  method: 'GET',
  path: '/security/style.css',
  id: 'readSecurityStyle',
  summary: 'Read the stylesheet of the security page',
  tag,
  access,
  reply: { status: 200, mediaType: 'text/css; charset=utf-8' },
  problems: [],
})

const readSecurityBadge = defineEndpoint({
  method: 'GET',
  path: '/security/badge.svg',
  id: 'readSecurityBadge',
  summary: 'How many claims hold, and since when, as a picture',
  tag,
  access,
  reply: { status: 200, mediaType: 'image/svg+xml' },
  problems: [],
})

const readPosture = defineEndpoint({
  method: 'GET',
  path: '/.well-known/posture.json',
  id: 'readPosture',
  summary: 'The latest evidence of every claim, signed',
  description:
    'With `/.well-known/gatehouse-keys.json` anybody can verify it offline, by `verify-posture.mjs`.',
  tag,
  access,
  reply: { status: 200, schema: postureSet },
  problems: [],
})

const readPostureHistory = defineEndpoint({
  method: 'GET',
  path: '/.well-known/posture/{file}',
  id: 'readPostureHistory',
  summary: 'The newest evidence of one claim, signed',
  description: `The file is the id of the claim and \`.json\`; up to ${policy.historyResults} results, newest first.`,
  tag,
  access,
  params: z.strictObject({
    file: text(1, 105).meta({ examples: ['tenancy.row-security-is-forced.json'] }),
  }),
  reply: { status: 200, schema: postureHistory },
  problems: ['NOT_FOUND'],
})

const readPostureAttestations = defineEndpoint({
  method: 'GET',
  path: '/.well-known/posture.cdx.json',
  id: 'readPostureAttestations',
  summary: 'The same as CycloneDX 1.6 attestations',
  description:
    'Claims, evidence and conformance by OWASP API Top 10 and ASVS 5.0, signed in the JSON Signature Format.',
  tag,
  access,
  reply: { status: 200, mediaType: 'application/vnd.cyclonedx+json' },
  problems: [],
})

const readPostureVerifier = defineEndpoint({
  method: 'GET',
  path: '/.well-known/verify-posture.mjs',
  id: 'readPostureVerifier',
  summary: 'The program that verifies what this instance signed, for Node.js alone',
  tag,
  access,
  reply: { status: 200, mediaType: 'text/javascript; charset=utf-8' },
  problems: [],
})

const getPosture = defineEndpoint({
  method: 'GET',
  path: '/dashboard/posture',
  id: 'getPosture',
  summary: 'What the instance claims of its security, what probes saw, and how that went',
  tag,
  access: { kind: 'session', role: 'viewer' },
  query: z.strictObject({
    days: z
      .string()
      .regex(
        /^\d{1,3}$/,
        `must be a whole number between ${policy.trendDays.min} and ${policy.trendDays.max}`,
      )
      .meta({ type: 'integer', minimum: policy.trendDays.min, maximum: policy.trendDays.max })
      .transform(Number)
      .refine(
        (days) => days >= policy.trendDays.min && days <= policy.trendDays.max,
        `must be a whole number between ${policy.trendDays.min} and ${policy.trendDays.max}`,
      )
      .default(policy.trendDays.default),
  }),
  reply: { status: 200, schema: dashboardPosture },
  problems: [],
})

/** For people whom the operator has named, whatever their role in the active org. */
const forAdmins = { kind: 'session', role: 'viewer', sudo: true, instanceAdmin: true } as const

const adminStartPostureRun = defineEndpoint({
  method: 'POST',
  path: '/admin/posture/runs',
  id: 'adminStartPostureRun',
  summary: 'Have claims probed now',
  description: 'A node takes it up as soon as no other probes run; the run says how far it has come.',
  tag,
  access: forAdmins,
  body: z.strictObject({
    claims: z
      .array(text(1, 100))
      .min(1)
      .max(500)
      .optional()
      .describe('Ids of claims that are verified; absent: all of them'),
  }),
  reply: { status: 202, schema: z.strictObject({ run: postureRun }) },
  example: { body: { claims: ['tenancy.row-security-is-forced'] } },
  problems: ['NOT_FOUND'],
})

const adminGetPostureRun = defineEndpoint({
  method: 'GET',
  path: '/admin/posture/runs/{id}',
  id: 'adminGetPostureRun',
  summary: 'Read how far a run has come, and what it found',
  tag,
  access: forAdmins,
  params: byId,
  reply: { status: 200, schema: z.strictObject({ run: postureRun }) },
  problems: ['NOT_FOUND'],
})

export const postureEndpoints = [
  readSecurityPage,
  readSecurityStyle,
  readSecurityBadge,
  readSecurityClaim,
  readPosture,
  readPostureAttestations,
  readPostureVerifier,
  readPostureHistory,
  getPosture,
  adminStartPostureRun,
  adminGetPostureRun,
] as const
