import { z } from 'zod'
import { decisions, domains, scenarioTypes } from '../domain/interaction.ts'
import { oversightPolicy } from '../policy.ts'

/** Pseudonym of the person who decides; must not be a name or an address. */
export const operatorId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,256}$/, 'must be 1 to 256 letters, digits, hyphens or underscores')

export const sessionId = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,256}$/, 'must be 1 to 256 letters, digits, or any of _ . : -')

/** Links a decision to the AI call that it is about. */
export const requestId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,128}$/, 'must be 16 to 128 letters, digits, hyphens or underscores')

export const caseId = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,128}$/, 'must be 1 to 128 letters, digits, or any of _ . : -')

export const label = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, or any of _ . -')

export const domain = z.enum(domains, { error: oneOf(domains) })

export const decision = z.enum(decisions, { error: oneOf(decisions) })

export const scenarioType = z.enum(scenarioTypes, { error: oneOf(scenarioTypes) })

/** A number from 0 to 1; the validation error names both bounds. */
export const share = z
  .number({ error: between(0, 1) })
  .min(0, between(0, 1))
  .max(1, between(0, 1))

const events = oversightPolicy.eventsMax

/** How often something was viewed. */
export const eventCount = z
  .int({ error: `must be a whole number between 0 and ${events}` })
  .min(0, between(0, events))
  .max(events, between(0, events))

/** On every route, null is equivalent to an absent member. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null)
}

const stampMost = 8_640_000_000_000_000

/** Unix time in milliseconds. */
export const epochMs = z
  .number({ error: between(0, stampMost) })
  .min(0, between(0, stampMost))
  .max(stampMost, between(0, stampMost))

export const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case')

export function between(min: number, max: number): string {
  return `must be between ${min} and ${max}`
}

function oneOf(values: readonly string[]): string {
  return `must be one of ${values.join(', ')}`
}
