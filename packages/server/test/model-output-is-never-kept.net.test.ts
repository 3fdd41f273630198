import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, createClient } from './fixtures/client.ts'
import { waitingGate, withOversightKey } from './fixtures/decisions.ts'
import { dumpDatabase, formsOf } from './fixtures/dump-database.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

let database: TestDatabase
let server: SpawnedServer
let client: Client

beforeAll(async () => {
  database = await testDatabase()
  server = await spawnServer({
    DATABASE_URL: database.url.reveal(),
    GATEHOUSE_LOG_LEVEL: 'debug',
    GATEHOUSE_TRUSTED_PROXY_HOPS: '1',
  })
  client = createClient(server.origin)
})
afterAll(async () => {
  await server.stop()
  await database.drop()
})

const output = 'canary-of-a-model-output'
const prompt = 'canary-of-a-prompt'
const unnamed = 'canary-of-a-member-without-a-name'
/** What has a name, and must be found: the search works. */
const named = 'plain-name-of-a-model'

it('model-output-and-unnamed-members-are-never-stored-or-logged', async () => {
  const key = await createKey(client, await setUpOwner(client, server.ownerToken), 'oversight')
  const { score, get } = withOversightKey(client, key)
  const gate = {
    ...waitingGate,
    model: { provider: 'openai', name: named, [unnamed]: unnamed, temperature: 0.7 },
    ai_output: { choices: [{ message: { content: output } }], [output]: { deep: [output] } },
    messages: [{ role: 'user', content: prompt }],
    [unnamed]: { [unnamed]: unnamed },
  }
  const held = await score(gate)
  // Under an Idempotency-Key the request is told from others; and what is refused is not kept either.
  await score(gate, { 'idempotency-key': 'gate-of-a-canary' })
  for (const body of [
    { ...gate, stakes: 2 },
    { ...gate, model: { [unnamed]: prompt } },
    JSON.stringify(gate).slice(0, -1),
  ])
    expect(
      (await client.send('/v1/decision/score', { headers: { 'x-api-key': key }, body })).status,
    ).toBeGreaterThanOrEqual(400)
  const told = [
    JSON.stringify(held),
    JSON.stringify(await get(`/v1/decision/${held.ai_decision_log_id}`)),
    JSON.stringify(await get(`/v1/decision/replay/${held.ai_decision_log_id}`)),
    JSON.stringify(await get(`/v1/decisions/${held.ai_decision_log_id}/receipt`)),
  ]
  const rows = await dumpDatabase(database.url)
  const log = server.output()
  expect(rows).toContain(named)
  expect(log).toContain('/v1/decision/score')
  for (const canary of [output, prompt, unnamed])
    for (const form of formsOf(canary)) {
      expect(rows).not.toContain(form)
      expect(log).not.toContain(form)
      expect(told.join()).not.toContain(form)
    }
})
