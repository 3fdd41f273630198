import { displayName, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'
import { bounded, flag, time } from './shapes.ts'

/** Checked against its type's own schema by the use case: which one applies may be known to the database only. */
const config = z.record(z.string(), z.unknown(), { error: 'must be an object' })

const spacing = policy.confirmSpacingSeconds

const tags = z.array(text(1, 50)).max(20).refine(isDistinct, 'must not name a tag twice')

/** What a person may set besides type, name and config. */
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

/** The statuses and phases of the state machine, as replies name them. */
export const monitorStatus = z.enum(['unknown', 'up', 'degraded', 'down', 'paused'])
const phase = z.enum(['grace', 'steady', 'confirming', 'recovering'])

export const monitorReply = z.strictObject({
  id: z.string(),
  teamId: z.string(),
  serviceId: z.string(),
  type: z.string(),
  name: z.string(),
  status: monitorStatus,
  config: z.record(z.string(), z.unknown()),
  intervalSeconds: z.int(),
  isActive: flag,
  lastCheckedAt: time.nullable(),
  lastErrorMessage: z.string().nullable(),
  maintenanceUntil: time.nullable(),
  autoResolveMaintenance: flag,
  createdAt: time,
  updatedAt: time,
  phase,
  firstUpAt: time.nullable(),
  flapping: flag,
  nextCheckAt: time.nullable(),
  /** Null for types that wait to be pinged. */
  detectionSeconds: z.strictObject({ refused: z.number(), hanging: z.number() }).nullable(),
  lastResponseMs: z.int().nullable(),
  downThreshold: z.int(),
  upThreshold: z.int(),
  confirmSpacingSeconds: z.int().nullable(),
  degradedAfterMs: z.int().nullable(),
  notifyDegraded: flag,
  renotifyMinutes: z.int(),
  tags: z.array(z.string()),
})

export type NewMonitorBody = z.output<typeof newMonitor>
export type MonitorChangeBody = z.output<typeof monitorChange>
export type MonitorReply = z.input<typeof monitorReply>

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}
