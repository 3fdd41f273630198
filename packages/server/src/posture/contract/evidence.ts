import { z } from 'zod'
import { time } from '../../service/shapes.ts'
import type { Evidence } from '../domain/evidence.ts'

export const evidence = z
  .strictObject({
    v: z.literal(1),
    id: z.string(),
    run_id: z.string(),
    claim: z.string(),
    control: z.string(),
    verdict: z.enum(['holds', 'fails', 'unknown']),
    because: z
      .string()
      .nullable()
      .describe('Why it does not hold, or why nothing was found; null where it holds'),
    figures: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('What the probe saw, by names that end in their unit'),
    started: time,
    ended: time,
    version: z.string().describe('Of the server that was probed'),
    build: z.string().describe('SHA-256 of its code'),
    policy: z.string().describe('SHA-256 of the policies and sentences that it was held against'),
    prober: z.enum(['self', 'external']),
    key_id: z.string(),
    signature: z
      .string()
      .describe('Ed25519 over `gatehouse.posture.v1:` and the canonical JSON (RFC 8785) of the rest'),
  })
  .meta({ id: 'PostureEvidence' }) satisfies z.ZodType<Evidence>
