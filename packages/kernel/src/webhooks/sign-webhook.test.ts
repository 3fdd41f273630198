import { execFileSync } from 'node:child_process'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { Secret } from '../secrets/index.ts'
import { signBody, signWebhook } from './index.ts'

const secret = new Secret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)
const other = new Secret(`whsec_${Buffer.alloc(32, 8).toString('base64')}`)
const body = JSON.stringify({ event: 'incident.created', name: 'é – 日本' })
const timestampSeconds = Math.floor(Date.now() / 1000)
const message = { id: 'msg_1', timestampSeconds, body }

it('webhook-signatures-verify-with-the-reference-library', () => {
  const headers = signWebhook(message, [secret])
  expect(new Webhook(secret.reveal()).verify(body, headers)).toEqual(JSON.parse(body))
})

it('during a rotation either secret verifies', () => {
  const headers = signWebhook(message, [other, secret])
  for (const valid of [secret, other])
    expect(() => new Webhook(valid.reveal()).verify(body, headers)).not.toThrow()
})

it.each([
  ['body', { ...message, body: `${body} ` }],
  ['id', { ...message, id: 'msg_2' }],
  ['time', { ...message, timestampSeconds: timestampSeconds + 1 }],
])('a changed %s does not verify', (_part, changed) => {
  const { 'webhook-signature': signature } = signWebhook(message, [secret])
  const headers = { ...signWebhook(changed, [secret]), 'webhook-signature': signature ?? '' }
  expect(() => new Webhook(secret.reveal()).verify(changed.body, headers)).toThrow()
})

it('the published known answer of Standard Webhooks is reproduced', () => {
  const known = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const { 'webhook-signature': signature } = signWebhook(
    { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1_614_265_330, body: '{"test": 2432232314}' },
    [known],
  )
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

it('the plain signature is the one that openssl computes', () => {
  const plain = new Secret('a secret of sixteen')
  const openssl = execFileSync('openssl', ['dgst', '-sha256', '-hmac', plain.reveal(), '-r'], { input: body })
  expect(signBody(body, plain)).toBe(openssl.toString().split(' ', 1)[0])
})
