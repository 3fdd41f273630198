import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { isWycheproofMissing, readWycheproof } from '../testing/index.ts'
import { decrypt, encrypt } from './aes-gcm.ts'

type Group = {
  readonly keySize: number
  readonly ivSize: number
  readonly tests: readonly {
    tcId: number
    key: string
    iv: string
    aad: string
    msg: string
    ct: string
    tag: string
    result: string
  }[]
}

it.skipIf(isWycheproofMissing)(
  'Project Wycheproof agrees on AES-256-GCM with 96-bit nonces: 66 of 66, changed tags refused',
  () => {
    let judged = 0
    for (const { keySize, ivSize, tests } of readWycheproof('aes_gcm_test') as readonly Group[]) {
      // The only sizes that we make, and so the only ones that we open.
      if (keySize !== 256 || ivSize !== 96) continue
      for (const { tcId, key, iv, aad, msg, ct, tag, result } of tests) {
        const open = (): string =>
          decrypt(
            Buffer.from(key, 'hex'),
            Buffer.from(aad, 'hex'),
            Buffer.from(iv + ct + tag, 'hex'),
          ).toString('hex')
        if (result === 'valid') expect({ tcId, msg: open() }).toEqual({ tcId, msg })
        else expect(open).toThrow('changed or moved')
        judged += 1
      }
    }
    expect(judged).toBe(66)
  },
)

it('every byte that is changed, and every other key or place, is noticed', () => {
  const [key, place, text] = [randomBytes(32), Buffer.from('place'), Buffer.from('secret')]
  const sealed = encrypt(key, place, text)
  expect(decrypt(key, place, sealed)).toEqual(text)
  for (const index of sealed.keys()) {
    const changed = Buffer.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => decrypt(key, place, changed)).toThrow('changed or moved')
  }
  expect(() => decrypt(randomBytes(32), place, sealed)).toThrow('changed or moved')
  expect(() => decrypt(key, Buffer.from('elsewhere'), sealed)).toThrow('changed or moved')
  expect(() => decrypt(key, place, sealed.subarray(0, 27))).toThrow('cut short')
})

it('the same text under the same key never looks the same twice', () => {
  const [key, place, text] = [randomBytes(32), Buffer.from('place'), Buffer.from('secret')]
  const seen = new Set(Array.from({ length: 1_000 }, () => encrypt(key, place, text).toString('hex')))
  expect(seen.size).toBe(1_000)
})
