import { rm } from 'node:fs/promises'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, createClient } from './fixtures/client.ts'
import { waitingGate, withOversightKey } from './fixtures/decisions.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { makeServerFolder, type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

let folder: string
let database: TestDatabase
let server: SpawnedServer
let client: Client

beforeAll(async () => {
  folder = await makeServerFolder()
  database = await testDatabase()
  await start(false)
})
afterAll(async () => {
  await server.stop()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function start(isSetUp: boolean): Promise<void> {
  server = await spawnServer(
    { DATABASE_URL: database.url.reveal(), GATEHOUSE_TRUSTED_PROXY_HOPS: '1' },
    { path: folder, isSetUp },
  )
  client = createClient(server.origin)
}

/** As a machine that loses its power. */
async function kill(): Promise<void> {
  server.signal('SIGKILL')
  await server.ended
}

type Resumed = { readonly state: string; readonly first_resume?: boolean }

async function resume(token: string | null, waitSeconds: number): Promise<Resumed & { status: number }> {
  const { status, text } = await client.send('/v1/decision/resume', {
    body: { resume_token: token, wait_s: waitSeconds },
  })
  return { ...(JSON.parse(text) as Resumed), status }
}

it('waiting-survives-a-restart: who waited while the server was killed goes on with the same token, and is the first once', async () => {
  const key = await createKey(client, await setUpOwner(client, server.ownerToken), 'oversight')
  const held = await withOversightKey(client, key).score(waitingGate)
  expect(await resume(held.resume_token, 0)).toMatchObject({ status: 202, state: 'pending' })
  const cut = resume(held.resume_token, 25).then(
    () => 'answered',
    () => 'cut',
  )
  await kill()
  expect(await cut).toBe('cut')
  await start(true)
  // Both wait before anybody decides, and are woken by it.
  const waiting = [resume(held.resume_token, 25), resume(held.resume_token, 25)]
  await withOversightKey(client, key).review(held.ai_decision_log_id, { action: 'approve' })
  const answers = await Promise.all(waiting)
  expect(answers).toMatchObject([
    { status: 200, state: 'resolved', resolution: { final_route: 'auto' } },
    { status: 200, state: 'resolved' },
  ])
  expect(answers.filter((one) => one.first_resume === true)).toHaveLength(1)
  // Whoever replays a checkpoint after another crash does not act again.
  await kill()
  await start(true)
  expect(await resume(held.resume_token, 25)).toMatchObject({ status: 200, first_resume: false })
})

it('a server that stops lets go of those who wait, and does not wait for them itself', async () => {
  const key = await createKey(
    client,
    await client.ask('/auth/login', {
      body: { email: 'ann@example.com', password: 'canary battery staple 7' },
    }),
    'oversight',
  )
  const held = await withOversightKey(client, key).score(waitingGate)
  const waiting = resume(held.resume_token, 25)
  // The first byte of its request is there before the signal is.
  await resume(held.resume_token, 0)
  server.signal('SIGTERM')
  expect(await waiting).toMatchObject({ status: 202, state: 'pending' })
  expect(await server.ended).toBe(0)
  await start(true)
})
