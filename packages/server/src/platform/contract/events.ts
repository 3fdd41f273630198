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
  /** The visible prefix again, under the name that clients of the oversight service read. */
  prefix: z.string(),
  at: time,
})

/** The webhook events of the platform, with their data. */
export const platformEvents = {
  'key.created': key,
  'key.rotated': key,
  'key.revoked': key,
  'member.changed': z.strictObject({
    user_id: z.string(),
    change: z.enum(['joined', 'role', 'removed']),
    /** The new role; absent when the member has left. */
    role: z.enum(roles).optional(),
  }),
  // Published by the security page, with the claims.
  'posture.claim_failed': z.strictObject({ claim: z.string(), at: time }),
  'security.incident': z.union([
    z.strictObject({
      /**
       * `refresh_token_replayed`: all sessions of the family were ended. `sudo_locked`: by wrong proofs.
       * `account_guessed`: by wrong passwords of somebody else.
       */
      kind: z.enum(['refresh_token_replayed', 'sudo_locked', 'account_guessed']),
      at: time,
      user_id: z.string(),
    }),
    z.strictObject({
      /** The operator reports that an incident of the instance affects the org. */
      kind: z.literal('instance_incident'),
      at: time,
      incident_id: z.string(),
      title: z.string(),
      severity: z.enum(severities),
      message: z.string(),
    }),
  ]),
  /** The newest checkpoint of the audit log: `data`, as one line of JSON, is an anchor for `verify-audit.mjs`. */
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
