import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { Secret } from '../secrets/index.ts'
import { serviceSignature, signBody, signWebhook } from './index.ts'

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

it('the known answer of `X-Amaneki-Signature` is reproduced, and the standard one beside it', () => {
  const known = new Secret('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')
  const transition = {
    id: 'msg_01JEXAMPLE0000000000000001',
    timestampSeconds: 1_733_041_680,
    body: '{"type":"regime.transition","symbol":"btcusdt","timeframe":"1m","from_regime":"normal","to_regime":"high","ts_ms":1733041680000}',
  }
  expect(serviceSignature(transition, [known])).toBe(
    't=1733041680,v1=5fc590d9b9fe8a1640956da9f8467538ecf65776f327f6ca6c27efbed0ad2f87',
  )
  expect(signWebhook(transition, [known])['webhook-signature']).toBe(
    'v1,XfNAxg3oxO4NT4Q7dEs8+aCBIOZOvknbgTtECyd9q4A=',
  )
})

it('during a rotation the service’s own header holds a signature for either secret', () => {
  const one = serviceSignature(message, [secret]).split(',v1=')[1]
  const two = serviceSignature(message, [other]).split(',v1=')[1]
  expect(serviceSignature(message, [secret, other])).toBe(`t=${timestampSeconds},v1=${one},v1=${two}`)
})

it('the plain signature, which `X-Manako-Signature` carries, is the known answer of RFC 4231, test case 2', () => {
  expect(signBody('what do ya want for nothing?', new Secret('Jefe'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

describe('with the first key of RFC 8032, section 7.1', () => {
  // The fixed bytes before the seed are the PKCS #8 header of RFC 8410.
  const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex')
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const signed = signWebhook(message, [secret], [privateKey])
  const [v1, v1a = ''] = signed['webhook-signature']?.split(' ') ?? []
  const isSigned = (content: string) =>
    verify(null, Buffer.from(content), createPublicKey(privateKey), Buffer.from(v1a.slice(4), 'base64'))

  it('the signature of the instance stands beside the one by the secret, under its own version', () => {
    expect(v1).toBe(signWebhook(message, [secret])['webhook-signature'])
    expect(v1a).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/)
    expect(() => new Webhook(secret.reveal()).verify(body, signed)).not.toThrow()
  })

  it('it is over the id, the time and the body, to the byte', () => {
    const content = `${message.id}.${timestampSeconds}.${body}`
    expect(isSigned(content)).toBe(true)
    expect(isSigned(`${content} `)).toBe(false)
    expect(isSigned(`msg_2.${timestampSeconds}.${body}`)).toBe(false)
    expect(isSigned(`${message.id}.${timestampSeconds + 1}.${body}`)).toBe(false)
  })
})

it('the plain signature is the one that openssl computes', () => {
  const plain = new Secret('a secret of sixteen')
  const openssl = execFileSync('openssl', ['dgst', '-sha256', '-hmac', plain.reveal(), '-r'], { input: body })
  expect(signBody(body, plain)).toBe(openssl.toString().split(' ', 1)[0])
})
