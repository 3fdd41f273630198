import { createHmac } from 'node:crypto'
import type { SignOwn } from '@gatehouse/kernel/webhooks'

/**
 * The signature headers that the service's public clients verify. The HMAC key is the text of the whole secret (wire
 * 8).
 */
export const signForClients: SignOwn = ({ id, timestampSeconds, body }, [secret]) => {
  if (secret === undefined) throw new Error('A webhook has no secret to sign with')
  const signature = createHmac('sha256', secret.reveal()).update(`${timestampSeconds}.${body}`).digest('hex')
  return {
    'x-cohesion-signature': `sha256=${signature}`,
    'x-cohesion-timestamp': String(timestampSeconds),
    'x-cohesion-idempotency-key': id,
  }
}
