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
  summary: 'Show the security claims of this instance and the latest results of their probes',
  tag,
  access,
  query: inLanguage.extend({
    risk: text(4, 5)
      .optional()
      .describe('Show only the claims that address this risk of the OWASP API Security Top 10')
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
  summary: 'Show one claim: its reason, its probe and its latest results',
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
  summary: 'Get a badge image with the number of claims that hold, and since when',
  tag,
  access,
  reply: { status: 200, mediaType: 'image/svg+xml' },
  problems: [],
})

const readPosture = defineEndpoint({
  method: 'GET',
  path: '/.well-known/posture.json',
  id: 'readPosture',
  summary: 'Read the signed latest evidence of every claim',
  description:
    'The evidence can be verified offline with `verify-posture.mjs` and the public keys from `/.well-known/gatehouse-keys.json`.',
  tag,
  access,
  reply: { status: 200, schema: postureSet },
  problems: [],
})

const readPostureHistory = defineEndpoint({
  method: 'GET',
  path: '/.well-known/posture/{file}',
  id: 'readPostureHistory',
  summary: 'Read the signed evidence of one claim',
  description: `\`file\` is the id of the claim followed by \`.json\`. The reply contains at most ${policy.historyResults} results, newest first.`,
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
  summary: 'Read the latest evidence of every claim as CycloneDX 1.6 attestations',
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
  summary: 'Download the program that verifies signed evidence offline; it needs only Node.js',
  tag,
  access,
  reply: { status: 200, mediaType: 'text/javascript; charset=utf-8' },
  problems: [],
})

const getPosture = defineEndpoint({
  method: 'GET',
  path: '/dashboard/posture',
  id: 'getPosture',
  summary: 'Read the security claims of the instance, their latest results and the trend of results',
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
  summary: 'Start a run that probes security claims now',
  description:
    'The run is queued until no other probes are running on a node. Read the run to follow its progress.',
  tag,
  access: forAdmins,
  body: z.strictObject({
    claims: z
      .array(text(1, 100))
      .min(1)
      .max(500)
      .optional()
      .describe(
        'Ids of the claims to probe; only verified claims can be probed. Default: all verified claims',
      ),
  }),
  reply: { status: 202, schema: z.strictObject({ run: postureRun }) },
  example: { body: { claims: ['tenancy.row-security-is-forced'] } },
  problems: ['NOT_FOUND'],
})

const adminGetPostureRun = defineEndpoint({
  method: 'GET',
  path: '/admin/posture/runs/{id}',
  id: 'adminGetPostureRun',
  summary: 'Read the progress and the results of a run',
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
