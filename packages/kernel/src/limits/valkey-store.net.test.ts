import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../secrets/index.ts'
import { isValkeyMissing, startValkey, type TestValkey } from '../testing/index.ts'
import type { LimitRule } from './limit-rule.ts'
import { describeLimitStore } from './testing/describe-limit-store.ts'
import { createValkeyStore, type ValkeyStore } from './valkey-store.ts'

const rule: LimitRule = { name: 'r', limit: 10, windowSeconds: 60, whenStoreFails: 'refuse' }

describe.skipIf(isValkeyMissing)('limits in Valkey', () => {
  let valkey: TestValkey
  let store: ValkeyStore
  let otherNode: ValkeyStore
  let byCallersTime: ValkeyStore

  beforeAll(async () => {
    valkey = await startValkey({ password: 'p@ss/word' })
    const open = (time: 'server' | 'caller') =>
      createValkeyStore({ url: valkey.url, onError: assertNoError, time })
    store = open('server')
    otherNode = open('server')
    byCallersTime = open('caller')
    await Promise.all([store, otherNode, byCallersTime].map((each) => each.connected()))
  })
  beforeEach(async () => void (await valkey.ask('FLUSHALL')))
  afterAll(async () => {
    await Promise.all([store, otherNode, byCallersTime].map((each) => each.close()))
    await valkey.stop()
  })

  describeLimitStore('the Valkey store', async () => {
    await valkey.ask('FLUSHALL')
    return byCallersTime
  })

  it('many requests at once to several nodes share one limit to the last one', async () => {
    const asked = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? store : otherNode).take(rule, 'a', 0))
    const admitted = (await Promise.all(asked)).filter((decision) => decision.admitted)
    expect(admitted.map(({ remaining }) => remaining).toSorted((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ])
  })

  it('a charge that one node made can be given back by another', async () => {
    const charged = await store.take({ ...rule, limit: 1 }, 'a', 0)
    if (charged.admitted) await otherNode.giveBack(rule, 'a', charged)
    expect((await store.take({ ...rule, limit: 1 }, 'a', 0)).admitted).toBe(true)
  })

  it("the server's clock counts, whatever a node takes the time to be", async () => {
    await store.take({ ...rule, limit: 1 }, 'a', 0)
    expect(await otherNode.take({ ...rule, limit: 1 }, 'a', 86_400_000)).toMatchObject({ admitted: false })
  })

  it('a charge and a give-back are one command each, and none more after the script is known', async () => {
    await store.take(rule, 'a', 0)
    await valkey.ask('CONFIG', 'RESETSTAT')
    const charged = await store.take(rule, 'a', 0)
    if (charged.admitted) await store.giveBack(rule, 'a', charged)
    const calls = String(await valkey.ask('INFO', 'commandstats')).match(
      /(?<=cmdstat_eval(?:sha)?:calls=)\d+/g,
    )
    expect(calls).toEqual(['2'])
  })

  it('a server that has forgotten the script is told it again', async () => {
    await store.take(rule, 'a', 0)
    await valkey.ask('SCRIPT', 'FLUSH')
    expect(await store.take(rule, 'a', 0)).toMatchObject({ admitted: true, remaining: 8 })
  })

  it('a charge to a counter that was forgotten is not given back to its successor', async () => {
    const only = { ...rule, limit: 1 }
    const early = await store.take(only, 'a', 0)
    await valkey.ask('FLUSHALL')
    await store.take(only, 'a', 0)
    if (early.admitted) await store.giveBack(only, 'a', early)
    expect((await store.take(only, 'a', 0)).admitted).toBe(false)
  })

  it.each([
    [1, 11_017],
    [60, 71_000],
    [3_600, 3_670_000],
  ])('what a window of %i s counted expires %i ms after the last charge', async (windowSeconds, expireMs) => {
    await store.take({ ...rule, windowSeconds }, 'a', 0)
    const [key] = (await valkey.ask('KEYS', '*')) as string[]
    const left = Number(await valkey.ask('PTTL', String(key)))
    expect(left).toBeGreaterThan(expireMs - 10_000)
    expect(left).toBeLessThanOrEqual(expireMs)
    expect(expireMs).toBeLessThan(7_200_000)
  })

  it('a key is short and names no subject, however long and telling the subject is', async () => {
    const subject = `203.0.113.7 ${'x'.repeat(10_000)}`
    await store.take(rule, subject, 0)
    expect(await valkey.ask('KEYS', '*')).toEqual([expect.stringMatching(/^gatehouse:limit:r:60:[\w-]{43}$/)])
  })

  it('a server that answers is reachable; one that refuses our password is not, and says so', async () => {
    expect(await store.isReachable()).toBe(true)
    const wrong = new URL(valkey.url.reveal())
    wrong.password = 'wrong'
    const told = Promise.withResolvers<unknown>()
    const stranger = createValkeyStore({ url: new Secret(wrong.href), onError: told.resolve })
    expect(String(await told.promise)).toContain('WRONGPASS')
    expect(await stranger.isReachable()).toBe(false)
    await expect(stranger.take(rule, 'a', 0)).rejects.toThrow('no connection')
    await stranger.close()
  })

  it('a store that was closed takes no more', async () => {
    const closed = createValkeyStore({ url: valkey.url, onError: assertNoError })
    await closed.connected()
    await closed.close()
    await expect(closed.take(rule, 'a', 0)).rejects.toThrow('no connection')
  })
})

function assertNoError(cause: unknown): never {
  throw new Error('The connection was expected to last', { cause })
}
