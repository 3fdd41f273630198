import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { isOutage } from './is-outage.ts'
import { createOrgTurns } from './org-turns.ts'
import { within } from './transactions.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const of = (orgId: string): SystemPrincipal => ({ kind: 'system', orgId, because: 'test' })

describe('one-org-leaves-connections-to-others', () => {
  it('an org of whose transactions none ends leaves others room, and its own go on one for one', async () => {
    const { db } = database
    const { max } = db.pool.options
    const [busy, other] = [of(randomUUID()), of(randomUUID())]
    const stuck = Array.from({ length: max }, () => Promise.withResolvers<void>())
    let started = 0
    const works = stuck.map(({ promise }) =>
      within({ db }, busy, async () => {
        started += 1
        await promise
        return 'done'
      }),
    )
    await expect.poll(() => started).toBe(Math.floor(max * 0.75))
    expect(await within({ db }, other, async () => 'served')).toBe('served')
    expect(started).toBe(Math.floor(max * 0.75))
    for (const { resolve } of stuck) resolve()
    expect(await Promise.all(works)).toEqual(stuck.map(() => 'done'))
    expect(started).toBe(max)
  })

  it('work that fails gives its turn back', async () => {
    const { db } = database
    const principal = of(randomUUID())
    const fail = () =>
      within({ db }, principal, async () => {
        throw new Error('It went wrong')
      })
    for (let times = 0; times < 50; times += 1) await expect(fail()).rejects.toThrow('It went wrong')
    expect(await within({ db }, principal, async () => 'served')).toBe('served')
  })

  it('whoever waits too long is told that there is no connection, and whoever waits next has the turn', async () => {
    const turns = createOrgTurns({ heldMax: 1, waitMsMax: 1 })
    const giveBack = await turns.take('a')
    const refusal: unknown = await turns.take('a').catch((error: unknown) => error)
    expect(isOutage(refusal)).toBe(true)
    const next = turns.take('a')
    giveBack()
    giveBack()
    const giveNext = await next
    await expect(turns.take('a')).rejects.toThrow('timeout exceeded')
    giveNext()
    await turns.take('a')
    // Another org never waited.
    await turns.take('b')
  })
})
