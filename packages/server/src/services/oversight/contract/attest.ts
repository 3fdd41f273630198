import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { envelope } from './blocks.ts'
import { decision, domain, hash, operatorId, optional, sessionId, share } from './fields.ts'

export const challengeBody = z.strictObject({
  operator_id: operatorId,
  session_id: sessionId,
  domain,
  decision,
  modification_extent: share,
  subject_hash: optional(hash),
  /**
   * The nonce of a telemetry session of the same operator and session, so that one nonce serves both; a new one if
   * absent.
   */
  nonce: optional(z.string().min(1).max(256)),
})

export type ChallengeBody = z.output<typeof challengeBody>

/** In the form that `navigator.credentials.get` takes, except that bytes are base64url. */
export const credentialDescriptor = z.strictObject({
  type: z.literal('public-key'),
  id: z.string(),
  transports: z.array(z.string()),
  rp_id: z.string(),
})

export const challengeDecision = defineEndpoint({
  method: 'POST',
  path: '/v1/attest/challenge',
  id: 'challengeDecision',
  summary: 'Create a challenge that the operator of a decision signs',
  description:
    'The reply contains the canonical decision and a challenge for it. An authenticator of the operator signs the challenge, or the ' +
    'operator confirms `canonical_hash` with their own access link. Send the proof as `attestation` with the score, commit or review.',
  tag: 'evidence',
  access: { kind: 'key', scope: 'telemetry:write' },
  body: challengeBody,
  example: {
    body: {
      operator_id: 'analyst-42',
      session_id: 'sess-001',
      domain: 'financial',
      decision: 'modified',
      modification_extent: 0.3,
    },
  },
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      canonical: z.string(),
      canonical_hash: z.string(),
      challenge: z.string(),
      nonce: z.string(),
      expires_at_ms: z.int(),
      allow_credentials: z.array(credentialDescriptor),
    }),
  },
  problems: ['VALIDATION_FAILED', 'OPERATOR_ID_INVALID'],
})

export const attestEndpoints = [challengeDecision] as const
