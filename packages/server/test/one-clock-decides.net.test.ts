import { query, within } from '@gatehouse/kernel/db'
import { systemClock } from '@gatehouse/kernel/clock'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

const hourMs = 3_600_000
let aheadMs = hourMs
let checks = Promise.withResolvers<void>()
let target: Listener
let server: ComposedServer
let owner: SignedIn
let key: string

beforeAll(async () => {
  target = await listenHttp((_request, response) => {
    response.end('ok')
    checks.resolve()
  })
  // The machine's own clock is an hour ahead of its database's.
  const clock = { ...systemClock, now: () => Date.now() + aheadMs }
  server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port}` }, { clock })
  owner = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, owner)
})
afterAll(async () => {
  await server.stop()
  await target.stop()
})

type Monitor = { readonly id: string; readonly createdAt: string }

async function create(type: string, config: object): Promise<Monitor> {
  const body = { type, config, intervalSeconds: 60 }
  const { monitor } = await server.client.ask<{ monitor: Monitor }>('/api/v1/monitors', {
    credential: key,
    body,
  })
  return monitor
}

/** Seconds from the database's now to an instant that a table holds. */
async function secondsTo(column: string, table: string, { id }: Monitor): Promise<number> {
  const system = { kind: 'system', orgId: owner.user.teamId, because: 'test' } as const
  const { rows } = await within(server, system, (tx) =>
    sql<{ s: number }>`SELECT extract(epoch FROM ${sql.ref(column)} - now())::float8 AS s
                         FROM ${sql.table(table)} WHERE monitor_id = ${id}`.execute(query(tx)),
  )
  return rows[0]?.s ?? Number.NaN
}

const readAt = async (path: string, pick: string): Promise<number> => {
  const reply = await server.client.ask<Record<string, Record<string, string>>>(path, { credential: key })
  return Date.parse(reply['monitor']?.[pick] ?? '')
}

it("one clock decides, the database's: a step of the machine's own changes nothing", async () => {
  const web = await create('http', { url: `http://127.0.0.1:${target.port}/` })
  await checks.promise
  const job = await create('heartbeat', { graceSeconds: 300 })
  const { url } = await server.client.ask<{ url: string }>(`/api/v1/monitors/${job.id}/heartbeat-url`, {
    credential: key,
  })
  await server.client.send(new URL(url).pathname)
  expect(await secondsTo('next_due_at', 'uptime.schedule', web)).toBeLessThanOrEqual(60)
  expect(await secondsTo('deadline_at', 'uptime.heartbeat', job)).toBeLessThanOrEqual(300)
  expect(await secondsTo('judged_through', 'uptime.monitor_state', web)).toBeLessThanOrEqual(0)
  expect(Math.abs(Date.parse(web.createdAt) - Date.now())).toBeLessThan(hourMs / 2)

  checks = Promise.withResolvers<void>()
  aheadMs = -hourMs
  const later = await create('http', { url: `http://127.0.0.1:${target.port}/later` })
  await checks.promise
  expect(await secondsTo('next_due_at', 'uptime.schedule', later)).toBeGreaterThan(-hourMs / 2000)
  await server.client.send(new URL(url).pathname)
  expect(await secondsTo('deadline_at', 'uptime.heartbeat', job)).toBeGreaterThan(0)
  expect(Math.abs((await readAt(`/api/v1/monitors/${later.id}`, 'createdAt')) - Date.now())).toBeLessThan(
    hourMs / 2,
  )
})
