import { z } from 'zod'
import { time } from '../../service/shapes.ts'
import { severities } from '../domain/security-incident.ts'
import { roles } from './shapes.ts'

const key = z.strictObject({
  key_id: z.string(),
  service: z.string(),
  key_prefix: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  /** The visible prefix again, as clients of the oversight service read it. */
  prefix: z.string(),
  at: time,
})

/** What the platform tells webhooks of, and what it says then. */
export const platformEvents = {
  'key.created': key,
  'key.rotated': key,
  'key.revoked': key,
  'member.changed': z.strictObject({
    user_id: z.string(),
    change: z.enum(['joined', 'role', 'removed']),
    /** The role from now on; absent when the member is gone. */
    role: z.enum(roles).optional(),
  }),
  // Told by the security page, whose claims come with it.
  'posture.claim_failed': z.strictObject({ claim: z.string(), at: time }),
  'security.incident': z.union([
    z.strictObject({
      /** `refresh_token_replayed` ended a family of sessions; `sudo_locked` is by wrong proofs; `account_guessed` by a stranger's. */
      kind: z.enum(['refresh_token_replayed', 'sudo_locked', 'account_guessed']),
      at: time,
      user_id: z.string(),
    }),
    z.strictObject({
      /** The operator tells that an incident of the instance touches the organisation. */
      kind: z.literal('instance_incident'),
      at: time,
      incident_id: z.string(),
      title: z.string(),
      severity: z.enum(severities),
      message: z.string(),
    }),
  ]),
  /** The newest signed end of the audit log: `data`, as one line of JSON, is an anchor of `verify-audit.mjs`. */
  'audit.checkpoint': z.strictObject({
    kind: z.literal('checkpoint'),
    number: z.int().nullable(),
    prev_hash: z.string().nullable(),
    org_id: z.uuid(),
    seq: z.int(),
    entry_hash: z.string(),
    ts: time,
    key_id: z.string(),
    signature: z.string(),
  }),
  'usage.anomaly': z.strictObject({
    hour: time,
    calls: z.int(),
    usual_calls: z.number(),
    threshold_calls: z.number(),
  }),
}

export type PlatformEvent = keyof typeof platformEvents
