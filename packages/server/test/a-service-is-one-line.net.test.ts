import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { applyRetention } from '@gatehouse/kernel/retention'
import { createSealer } from '@gatehouse/kernel/secrets'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKeyMaterial } from '../src/embedded/first-run.ts'
import { buildOpenApi } from '../src/openapi.ts'
import { countSealedByOthers, reseal } from '../src/operations/reseal.ts'
import { toSchema } from '../src/schema.ts'
import type { ServiceModule } from '../src/service/define-service.ts'
import { toSecret } from '../src/service/testing/canary.ts'
import { readWalks } from '../src/service/testing/walks.ts'
import { services } from '../src/services.ts'
import { toCanaryRows } from './fixtures/canary-rows.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { listenWebhooks, type Listener, type Received } from './fixtures/sinks.ts'
import { toy } from './fixtures/toy-service/index.ts'
import { notesKeptDays } from './fixtures/toy-service/policy.ts'
import { unpackArchive } from './fixtures/unpack-archive.ts'
import { knockEverywhere } from './fixtures/walk-strangers.ts'
import { askForEverything, type Furnished, furnishService } from './fixtures/walk-tenants.ts'

const all = [...services, toy]
const schema = toSchema(all)
const canary = 'a note of acme'

describe('a-service-is-one-line: a service with two endpoints, a table, an event and a plan, added to the list and nowhere else,', () => {
  let sink: Listener
  const received: Received[] = []
  let server: ComposedServer
  let module: ServiceModule
  let ann: SignedIn
  let bob: SignedIn
  let acme: Furnished & { readonly ownKey: string }

  beforeAll(async () => {
    sink = await listenWebhooks(received)
    server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: '127.0.0.0/8' }, { services: all })
    const found = server.services.find(({ name }) => name === toy.name)
    if (found === undefined) throw new Error('The service was not built')
    module = found
    ann = await setUpOwner(server.client, server.ownerToken)
    bob = await foundSecondOrg(server.client, ann)
    acme = await furnishService(server.client, toy, canary, ann, bob)
  })
  afterAll(async () => {
    await server.stop()
    await sink.stop()
  })

  const send = (path: string, key: string, body?: object) =>
    server.client.send(path, { headers: { 'x-api-key': key }, ...(body === undefined ? {} : { body }) })
  const asAnn = async (path: string, body?: object, method?: string) =>
    server.client.send(path, {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      ...(body === undefined ? {} : { body }),
      ...(method === undefined ? {} : { method }),
    })
  const sealedNote = async () => {
    const { rows } = await server.db.pool.query<{ id: string; org_id: string; sealed_body: string }>(
      'SELECT id, org_id, sealed_body FROM toy.note WHERE id = $1',
      [acme.ids['notes']],
    )
    const [row] = rows
    if (row === undefined) throw new Error('The note is gone')
    return row
  }

  it('is named nowhere else', () => {
    const sources = ['kernel', 'server', 'sdk', 'cli', 'dashboard'].flatMap((name) => {
      const folder = joinPath(import.meta.dirname, '../..', name, 'src')
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:tsx?|mjs|sql)$/.test(entry.name))
        .map((entry) => joinPath(entry.parentPath, entry.name))
    })
    expect(sources.length).toBeGreaterThan(500)
    expect(sources.filter((path) => /\btoy\b|\bnotes:read\b/i.test(readFileSync(path, 'utf8')))).toEqual([])
  })

  it('is in the API document with the refusals that its clients know, and so is its door to the audit log', async () => {
    const { text } = await server.client.send('/openapi.json')
    for (const document of [JSON.parse(text) as object, buildOpenApi(all)])
      expect(document).toMatchObject({
        tags: expect.arrayContaining([{ name: 'toy', description: 'Notes' }]),
        paths: {
          '/toy/v1/notes': {
            post: {
              operationId: 'createNote',
              responses: {
                402: expect.anything(),
                422: { $ref: expect.stringContaining('NOT_A_NOTE') },
              },
            },
          },
          '/toy/v1/notes/{id}': { get: { operationId: 'getNote' } },
          '/toy/v1/trail': { get: { operationId: 'listTrailOfToy' } },
        },
      })
  })

  it('refuses strangers at each of its endpoints with the same bytes, held to its floor', async () => {
    const refused = await knockEverywhere(server.client, module, {
      accessToken: ann.accessToken,
      key: await createKey(server.client, ann),
    })
    expect(refused.length).toBe(3 * 5)
    for (const { tookMs, ...answer } of refused)
      expect({ ...answer, isHeld: tookMs >= 80 }).toEqual({
        ...answer,
        status: 401,
        text: '{"oops":"WHO_ARE_YOU","request":"REQUEST","at":"TIME"}',
        isHeld: true,
      })
  })

  it("answers another organisation's id like one that never existed", async () => {
    const asked = await askForEverything(server.client, module, acme, bob.accessToken, server.passMinute)
    expect(asked.map(({ path }) => path)).toEqual(['/toy/v1/notes/{id}'])
    for (const { theirs, unknown } of asked) expect(theirs).toEqual({ status: 404, text: unknown.text })
    const { status, text } = await send(`/toy/v1/notes/${acme.ids['notes']}`, acme.ownKey)
    expect({ status, text }).toMatchObject({ status: 200, text: expect.stringContaining(canary) })
  })

  it('every-service-keeps-its-envelope: it speaks its own where it has no endpoint, and the others keep theirs', async () => {
    const { status, text } = await send('/toy/v1/nothing', acme.ownKey)
    expect({ status, body: JSON.parse(text) }).toMatchObject({ status: 404, body: { oops: 'NOT_FOUND' } })
    expect((await server.client.send('/api/v1/nothing')).text).toContain('"error":{"code":"NOT_FOUND"')
    const wrong = await send('/toy/v1/notes', acme.ownKey, { title: '' })
    expect({ status: wrong.status, body: JSON.parse(wrong.text) }).toMatchObject({
      status: 422,
      body: { oops: 'NOT_A_NOTE' },
    })
  })

  it('keys-have-default-scopes: it is offered to those who make keys, and test keys act apart', async () => {
    const listed = await asAnn('/dashboard/api-keys/services')
    expect(JSON.parse(listed.text)).toMatchObject({
      services: [
        ...services.map(({ name }) => ({ name })),
        {
          name: 'toy',
          title: 'Toy',
          scopes: ['notes:read', 'notes:write', 'trail:read'],
          defaultScopes: ['notes:read'],
          modes: ['live', 'test'],
        },
      ],
    })
    const made = await asAnn('/dashboard/api-keys', { name: 'plain', service: 'toy' })
    const { apiKey } = JSON.parse(made.text) as { apiKey: { key: string; scopes: string[] } }
    expect(apiKey.scopes).toEqual(['notes:read'])
    expect((await send('/toy/v1/notes', apiKey.key, { title: 'x', body: 'x' })).status).toBe(403)
    const test = await asAnn('/dashboard/api-keys', { name: 'test', service: 'toy', mode: 'test' })
    const { apiKey: apart } = JSON.parse(test.text) as { apiKey: { key: string } }
    expect(apart.key).toMatch(/^toy_test_/)
    expect((await send(`/toy/v1/notes/${acme.ids['notes']}`, apart.key)).status).toBe(404)
  })

  it('every-service-opens-the-audit-log to its keys at its own path, under its own scope', async () => {
    expect((await send('/toy/v1/trail', acme.ownKey)).text).toContain('"note.create"')
    const plain = await asAnn('/dashboard/api-keys', { name: 'plain too', service: 'toy' })
    const { apiKey } = JSON.parse(plain.text) as { apiKey: { key: string } }
    expect((await send('/toy/v1/trail', apiKey.key)).status).toBe(403)
  })

  it('every-service-is-heard-by-webhooks: it tells of its event, and of no event that no service has', async () => {
    expect(JSON.parse((await asAnn('/dashboard/webhooks/events')).text)).toMatchObject({
      events: expect.arrayContaining(['key.created', 'toy.noted']),
    })
    const url = `http://127.0.0.1:${sink.port}/`
    expect((await asAnn('/dashboard/webhooks', { url, events: ['toy.forgotten'] })).status).toBe(400)
    expect((await asAnn('/dashboard/webhooks', { url, events: ['toy.noted'] })).status).toBe(201)
    const made = await send('/toy/v1/notes', acme.ownKey, { title: 'told', body: 'told' })
    const { note } = JSON.parse(made.text) as { note: { id: string } }
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(1)
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      type: 'toy.noted',
      org_id: ann.user.teamId,
      data: { note_id: note.id },
    })
  })

  it('keeps to its plan', async () => {
    await server.db.pool.query(`UPDATE gatehouse.org SET plan = 'free' WHERE org_id = $1`, [bob.user.teamId])
    const note = { title: 'x', body: 'x' }
    expect((await send('/toy/v1/notes', acme.strangerKey, note)).status).toBe(201)
    const { status, text } = await send('/toy/v1/notes', acme.strangerKey, note)
    expect({ status, text }).toMatchObject({
      status: 402,
      text: expect.stringContaining('NOTE_LIMIT_REACHED'),
    })
  })

  it('every-service-leaves-with-an-export: of its own organisation, without its secrets and without those of others', async () => {
    const response = await fetch(`${server.origin}/dashboard/team/export`, {
      headers: { authorization: `Bearer ${ann.accessToken}`, ...(await proveAnew(server.client, ann)) },
    })
    const files = await unpackArchive(Buffer.from(await response.arrayBuffer()))
    const lines = files.get('tables/toy.note.ndjson')?.toString('utf8').trimEnd().split('\n') ?? []
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines)
      expect(Object.keys(JSON.parse(line) as object)).toEqual(['id', 'title', 'created_at'])
    expect(lines.join()).toContain(canary)
  })

  it('every-service-is-sealed-anew under another master key', async () => {
    const { master, signing } = await loadKeyMaterial(
      joinPath(server.env['GATEHOUSE_DATA'] ?? '', 'secrets'),
      {},
    )
    const next = { current: 2, versions: new Map([...master.versions, [2, randomBytes(32)] as const]) }
    const before = await countSealedByOthers(server.db, next, schema.sealed)
    expect(before).toBeGreaterThan(0)
    const sealing = { db: server.db, audit: createAuditLog(signing), clock: systemClock }
    expect(await reseal(sealing, next, schema.sealed)).toBe(before)
    const { id, org_id: orgId, sealed_body } = await sealedNote()
    expect(sealed_body).toMatch(/^s1\.2\./)
    const place = { orgId, table: 'toy.note', column: 'sealed_body', row: id }
    expect(createSealer(next).open(place, sealed_body).reveal()).toBe(canary)
  })

  it('retention-runs-beside-a-server: it has canary rows, and is cut when its time has come', async () => {
    const word = 'canary'
    const rows = await toCanaryRows({ orgId: ann.user.teamId, userId: ann.user.id, word }, all)
    const own = rows.filter(([table]) => table.startsWith('toy.'))
    expect(own).toEqual([['toy.note', expect.objectContaining({ sealed_body: toSecret({ word }) })]])
    const now = systemClock.now() + (notesKeptDays + 1) * 86_400_000
    const clock = { ...systemClock, now: () => now }
    const due = schema.retention.filter((row) => 'what' in row && row.what === 'notes')
    expect(due).toHaveLength(1)
    const { keptMs, insert } = (await readWalks(toy)).agedRows['notes'] ?? { keptMs: Number.NaN, insert: '' }
    for (const atMs of [now - keptMs, now - keptMs + 1]) await server.db.pool.query(insert, [new Date(atMs)])
    const { signing } = await loadKeyMaterial(joinPath(server.env['GATEHOUSE_DATA'] ?? '', 'secrets'), {})
    const cutting = { db: server.db, audit: createAuditLog(signing), clock }
    const cut = () => applyRetention(cutting, due, new AbortController().signal)
    // The server's own run may be at it.
    await expect.poll(cut, { timeout: 60_000 }).toBe(true)
    const { rows: kept } = await server.db.pool.query('SELECT created_at FROM toy.note')
    expect(kept).toEqual([{ created_at: new Date(now - keptMs + 1) }])
    expect((await send(`/toy/v1/notes/${acme.ids['notes']}`, acme.ownKey)).status).toBe(404)
  })
})
