import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isValkeyMissing, startValkey, type TestValkey } from '../testing/index.ts'
import { failClosed } from './fail-closed.ts'
import type { LimitRule } from './limit-rule.ts'
import type { LimitStore } from './limit-store.ts'
import { createValkeyStore, type ValkeyStore } from './valkey-store.ts'

const refusing: LimitRule = { name: 'r', limit: 1_000, windowSeconds: 60, whenStoreFails: 'refuse' }
const admitting: LimitRule = { ...refusing, whenStoreFails: 'admit' }

describe.skipIf(isValkeyMissing)('limiter-outage-refuses', () => {
  let valkey: TestValkey
  let store: ValkeyStore
  let guarded: LimitStore
  let losses: unknown[]

  beforeEach(async () => {
    valkey = await startValkey()
    losses = []
    store = createValkeyStore({ url: valkey.url, onError: (cause) => losses.push(cause) })
    guarded = failClosed(store, () => undefined)
    await store.connected()
  })
  afterEach(async () => {
    await store.close()
    await valkey.stop()
  })

  const refused = { admitted: false, because: 'store_unavailable', retryAfterSeconds: expect.any(Number) }

  async function expectOutage(): Promise<void> {
    const decision = await guarded.take(refusing, 'a', 0)
    expect(decision).toEqual(refused)
    expect(!decision.admitted && decision.retryAfterSeconds).toBeGreaterThanOrEqual(1)
    expect(await guarded.take(admitting, 'a', 0)).toEqual({ admitted: true, counted: false })
    expect(await store.isReachable()).toBe(false)
  }

  it('a Valkey that was killed: requests are refused until it is back, then served', async () => {
    expect(await guarded.take(refusing, 'a', 0)).toMatchObject({ admitted: true, remaining: 999 })
    await valkey.kill()
    await expectOutage()
    expect(losses).not.toEqual([])
    await valkey.restart()
    await store.connected()
    expect(await guarded.take(refusing, 'a', 0)).toMatchObject({ admitted: true, remaining: 999 })
  })

  it('a Valkey that hangs: requests are refused, at once when it does not wake soon, until it answers', async () => {
    valkey.pause()
    await expectOutage()
    while (losses.length === 0) expect(await guarded.take(refusing, 'a', 0)).toEqual(refused)
    await expect(store.take(refusing, 'a', 0)).rejects.toThrow('no connection')
    valkey.resume()
    await store.connected()
    expect(await guarded.take(refusing, 'a', 0)).toMatchObject({ admitted: true, counted: true })
  })

  it('a Valkey that hangs for a moment keeps its connection, and takes back what came too late', async () => {
    valkey.pause()
    expect(await guarded.take(refusing, 'a', 0)).toEqual(refused)
    valkey.resume()
    await store.take(refusing, 'b', 0)
    await store.take(refusing, 'b', 0)
    expect(await guarded.take(refusing, 'a', 0)).toMatchObject({ admitted: true, remaining: 999 })
    expect(losses).toEqual([])
  })

  it('a Valkey that was never there: every request is refused', async () => {
    await valkey.kill()
    const early = createValkeyStore({ url: valkey.url, onError: () => undefined })
    const decision = await failClosed(early, () => undefined).take(refusing, 'a', 0)
    expect(decision).toEqual(refused)
    await early.close()
  })
})
