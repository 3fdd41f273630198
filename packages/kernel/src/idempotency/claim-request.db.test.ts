import { createHash, randomBytes } from 'node:crypto'
import { createKeyDigests } from '../keys/index.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../principal/index.ts'
import { fakeClock, testDatabase, type TestDatabase } from '../testing/index.ts'
import { asGate, query, recordTelemetry } from '../db/index.ts'
import { sql } from 'kysely'
import { busyMsMax, type Claim, claimRequest, type KeyedRequest, replyKeptMs } from './claim-request.ts'

let database: TestDatabase
const clock = fakeClock(Date.UTC(2026, 5, 1))
const acme: Principal = { kind: 'system', orgId: '11111111-1111-4111-8111-111111111111', because: 'test' }
const other: Principal = { ...acme, orgId: '22222222-2222-4222-8222-222222222222' }
const reply = { status: 201, mediaType: 'application/json', body: '{"id":"1"}' }
let count = 0
const [old, fresh] = [randomBytes(32), randomBytes(32)]
const before = createKeyDigests({ current: 1, versions: new Map([[1, old]]) })
let digests = before

beforeAll(async () => {
  database = await testDatabase()
  await asGate(database, async (tx) => {
    for (const { orgId } of [acme, other])
      await sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
                VALUES (${orgId}, 'x', ${orgId}, now(), now())`.execute(query(tx))
  })
})
afterAll(() => database.drop())

const claim = (request: Partial<KeyedRequest> & { key: string }, principal = acme): Promise<Claim> =>
  claimRequest({ db: database.db, clock, digests }, principal, {
    subject: 'key-1',
    endpoint: 'createMonitor',
    body: '{}',
    ...request,
  })
const newKey = (): string => `key ${(count += 1)}`

type First = Extract<Claim, { kind: 'first' }>

async function first(key: string): Promise<First> {
  const claimed = await claim({ key })
  if (claimed.kind !== 'first') throw new Error(`It is ${claimed.kind}`)
  return claimed
}

const settle = (claimed: First, answer = reply): Promise<boolean> =>
  recordTelemetry(database, acme, (tx) => claimed.settle(tx, answer))

describe('requests under an Idempotency-Key', () => {
  it('get the first answer again for 24 hours, and not a millisecond longer', async () => {
    const key = newKey()
    await settle(await first(key))
    clock.advance(replyKeptMs - 1)
    expect(await claim({ key })).toEqual({ kind: 'replay', reply })
    clock.advance(1)
    expect(await claim({ key })).toMatchObject({ kind: 'first' })
  })

  it('are one of twenty that come at once', async () => {
    const key = newKey()
    const kinds = (await Promise.all(Array.from({ length: 20 }, () => claim({ key })))).map(
      ({ kind }) => kind,
    )
    expect(kinds.filter((kind) => kind === 'first')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'under_way')).toHaveLength(19)
  })

  it('are refused when the body is another one, before and after the answer', async () => {
    const key = newKey()
    const claimed = await first(key)
    expect(await claim({ key, body: '{"a":1}' })).toEqual({ kind: 'other_body' })
    await settle(claimed)
    expect(await claim({ key, body: '{"a":1}' })).toEqual({ kind: 'other_body' })
  })

  it('begin anew when the first came to nothing', async () => {
    const key = newKey()
    await (await first(key)).release()
    expect(await claim({ key })).toMatchObject({ kind: 'first' })
  })

  it('take over from a node that died after a minute, and the late answer of the dead one changes nothing', async () => {
    const key = newKey()
    const dead = await first(key)
    clock.advance(busyMsMax - 1)
    expect(await claim({ key })).toEqual({ kind: 'under_way' })
    clock.advance(1)
    const heir = await first(key)
    expect(await settle(dead, { ...reply, body: '{"id":"dead"}' })).toBe(false)
    await dead.release()
    expect(await claim({ key })).toEqual({ kind: 'under_way' })
    expect(await settle(heir)).toBe(true)
    expect(await claim({ key })).toEqual({ kind: 'replay', reply })
  })

  it('never meet those of another caller, endpoint or organisation', async () => {
    const key = newKey()
    await settle(await first(key))
    expect(await claim({ key, subject: 'key-2' })).toMatchObject({ kind: 'first' })
    expect(await claim({ key, endpoint: 'createChannel' })).toMatchObject({ kind: 'first' })
    expect(await claim({ key }, other)).toMatchObject({ kind: 'first' })
  })

  it('leave a fingerprint that nobody can try bodies against without the pepper', async () => {
    const key = newKey()
    const body = '{"password":"canary"}'
    await claim({ key, body })
    const { rows } = await recordTelemetry({ db: database.db }, acme, (tx) =>
      sql<{ fingerprint: Buffer }>`SELECT fingerprint FROM gatehouse.idempotency`.execute(query(tx)),
    )
    const plain = createHash('sha256').update(body).digest('hex')
    expect(rows.map(({ fingerprint }) => fingerprint.toString('hex'))).not.toContain(plain)
    expect(await claim({ key, body })).toEqual({ kind: 'under_way' })
  })

  it('are told from others across a change of the pepper, and never taken for the same once it is gone', async () => {
    const key = newKey()
    await settle(await first(key))
    const both = new Map([
      [1, old],
      [2, fresh],
    ])
    digests = createKeyDigests({ current: 2, versions: both })
    expect(await claim({ key })).toEqual({ kind: 'replay', reply })
    expect(await claim({ key, body: '{"a":1}' })).toEqual({ kind: 'other_body' })
    digests = createKeyDigests({ current: 2, versions: new Map([[2, fresh]]) })
    expect(await claim({ key })).toEqual({ kind: 'other_body' })
    digests = before
  })
})
