import { connect, createServer, type Server, type Socket } from 'node:net'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Secret } from '../secrets/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { asGate, query } from './transactions.ts'
import { type Invalidations, listenForInvalidations } from './invalidations.ts'

let database: TestDatabase
let proxy: Server
let proxyUrl: Secret
const through = new Set<Socket>()
let isHanging = false

beforeAll(async () => {
  database = await testDatabase()
  const { hostname, port } = new URL(database.url.reveal())
  proxy = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      through.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        through.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (bytes) => isHanging || far.write(bytes))
    far.on('data', (bytes) => isHanging || near.write(bytes))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy does not listen')
  const url = new URL(database.url.reveal())
  url.host = `127.0.0.1:${address.port}`
  proxyUrl = new Secret(url.href)
})
afterAll(async () => {
  for (const socket of through) socket.destroy()
  await new Promise((resolve) => proxy.close(resolve))
  await database.drop()
})

function heard(channel: Invalidations, wanted: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = channel.subscribe((subject) => {
    if (subject !== wanted) return
    stop()
    resolve()
  })
  return promise
}

const invalidate = (subject: string) =>
  asGate(database, async (tx) => void (await sql`SELECT gatehouse.invalidate(${subject})`.execute(query(tx))))

it('a channel that hangs without closing is taken for lost, everything is forgotten, and it comes back by itself', async () => {
  const channel = await listenForInvalidations(proxyUrl)
  try {
    const first = heard(channel, 'key:1')
    await invalidate('key:1')
    await first
    const forgotten = heard(channel, '*')
    isHanging = true
    await forgotten
    expect(channel.isConnected()).toBe(false)
    isHanging = false
    await heard(channel, '*')
    await expect.poll(() => channel.isConnected()).toBe(true)
    const again = heard(channel, 'key:2')
    await invalidate('key:2')
    await again
  } finally {
    isHanging = false
    await channel.stop()
  }
})

it('a connection is asked one thing at a time, though it beats while it is asked', async () => {
  // Safe: of the forms of `query`, the channel uses the one that returns a promise.
  const prototype = Client.prototype as unknown as { query: (...given: unknown[]) => Promise<unknown> }
  const ask = prototype.query
  let underWay = 0
  let most = 0
  const spy = vi.spyOn(prototype, 'query').mockImplementation(function (this: unknown, ...given) {
    underWay += 1
    most = Math.max(most, underWay)
    const answered = ask.apply(this, given)
    const done = (): void => void (underWay -= 1)
    answered.then(done, done)
    return answered
  })
  const channel = await listenForInvalidations(database.url)
  try {
    // The first beat comes meanwhile, and waits for less than the silence for which a connection is dropped.
    const answers = [channel.ask('SELECT 1 AS n, pg_sleep(0.35)'), channel.ask('SELECT 2 AS n')]
    expect((await Promise.all(answers)).map(([row]) => row?.['n'])).toEqual([1, 2])
    expect(most).toBe(1)
  } finally {
    await channel.stop()
    spy.mockRestore()
  }
})
