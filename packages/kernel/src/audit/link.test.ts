import { createPrivateKey, createPublicKey } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  entryHash,
  genesisHash,
  isEntrySignature,
  type Link,
  sha256Hex,
  signEntry,
  toCanonicalJson,
} from './link.ts'

// RFC 8032, section 7.1, test 1: the secret key, behind the fixed PKCS #8 header of an Ed25519 key.
const privateKey = createPrivateKey({
  key: Buffer.from(
    '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  ),
  format: 'der',
  type: 'pkcs8',
})

const payload = { note: 'Q3', kind: 'append', event_type: 'custom.policy_reviewed' }

const first: Link = {
  v: 1,
  seq: 1,
  org_id: '00000000-0000-4000-8000-000000000001',
  event_type: 'custom.policy_reviewed',
  ts: '2026-06-30T00:00:00.000Z',
  payload_hash: sha256Hex(toCanonicalJson(payload)),
  prev_hash: genesisHash,
  key_id: 'test-1',
}

it('the published link, hashes and signature are reproduced to the byte', () => {
  expect(first.payload_hash).toBe('e71da5cca053e0c1615ddb6b6bda370d08372e4a5e298400d47e5abaf1ee076a')
  const hash = entryHash(first)
  expect(hash).toBe('47afb089229a407bece8535c69ced9a67324fb71f1e7ca2b4df0f6bd15baf4e4')
  expect(signEntry(privateKey, hash)).toBe(
    '-MiS9Va5l_80kOMzRIYRWSOzKqpKrdQIIDzZ0UquzWRc01lJnDvTl4NSuUVrTW8rZSwD2WiSQhPUIi-fWBdTBg',
  )
  const second = { ...first, seq: 2, ts: '2026-06-30T00:00:01.000Z', prev_hash: hash }
  expect(entryHash(second)).toBe('eb88fb514861141243c689a79d2d7e9a15e1910c68edf1b723284fe2f23755ea')
})

it('a signature over another hash does not verify', () => {
  const publicKey = createPublicKey(privateKey)
  const hash = entryHash(first)
  const signature = signEntry(privateKey, hash)
  expect(isEntrySignature(publicKey, hash, signature)).toBe(true)
  expect(isEntrySignature(publicKey, hash.replace('4', '5'), signature)).toBe(false)
})

it('canonical JSON refuses what JSON cannot hold', () => {
  expect(() => toCanonicalJson(undefined)).toThrow('no JSON form')
})

it('the example of RFC 8785, section 3.2.2, is reproduced: numbers, strings, order', () => {
  const input = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
  expect(toCanonicalJson(JSON.parse(input))).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
})
