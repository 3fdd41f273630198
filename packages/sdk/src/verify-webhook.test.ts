import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { toWebhookKeys, verifyWebhook, verifyWebhookMessage } from './index.ts'

const file = new URL('../webhook-vectors.json', import.meta.url)
const { cases } = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        secret: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
        nowSeconds: z.int(),
        expect: z.string(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(file, 'utf8')))

afterEach(() => vi.useRealTimers())

describe.each(cases)('$name', ({ secret, headers, body, nowSeconds, expect: expected }) => {
  it.each([
    ['text', body],
    ['bytes', new TextEncoder().encode(body)],
  ])('gives what the vectors say, from %s', async (_form, raw) => {
    const verdict = verifyWebhook(new Headers(headers), raw, secret, { nowSeconds })
    if (expected === 'ok') expect(await verdict).toMatchObject({ id: headers['webhook-id'] })
    else await expect(verdict).rejects.toMatchObject({ name: 'WebhookVerificationError', code: expected })
  })
})

const ofPublicKeys = cases.filter(
  ({ secret, expect: expected }) => secret.startsWith('whpk_') && ['ok', 'no_match'].includes(expected),
)

it.each(ofPublicKeys)('OpenSSL agrees: $name', ({ secret, headers, body, expect: expected }) => {
  const x = Buffer.from(secret.slice(5), 'base64').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
  const isSigned = (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((entry) => entry.startsWith('v1a,'))
    .some((entry) => verifySignature(null, content, key, Buffer.from(entry.slice(4), 'base64')))
  expect(isSigned).toBe(expected === 'ok')
})

// The reference library knows secrets alone, takes one without its prefix, and parses what it verified as JSON.
const ofTheReference = cases.filter(
  ({ secret, body, expect: expected }) =>
    expected !== 'bad_secret' && body !== '' && !secret.startsWith('whpk_'),
)

it.each(ofTheReference)('the reference library agrees: $name', (one) => {
  vi.useFakeTimers({ now: one.nowSeconds * 1000, toFake: ['Date'] })
  const verify = () => new Webhook(one.secret).verify(one.body, one.headers)
  if (one.expect === 'ok') expect(verify).not.toThrow()
  else expect(verify).toThrow()
})

describe('several secrets and keys', () => {
  const ofInstance = cases.filter(
    ({ secret, expect: expected }) => secret.startsWith('whpk_') && expected === 'ok',
  )
  const [signed] = ofInstance
  const other = cases.find(({ name }) => name === 'another public key')
  if (signed === undefined || other === undefined) throw new Error('The vectors hold keys')
  const verify = (secrets: readonly string[]) =>
    verifyWebhook(signed.headers, signed.body, secrets, { nowSeconds: signed.nowSeconds })

  it('one that matches is enough, whichever it is', async () => {
    expect(await verify([other.secret, signed.secret])).toMatchObject({ id: signed.headers['webhook-id'] })
    expect(await verify([signed.secret, other.secret])).toMatchObject({ id: signed.headers['webhook-id'] })
  })

  it.each([
    ['none that matches', [other.secret], 'no_match'],
    ['none at all', [], 'bad_secret'],
    ['one that is malformed among them', [signed.secret, 'whpk_AAAA'], 'bad_secret'],
  ])('%s is refused', async (_what, secrets, code) => expect(verify(secrets)).rejects.toMatchObject({ code }))

  it('the published list verifies what its keys signed, and keys of other algorithms are left out', async () => {
    const published = [other.secret, signed.secret].map((secret, version) => ({
      key_id: `key-${version}`,
      algorithm: 'Ed25519',
      public_key: Buffer.from(secret.slice(5), 'base64').toString('base64url'),
    }))
    const unknown = { key_id: 'key-9', algorithm: 'ML-DSA-44', public_key: 'AAAA' }
    const keys = toWebhookKeys({ keys: [...published, unknown] })
    expect(keys).toEqual([other.secret, signed.secret])
    expect(await verify(keys)).toMatchObject({ id: signed.headers['webhook-id'] })
  })
})

describe('a message of a webhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const id = 'evt_01K7Z3N8Q4W2X5Y6A7B8C9D0EF'
  const body = JSON.stringify({
    id,
    type: 'member.changed',
    created_at: '2026-01-31T12:00:00.000Z',
    org_id: '0199a3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
    data: { user_id: '01K7Z3N8Q4W2X5Y6A7B8C9D0EG', change: 'role', role: 'owner' },
  })
  const at = new Date('2026-01-31T12:00:01.000Z')
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(at.getTime() / 1000),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
  const options = { nowSeconds: at.getTime() / 1000 }

  it('is read once it is proven, and its type says what it holds', async () => {
    const message = await verifyWebhookMessage(headers, Buffer.from(body), secret, options)
    // The compiler knows `data` of this type, and of no other.
    const told = message.type === 'member.changed' ? [message.data.change, message.data.role] : []
    expect(told).toEqual(['role', 'owner'])
  })

  it('is not read when it is not proven', async () => {
    const changed = body.replace('"owner"', '"viewer"')
    await expect(verifyWebhookMessage(headers, changed, secret, options)).rejects.toMatchObject({
      code: 'no_match',
    })
  })
})
