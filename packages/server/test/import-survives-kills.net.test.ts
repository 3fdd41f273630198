import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { manyLines } from '../src/services/oversight/testing/import-lines.ts'
import { lookAsOwner } from '../src/services/oversight/testing/test-oversight.ts'
import { type Client, createClient } from './fixtures/client.ts'
import { killableServer, type KillableServer } from './fixtures/killable-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const kills = 20
const lines = manyLines(12_000, Date.now())

let database: TestDatabase
let server: KillableServer

beforeAll(async () => {
  database = await testDatabase()
  server = await killableServer(database)
})
afterAll(async () => {
  await server.stop()
  await database.drop()
})

type Import = {
  readonly import: {
    readonly import_id: string
    readonly lines_committed: number
    readonly counted: number
    readonly duplicates: number
    readonly rejected: number
  }
}

/** Sends the rest of the lines in pieces, as a file is read; false when the server went away meanwhile. */
async function send(origin: string, key: string, id: string, fromLine: number): Promise<boolean> {
  const rest = lines.slice(fromLine - 1)
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent >= rest.length) return controller.close()
      controller.enqueue(Buffer.from(`${rest.slice(sent, sent + 250).join('\n')}\n`))
      sent += 250
    },
  })
  try {
    const answer = await fetch(`${origin}/v1/imports/${id}/lines?from_line=${fromLine}`, {
      method: 'PUT',
      headers: { 'x-api-key': key, 'content-type': 'application/x-ndjson' },
      body,
      duplex: 'half',
    })
    if (!answer.ok)
      throw new Error(`The lines from ${fromLine} on were answered ${answer.status}: ${await answer.text()}`)
    return true
  } catch (error) {
    // What `fetch` throws when the connection breaks.
    if (error instanceof TypeError) return false
    throw error
  }
}

it('import-resumes-after-kill-without-loss-or-double: killed −9 twenty times while lines stream in', async () => {
  let running = await server.start()
  const client = (): Client => createClient(running.origin)
  const ann = await setUpOwner(client(), running.ownerToken)
  const key = await createKey(client(), ann, 'oversight')
  const headers = { 'x-api-key': key }
  const begun = await client().ask<Import>('/v1/imports', { headers, body: { name: 'killed' } })
  const id = begun.import.import_id
  const read = async () => (await client().ask<Import>(`/v1/imports/${id}`, { headers })).import
  let acknowledged = 0
  for (let round = 0; round < kills; round += 1) {
    const sending = send(running.origin, key, id, acknowledged + 1)
    await wait(randomInt(50, 900))
    acknowledged = Math.max(acknowledged, (await read()).lines_committed)
    await running.kill()
    await sending
    running = await server.start()
    const { lines_committed: committed } = await read()
    expect(committed, 'nothing that was acknowledged is lost').toBeGreaterThanOrEqual(acknowledged)
    acknowledged = committed
  }
  if (acknowledged < lines.length) expect(await send(running.origin, key, id, acknowledged + 1)).toBe(true)
  await client().ask(`/v1/imports/${id}/finish`, { headers, method: 'POST' })
  expect(await read()).toMatchObject({
    lines_committed: lines.length,
    counted: lines.length,
    duplicates: 0,
    rejected: 0,
  })
  const verdict = await client().ask<{ valid: boolean }>('/v1/audit/chain/verify', { headers })
  expect(verdict.valid).toBe(true)
  await running.kill()
  await lookAsOwner(database)
  const { rows } = await database.db.pool.query<{
    counted: string
    events: string
    gaps: string
    days: string
  }>(`
    SELECT (SELECT count(*) FROM oversight.interaction) AS counted,
           (SELECT count(*) FROM oversight.ledger_event) AS events,
           (SELECT count(*) FROM (SELECT operator_id, domain FROM oversight.ledger_event GROUP BY 1, 2
                                  HAVING max(ledger_seq) <> count(*)) AS gap) AS gaps,
           (SELECT sum(counters[1]) FROM oversight.operator_day) AS days`)
  const all = String(lines.length)
  expect(rows).toEqual([{ counted: all, events: all, gaps: '0', days: all }])
}, 900_000)
