import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { verifyWebhook } from './index.ts'

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

  // The reference library takes a secret without its prefix, and parses what it verified as JSON.
  it.skipIf(expected === 'bad_secret' || body === '')('the reference library agrees', () => {
    vi.useFakeTimers({ now: nowSeconds * 1000, toFake: ['Date'] })
    const verify = () => new Webhook(secret).verify(body, headers)
    if (expected === 'ok') expect(verify).not.toThrow()
    else expect(verify).toThrow()
  })
})
