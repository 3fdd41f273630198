import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { createFastHmac } from './fast-hmac.ts'

it.each([0, 1, 32, 63, 64, 65, 200])(
  'a key of %i bytes gives what node:crypto gives, again and again',
  (bytes) => {
    const key = Buffer.alloc(bytes, 0xa7)
    const hmac = createFastHmac(key)
    for (const text of ['', 'a', 'é – 日本', 'x'.repeat(5_000)])
      expect(hmac(text)).toBe(createHmac('sha256', key).update(text).digest('base64'))
  },
)
