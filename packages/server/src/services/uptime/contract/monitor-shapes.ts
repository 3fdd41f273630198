import { displayName, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { monitorTypes } from '../monitor-types/monitor-types.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { bounded, time } from '../../../service/shapes.ts'
import { reason } from './reason.ts'
import { flag } from './shapes.ts'

/** Validated by the use case against the type's own schema, because the type may be known only to the database. */
const config = z.record(z.string(), z.unknown(), { error: 'must be an object' })

const spacing = policy.confirmSpacingSeconds

const tags = z.array(displayName(50)).max(20).refine(isDistinct, 'must not name a tag twice')

/** The settings of a monitor besides type, name and config. Each is a member of the monitor with the same name. */
const settings = {
  intervalSeconds: bounded(policy.intervalSeconds).optional(),
  isActive: z.boolean().optional(),
  serviceId: text(1, 64).optional(),
  downThreshold: bounded(policy.downThreshold).optional(),
  upThreshold: bounded(policy.upThreshold).optional(),
  confirmSpacingSeconds: wholeNumber(spacing.overrideMin, spacing.overrideMax).nullable().optional(),
  degradedAfterMs: wholeNumber(1, 30_000).nullable().optional(),
  notifyDegraded: z.boolean().optional(),
  renotifyMinutes: z
    .union([z.literal(0), wholeNumber(5, 1_440)], {
      error: 'must be 0, or a whole number between 5 and 1440',
    })
    .optional(),
  tags: tags.optional(),
}

type Settings = {
  readonly [Name in keyof typeof settings]: Exclude<z.output<(typeof settings)[Name]>, undefined>
}

/** The defaults of a new monitor. */
export const initialSettings: Omit<Settings, 'serviceId'> = {
  intervalSeconds: policy.intervalSeconds.default,
  isActive: true,
  downThreshold: policy.downThreshold.default,
  upThreshold: policy.upThreshold.default,
  confirmSpacingSeconds: null,
  degradedAfterMs: null,
  notifyDegraded: false,
  renotifyMinutes: policy.renotifyMinutes.default,
  tags: [],
}

/** The settings in the form of replies. */
export const shownSettings = {
  intervalSeconds: z.int(),
  isActive: flag,
  downThreshold: z.int(),
  upThreshold: z.int(),
  confirmSpacingSeconds: z.int().nullable(),
  degradedAfterMs: z.int().nullable(),
  notifyDegraded: flag,
  renotifyMinutes: z.int(),
  tags: z.array(z.string()),
}

export const newMonitor = z.strictObject({
  type: text(1, 50),
  name: displayName(100).optional(),
  config,
  ...settings,
})

export const monitorChange = z.strictObject({
  name: displayName(100).optional(),
  config: config.optional(),
  ...settings,
})

const kinds = Object.entries(monitorTypes).map(([type, kind]) => ({ type, ...kind }))

const [firstForm, ...otherForms] = kinds.map(({ type, title, config: ofType, example }) =>
  z
    .strictObject({
      type: z.literal(type),
      name: displayName(100).optional(),
      config: ofType,
      ...settings,
    })
    .meta({ title, examples: [{ type, config: example }] }),
)
if (firstForm === undefined) throw new Error('There are monitor types')

/** `newMonitor` for the API documents: one form per type, with the config of that type. */
export const newMonitorByType = z
  .discriminatedUnion('type', [firstForm, ...otherForms])
  .meta({ id: 'NewMonitor' })

/** `monitorChange` for the API documents. */
export const monitorChangeByType = monitorChange
  .extend({
    config: z.union(kinds.map(({ title, config: ofType }) => ofType.meta({ title }))).optional(),
  })
  .meta({ id: 'MonitorChange' })

/** The statuses of the state machine as replies name them. */
export const monitorStatus = z.enum(['unknown', 'up', 'degraded', 'down', 'paused'])
const phase = z.enum(['grace', 'steady', 'confirming', 'recovering'])

export const monitorReply = z
  .strictObject({
    id: z.string(),
    teamId: z.string(),
    serviceId: z.string(),
    type: z.string(),
    name: z.string(),
    status: monitorStatus,
    config: z.record(z.string(), z.unknown()),
    /**
     * The target for display: an internationalised host in its own script if that is safe. Null for types that are
     * pinged.
     */
    shownTarget: z.string().nullable(),
    lastCheckedAt: time.nullable(),
    lastErrorMessage: z.string().nullable(),
    lastErrorReason: reason.nullable().meta({
      description:
        '`lastErrorMessage` as a code with its values; null if there is no error, or an earlier version stored it',
    }),
    maintenanceUntil: time.nullable(),
    autoResolveMaintenance: flag,
    createdAt: time,
    updatedAt: time,
    phase,
    firstUpAt: time.nullable(),
    flapping: flag,
    nextCheckAt: time.nullable(),
    /** Null for types that are pinged. */
    detectionSeconds: z.strictObject({ refused: z.number(), hanging: z.number() }).nullable(),
    lastResponseMs: z.int().nullable(),
    ...shownSettings,
  })
  .meta({ id: 'Monitor' })

export const timelineState = z.enum(['up', 'degraded', 'down', 'maintenance', 'paused', 'unknown'])

export const monitorDay = z
  .strictObject({
    /** The worst state of each hour, oldest first; null before the monitor existed. */
    hours: z.array(timelineState.nullable()),
    uptime: z.number().min(0).max(1).nullable(),
    /** Response times of the last checks, oldest first; null where there was no response. */
    responsesMs: z.array(z.int().nullable()),
  })
  .meta({ id: 'MonitorDay' })

export type MonitorDayReply = z.input<typeof monitorDay>
export type NewMonitorBody = z.output<typeof newMonitor>
export type MonitorChangeBody = z.output<typeof monitorChange>
export type MonitorReply = z.input<typeof monitorReply>

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}
