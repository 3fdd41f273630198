import { createPrivateKey, createPublicKey } from 'node:crypto'
import { isWycheproofMissing, readWycheproof } from '../testing/index.ts'
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
import { isSignature } from './verify-audit.mjs'

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

it('the example of RFC 8785, section 3.2.3, is sorted by UTF-16 code units', () => {
  const input =
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}'
  const values = Object.values(JSON.parse(toCanonicalJson(JSON.parse(input))) as Record<string, string>)
  // A JavaScript object lists integer keys first, so the order is read from the text.
  expect(values).toHaveLength(7)
  expect([...toCanonicalJson(JSON.parse(input)).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

it.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('RFC 8785, appendix B: the number %s is written %s', (bits, text) => {
  expect(toCanonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'RFC 8785, appendix B: %d has no form',
  (value) => {
    expect(() => toCanonicalJson(value)).toThrow()
  },
)

type Group = {
  readonly publicKeyPem: string
  readonly tests: readonly { tcId: number; msg: string; sig: string; result: string }[]
}

it.skipIf(isWycheproofMissing)('Project Wycheproof agrees on Ed25519: every signature of 151', () => {
  let judged = 0
  for (const { publicKeyPem, tests } of readWycheproof('ed25519_test') as readonly Group[])
    for (const { tcId, msg, sig, result } of tests) {
      const signature = Buffer.from(sig, 'hex').toString('base64url')
      const isTaken = isSignature(createPublicKey(publicKeyPem), Buffer.from(msg, 'hex'), signature)
      expect({ tcId, isTaken }).toEqual({ tcId, isTaken: result === 'valid' })
      judged += 1
    }
  expect(judged).toBe(151)
})
