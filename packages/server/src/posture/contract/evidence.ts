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
      .describe('The reason why the claim fails or its result is unknown; null if it holds'),
    figures: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('The values that the probe measured; the names end in the unit'),
    started: time,
    ended: time,
    version: z.string().describe('The version of the server that was probed'),
    build: z.string().describe('The SHA-256 of the code of the server that was probed'),
    policy: z.string().describe('The SHA-256 of the policies and claim texts that the probe checked'),
    prober: z.enum(['self', 'external']),
    key_id: z.string(),
    signature: z
      .string()
      .describe(
        'The Ed25519 signature of `gatehouse.posture.v1:` followed by the canonical JSON (RFC 8785) of the other members',
      ),
  })
  .meta({ id: 'PostureEvidence' }) satisfies z.ZodType<Evidence>
