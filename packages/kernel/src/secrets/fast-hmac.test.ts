import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { isWycheproofMissing, readWycheproof } from '../testing/index.ts'
import { createFastHmac } from './fast-hmac.ts'

it.each([0, 1, 32, 63, 64, 65, 200])(
  'a key of %i bytes gives what node:crypto gives, again and again',
  (bytes) => {
    const key = Buffer.alloc(bytes, 0xa7)
    const hmac = createFastHmac(key)
    for (const text of ['', 'a', 'é – 日本', 'x'.repeat(5_000)])
      expect(hmac(text, 'base64')).toBe(createHmac('sha256', key).update(text).digest('base64'))
  },
)

type Group = {
  readonly tagSize: number
  readonly tests: readonly { tcId: number; key: string; msg: string; tag: string; result: string }[]
}

it.skipIf(isWycheproofMissing)('Project Wycheproof agrees on HMAC-SHA-256: 174 of 174', () => {
  let judged = 0
  for (const { tagSize, tests } of readWycheproof('hmac_sha256_test') as readonly Group[])
    for (const { tcId, key, msg, tag, result } of tests) {
      const mac = Buffer.from(createFastHmac(Buffer.from(key, 'hex'))(Buffer.from(msg, 'hex'), 'hex'), 'hex')
      const isEqual = mac.subarray(0, tagSize / 8).toString('hex') === tag
      expect({ tcId, isEqual }).toEqual({ tcId, isEqual: result === 'valid' })
      judged += 1
    }
  expect(judged).toBe(174)
})
