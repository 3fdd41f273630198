import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { alertKinds, severities } from '../domain/alerts.ts'
import { domains } from '../domain/interaction.ts'
import { roleClasses } from '../domain/settings.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { between, optional } from './fields.ts'

const tag = 'administration'
const access = { kind: 'key', scope: 'settings:write' } as const

const { stampMs, settings: figures } = oversightPolicy

const oneOf = (values: readonly string[]) => ({ error: `must be one of ${values.join(', ')}` })

const domain = z.enum(domains, oneOf(domains))
const taskTypes = ['open', 'binary'] as const
const taskType = z.enum(taskTypes, oneOf(taskTypes))
const zeroTelemetry = ['measured', 'unmeasured'] as const

const rate = z
  .number({ error: between(0, figures.decayMax) })
  .min(0, between(0, figures.decayMax))
  .max(figures.decayMax, between(0, figures.decayMax))
const decay = z.strictObject({ alpha: rate, beta: rate })

const alertKind = z.enum(alertKinds, oneOf(alertKinds))
const alertLevels = [...severities, 'off'] as const
const alertLevel = z.enum(alertLevels, oneOf(alertLevels))

/** A WebAuthn relying-party id: a host name in the form in which browsers compare it. */
const rpId = z
  .string()
  .max(253, 'must be at most 253 characters long')
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a host name in lower case, such as example.com',
  )

const stamp = z
  .int({ error: `must be a whole number between ${stampMs.min} and ${stampMs.max}` })
  .min(stampMs.min, between(stampMs.min, stampMs.max))
  .max(stampMs.max, between(stampMs.min, stampMs.max))

const settings = z.strictObject({
  task_type: z.partialRecord(domain, taskType),
  stamp_ms: stamp,
  decay: z.partialRecord(domain, decay),
  default_role_class: z.enum(roleClasses, oneOf(roleClasses)),
  early_estimates: z.boolean(),
  alerts_name_operators: z.boolean(),
  alert_levels: z.partialRecord(alertKind, alertLevel),
  attest_rp_ids: z.array(rpId).max(figures.rpIdsMax, `must name at most ${figures.rpIdsMax} host names`),
  zero_telemetry: z.enum(zeroTelemetry, oneOf(zeroTelemetry)),
})

export type WireSettings = z.output<typeof settings>

const settingsReply = z.strictObject({
  ...envelope,
  ...settings.shape,
  version: z.int(),
  /** When this version was created; null for the initial version that every organisation has. */
  created_at: time.nullable(),
})

export const getSettings = defineEndpoint({
  method: 'GET',
  path: '/v1/organization/settings',
  id: 'getOversightSettings',
  summary: 'Read the oversight settings of the organisation',
  tag,
  access,
  reply: { status: 200, schema: settingsReply },
  problems: [],
})

export const settingsBody = z
  .strictObject({
    // For a domain or a kind, null resets the value to the default.
    task_type: optional(z.partialRecord(domain, taskType.nullable())),
    stamp_ms: optional(settings.shape.stamp_ms),
    decay: optional(z.partialRecord(domain, decay.nullable())),
    default_role_class: optional(settings.shape.default_role_class),
    early_estimates: optional(settings.shape.early_estimates),
    alerts_name_operators: optional(settings.shape.alerts_name_operators),
    alert_levels: optional(z.partialRecord(alertKind, alertLevel.nullable())),
    attest_rp_ids: optional(settings.shape.attest_rp_ids),
    zero_telemetry: optional(settings.shape.zero_telemetry),
  })
  .superRefine((body, context) => {
    if (Object.values(body).every((value) => value === null))
      context.addIssue({
        code: 'custom',
        message: `must hold at least one of ${Object.keys(settings.shape).join(', ')}`,
      })
  })

export type SettingsBody = z.output<typeof settingsBody>

export const setSettings = defineEndpoint({
  method: 'PUT',
  path: '/v1/organization/settings',
  id: 'setOversightSettings',
  summary: 'Change the oversight settings of the organisation; they apply to new decisions only',
  description:
    'Omitted members stay unchanged; `task_type` and `decay` are merged by domain, `alert_levels` by kind. Send `If-Match` with the ETag of ' +
    'the version that you read: the change is then refused if the settings were changed in the meantime. Decisions that were already ' +
    'counted keep the version of the settings that was current then.',
  tag,
  access,
  body: settingsBody,
  example: { body: { task_type: { financial: 'binary' } } },
  reply: { status: 200, schema: settingsReply },
  problems: ['VALIDATION_FAILED', 'VERSION_MISMATCH'],
})
