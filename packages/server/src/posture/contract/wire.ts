import { z } from 'zod'
import { time } from '../../service/shapes.ts'
import { evidence } from './evidence.ts'

const sentence = z.strictObject({ en: z.string(), ja: z.string() })
const shown = z.enum(['holds', 'fails', 'unknown', 'stated', 'overdue'])
const figures = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))

const summary = z
  .strictObject({
    verified: z
      .int()
      .describe('Claims that a probe checks; those that hold, fail or are unknown add up to it'),
    holds: z.int(),
    fails: z.int(),
    unknown: z.int(),
    stated: z.int().describe('Claims that no probe can decide, which nothing here counts as verified'),
    overdue: z.int().describe('Stated claims whose review is due'),
  })
  .meta({ id: 'PostureSummary' })

const deviation = z
  .strictObject({
    setting: z.string(),
    control: z.string(),
    sentence,
    reason: z.string().nullable(),
    owner: z.string().nullable(),
    retire_by: z.string().nullable(),
  })
  .meta({ id: 'PostureDeviation' })

const signed = {
  key_id: z.string(),
  signature: z.string().describe('Ed25519 over `gatehouse.posture.v1:` and the canonical JSON of the rest'),
}

/** The latest result of every claim, signed as a whole. */
export const postureSet = z
  .strictObject({
    v: z.literal(1),
    origin: z.string(),
    generated: time,
    version: z.string(),
    build: z.string(),
    policy: z.string(),
    policy_since: time.nullable(),
    summary,
    claims: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['verified', 'stated']),
        control: z.string(),
        sentence,
        owner: z.string(),
        owasp: z.array(z.string()),
        asvs: z.array(z.string()),
        verdict: shown,
        because: z.string().nullable(),
        every_minutes: z.int().nullable(),
        document: z.string().nullable(),
        review_by: z.string().nullable(),
        evidence: evidence.nullable().describe('The newest, whatever it is worth now'),
      }),
    ),
    deviations: z.array(deviation),
    ...signed,
  })
  .meta({ id: 'PostureSet' })

/** The newest results of one claim, newest first. */
export const postureHistory = z
  .strictObject({
    v: z.literal(1),
    origin: z.string(),
    generated: time,
    claim: z.string(),
    sentence,
    verdict: shown,
    history: z.array(evidence),
    ...signed,
  })
  .meta({ id: 'PostureHistory' })

/** The form for the dashboard. */
export const dashboardPosture = z
  .strictObject({
    summary,
    policySince: time.nullable(),
    claims: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['verified', 'stated']),
        control: z.string(),
        sentence,
        verdict: shown,
        because: z.string().nullable(),
        figures,
        probedAt: time.nullable(),
        everyMinutes: z.int().nullable(),
        reviewBy: z.string().nullable(),
        recent: z.array(z.enum(['holds', 'fails', 'unknown'])).describe('The newest results, oldest first'),
      }),
    ),
    trend: z
      .array(z.strictObject({ day: z.string(), holds: z.int(), fails: z.int(), unknown: z.int() }))
      .describe('Results by day (UTC), oldest first; days without one are left out'),
    deviations: z.array(deviation),
  })
  .meta({ id: 'DashboardPosture' })

export const postureRun = z
  .strictObject({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    done: z.int(),
    total: z.int(),
    probing: z.string().nullable().describe('The claim that is being probed'),
    askedAt: time,
    endedAt: time.nullable(),
    results: z.array(evidence).describe('So far, in the order in which they came'),
  })
  .meta({ id: 'PostureRun' })
