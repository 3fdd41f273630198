import { displayName, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { time, timeZone } from '../../../service/shapes.ts'
import { newLayout } from './layout-shapes.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { flag } from './shapes.ts'

/** Names below `/status/` that are not pages. */
const reservedSlugs: ReadonlySet<string> = new Set(['api', 'assets', 'tls-ask'])

const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,62}$/,
    'must be 2 to 63 lower-case letters, digits and hyphens, and begin with a letter or digit',
  )
  .refine((given) => !reservedSlugs.has(given), 'must not be a reserved name')

const settings = {
  description: text(0, 500).nullable().optional(),
  isPublic: z.boolean().optional(),
  timeZone: timeZone.optional(),
  language: z.enum(['auto', 'en', 'ja']).optional(),
  autoPublish: z.boolean().optional(),
}

/** The defaults of a new page; `isPublic` determines its access. */
export const initialSettings = {
  description: null,
  timeZone: 'UTC',
  language: 'auto',
  autoPublish: true,
} as const

/** The settings in the form of replies, under the same names. */
export const shownSettings = {
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  access: z.enum(['public', 'password', 'members']),
  timeZone: z.string(),
  language: z.enum(['auto', 'en', 'ja']),
  autoPublish: flag,
}

export const newService = z
  .strictObject({ name: displayName(100), slug, ...settings })
  .meta({ id: 'NewService' })
export const serviceChange = z.strictObject({
  name: displayName(100).optional(),
  slug: slug.optional(),
  ...settings,
  access: z
    .enum(['public', 'password', 'members'])
    .optional()
    .meta({ description: 'Who can view the page; for `members`, `isPublic` is false' }),
  password: proof(text(policy.pagePassword.min, policy.pagePassword.max)).optional().meta({
    description:
      'The password of a page whose access is `password`; visitors who entered the previous password must enter the new one',
  }),
})

const base64Max = Math.ceil(policy.logo.bytesMax / 3) * 4

export const newLogo = z
  .strictObject({
    content: z
      .string()
      .min(1, 'must not be empty')
      .max(base64Max, `must be at most ${policy.logo.bytesMax / 1_000} kB`)
      .refine((given) => Buffer.from(given, 'base64').toString('base64') === given, 'must be base64')
      .meta({ description: 'A PNG, JPEG or WebP image, in base64' }),
  })
  .meta({ id: 'NewPageLogo' })

/** Settings and language to use in the preview; all other settings are the stored ones. */
export const servicePreview = z
  .strictObject({
    name: displayName(100).optional(),
    description: settings.description,
    timeZone: timeZone.optional(),
    language: z.enum(['en', 'ja']).optional(),
    layout: newLayout.optional(),
  })
  .meta({ id: 'ServicePreviewSettings' })

/** The document that readers would get, and a list of its content, for deciding whether that may be public. */
export const servicePreviewReply = z
  .strictObject({
    html: z.string(),
    sections: z.array(z.string()),
    components: z.array(z.string()),
    incidents: z.array(z.string()),
    maintenance: z.array(z.string()),
  })
  .meta({ id: 'ServicePreview' })

/** What the name servers answered about a record when they were last asked; `unanswered` when they did not. */
const recordFinding = z.strictObject({
  outcome: z.enum(['found', 'missing', 'other', 'unanswered']),
  values: z.array(z.string()),
})

const customDomainValidation = z
  .strictObject({
    shownDomain: z.string().meta({
      description: 'The domain for people to read: in its own script where that is safe, else in Punycode',
    }),
    records: z
      .array(
        z.strictObject({
          type: z.enum(['CNAME', 'TXT']),
          name: z.string(),
          value: z.string(),
          found: recordFinding.nullable(),
        }),
      )
      .meta({ description: 'The DNS records to set' }),
    checkedAt: time.nullable(),
    badDays: z.int().meta({
      description: 'On how many days in a row the records of an active domain were not found; at 7 it fails',
    }),
  })
  .meta({ id: 'CustomDomainValidation' })

export const serviceReply = z
  .strictObject({
    id: z.string(),
    teamId: z.string(),
    ...shownSettings,
    isPublic: flag,
    isDefault: flag,
    customDomain: z.string().nullable(),
    customDomainStatus: z.enum(['pending_validation', 'active', 'failed']).nullable(),
    customDomainValidation: customDomainValidation.nullable(),
    logo: z
      .strictObject({ path: z.string(), width: z.int(), height: z.int() })
      .nullable()
      .meta({ description: 'The logo of the page; `path` is relative to the public URL of the instance' }),
    maintenanceUntil: time.nullable(),
    autoResolveMaintenance: flag,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Service' })

export type NewServiceBody = z.output<typeof newService>
export type ServiceChangeBody = z.output<typeof serviceChange>
export type NewLogoBody = z.output<typeof newLogo>
export type ServicePreviewBody = z.output<typeof servicePreview>
export type ServicePreviewReply = z.input<typeof servicePreviewReply>
export type ServiceReply = z.input<typeof serviceReply>
