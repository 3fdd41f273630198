import { Secret } from '@gatehouse/kernel/secrets'
import { signWebhook } from '@gatehouse/kernel/webhooks'
import { expect, it } from 'vitest'
import { signForClients } from './sign-webhook.ts'

it('the known answers of both signatures over one message are reproduced', () => {
  const secret = new Secret('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')
  const message = { id: 'evt_1', timestampSeconds: 1_782_820_800, body: '{"event":"score.committed"}' }
  expect(signForClients(message, [secret])).toEqual({
    'x-cohesion-signature': 'sha256=e34c9eb2dbdaf96b011aedd804b575d8747e3ee1cc4cb73087e33f6ee674c4a2',
    'x-cohesion-timestamp': '1782820800',
    'x-cohesion-idempotency-key': 'evt_1',
  })
  expect(signWebhook(message, [secret])['webhook-signature']).toBe(
    'v1,KnqUoVhrmP2xBZ+pdWGWGTlwldQ+3qc85UcA8ivxD64=',
  )
})

it('during a rotation the newest secret signs', () => {
  const [newest, older] = [new Secret('whsec_bmV3'), new Secret('whsec_b2xk')]
  const message = { id: 'evt_1', timestampSeconds: 1, body: '{}' }
  expect(signForClients(message, [newest, older])).toEqual(signForClients(message, [newest]))
})
