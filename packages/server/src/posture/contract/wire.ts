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
      .describe(
        'The number of claims that are checked by a probe: the sum of `holds`, `fails` and `unknown`',
      ),
    holds: z.int(),
    fails: z.int(),
    unknown: z.int(),
    stated: z
      .int()
      .describe('The number of claims that no probe can check; they are not counted as verified'),
    overdue: z.int().describe('The number of stated claims whose review is overdue'),
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
  signature: z
    .string()
    .describe(
      'The Ed25519 signature of `gatehouse.posture.v1:` followed by the canonical JSON (RFC 8785) of the other members',
    ),
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
        evidence: evidence.nullable().describe('The latest evidence, even if it has expired'),
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
        /** The reason in Japanese; null without a reason, and for one that is written in English alone. */
        becauseJa: z.string().nullable(),
        figures,
        /** The figures in words, with their units. */
        seen: z.strictObject({ en: z.array(z.string()), ja: z.array(z.string()) }),
        probedAt: time.nullable(),
        everyMinutes: z.int().nullable(),
        reviewBy: z.string().nullable(),
        recent: z.array(z.enum(['holds', 'fails', 'unknown'])).describe('The latest results, oldest first'),
      }),
    ),
    trend: z
      .array(z.strictObject({ day: z.string(), holds: z.int(), fails: z.int(), unknown: z.int() }))
      .describe('Numbers of results by UTC day, oldest first; days without results are omitted'),
    deviations: z.array(deviation),
  })
  .meta({ id: 'DashboardPosture' })

export const postureRun = z
  .strictObject({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    done: z.int(),
    total: z.int(),
    probing: z.string().nullable().describe('The id of the claim that is being probed'),
    askedAt: time,
    endedAt: time.nullable(),
    results: z.array(evidence).describe('The results so far, in the order of completion'),
  })
  .meta({ id: 'PostureRun' })
