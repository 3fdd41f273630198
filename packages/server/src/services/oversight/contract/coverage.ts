import { day, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { domains } from '../domain/interaction.ts'
import { memberDoors } from '../../../service/member-doors.ts'
import { envelope, time } from './blocks.ts'
import { domain, operatorId } from './fields.ts'
import { coverageFigures, metric } from './views.ts'

const tag = 'views'
const access = { kind: 'key', scope: 'organization:read' } as const

const groups = ['day', 'source', 'provider', 'model'] as const

export const getCoverage = defineEndpoint({
  method: 'GET',
  path: '/v1/coverage',
  id: 'getCoverage',
  summary:
    'Read how many AI calls were followed by a recorded human decision; calls without one are not visible in any score',
  description:
    'Days are UTC days, both ends inclusive; by default the last 90. A call is final one day after it was observed. For calls older than ' +
    '90 days only daily counts are stored, so ids and unobserved decisions cover the last 90 days only.',
  tag,
  access,
  query: z.strictObject({
    from: day.optional(),
    to: day.optional(),
    group: z.enum(groups, { error: `must be one of ${groups.join(', ')}` }).optional(),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      from: z.string(),
      to: z.string(),
      ...coverageFigures,
      scored_unobserved: z.int(),
      unmatched_ids: z.array(z.string()),
      groups: z.array(z.strictObject({ group: z.string(), ...coverageFigures })),
      final_until: time,
    }),
  },
  problems: ['VALIDATION_FAILED'],
})

export const getAgreement = defineEndpoint({
  method: 'GET',
  path: '/v1/agreement',
  id: 'getAgreement',
  summary: 'Read how far operators who decided the same cases agree',
  description:
    'Krippendorff’s alpha over all operators, or Cohen’s kappa for two named operators, which requires the scope `operators:read`. ' +
    'Agreement does not imply correctness: two people who both follow a wrong AI agree.',
  tag,
  access,
  query: z.strictObject({
    domain: domain.optional(),
    from: day.optional(),
    to: day.optional(),
    rater_a: operatorId.optional(),
    rater_b: operatorId.optional(),
  }),
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      domain: z.enum(domains),
      from: z.string(),
      to: z.string(),
      cases: z.int(),
      ratings: z.int(),
      raters: z.int(),
      alpha: metric,
      kappa: metric.extend({ rater_a: z.string(), rater_b: z.string() }).nullable(),
      reading: z.string(),
    }),
  },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'FORBIDDEN_SCOPE', 'INSUFFICIENT_DATA'],
})

const both = [getCoverage, getAgreement] as const

export const coverageEndpoints = [...both, ...memberDoors('oversight', { role: 'viewer' }, ...both)] as const
