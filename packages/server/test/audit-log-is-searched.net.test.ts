import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WireAuditLog } from '../src/platform/contract/audit.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { waitingGate, withOversightKey } from './fixtures/decisions.ts'
import { createKey, foundSecondOrg, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let viewer: SignedIn
let elsewhere: SignedIn

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  viewer = await join(server.client, ann, 'viewer')
  elsewhere = await foundSecondOrg(server.client, ann)
  const headers = await proveAnew(server.client, ann)
  for (const who of [ann, elsewhere])
    for (const name of ['First', 'Second', 'Third'])
      await server.client.ask('/dashboard/team', {
        method: 'PUT',
        credential: who.accessToken,
        headers,
        body: { name },
      })
})
// One person asks more often than a minute allows.
beforeEach(() => server.passMinute())
afterAll(() => server.stop())

type Filter = Readonly<Record<string, string>>
type Page = { readonly auditLogs: readonly WireAuditLog[]; readonly nextCursor: string | null }

const send = (filter: Filter, who = ann) =>
  server.client.send(`/dashboard/audit-logs?${new URLSearchParams(filter)}`, { credential: who.accessToken })
const ask = async (filter: Filter, who = ann): Promise<Page> => {
  const { status, text } = await send(filter, who)
  expect(status).toBe(200)
  return JSON.parse(text) as Page
}
const find = async (filter: Filter, who = ann) => (await ask({ limit: '100', ...filter }, who)).auditLogs
const actionsOf = async (filter: Filter) => [
  ...new Set((await find(filter)).map(({ eventType }) => eventType)),
]

describe('by action', () => {
  it('a prefix that ends in a dot finds its family, and a whole action only itself', async () => {
    expect(await actionsOf({ action: 'org.' })).toEqual(['org.update', 'org.create'])
    expect(await actionsOf({ action: 'org.update' })).toEqual(['org.update'])
    for (const action of ['org', 'org.updat', 'rg.', '.', 'ORG.'])
      expect(await actionsOf({ action })).toEqual([])
  })

  it('what databases match by is taken as it is', async () => {
    for (const action of ['%.', 'org%', 'o_g.', '*', "'.", '\\.'])
      expect(await actionsOf({ action })).toEqual([])
  })
})

it('an-entry-of-a-published-format-is-told-as-done: its body is there, and nobody reads that retention took it', async () => {
  const key = await createKey(server.client, ann, 'oversight')
  await withOversightKey(server.client, key).score(waitingGate)
  const [scored] = await find({ action: 'DECISION_SCORED' })
  expect(scored).toMatchObject({ outcome: 'done', actorKind: 'key', ipAddress: expect.any(String) })
})

it('by actor: what a person did, and nothing of what was done to them', async () => {
  const { id: userId } = viewer.user
  const found = await find({ userId })
  expect(found.length).toBeGreaterThan(0)
  expect(found.every((entry) => entry.actorId === userId && entry.userId === userId)).toBe(true)
  for (const stranger of [userId.slice(0, -1), `${userId}0`, elsewhere.user.teamId])
    expect(await find({ userId: stranger })).toEqual([])
})

it('by resource: its type, its id, or both', async () => {
  const orgs = await find({ resourceType: 'org' })
  expect(orgs.map(({ eventType }) => eventType)).toEqual([...Array(3).fill('org.update'), 'org.create'])
  expect(await find({ resourceType: 'org', resourceId: ann.user.teamId })).toEqual(orgs)
  expect(await find({ resourceType: 'key', resourceId: ann.user.teamId })).toEqual([])
  expect(await find({ resourceId: elsewhere.user.teamId })).toEqual([])
})

it('by time: from its first millisecond on, and up to its last, which is not in it', async () => {
  const [entry] = await find({ action: 'org.create' })
  const atMs = Date.parse(entry?.createdAt ?? '')
  const at = (ms: number) => new Date(ms).toISOString()
  const isFound = async (span: Filter) =>
    (await find({ action: 'org.create', ...span })).map(({ seq }) => seq).includes(entry?.seq ?? 0)
  expect(await isFound({ from: at(atMs) })).toBe(true)
  expect(await isFound({ from: at(atMs + 1) })).toBe(false)
  expect(await isFound({ to: at(atMs) })).toBe(false)
  expect(await isFound({ to: at(atMs + 1) })).toBe(true)
  expect(await isFound({ from: at(atMs), to: at(atMs + 1) })).toBe(true)
  expect(await isFound({ from: at(atMs + 1), to: at(atMs) })).toBe(false)
  expect(await isFound({ from: at(atMs).replace('Z', '+00:00') })).toBe(true)
  expect(await isFound({ from: '0002-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' })).toBe(true)
})

it('filters hold together, and through every page', async () => {
  const filter = { action: 'org.', userId: ann.user.id, resourceType: 'org' }
  const whole = await find(filter)
  const seqs: number[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await ask({ ...filter, limit: '1', ...(cursor === '' ? {} : { cursor }) })
    seqs.push(...page.auditLogs.map(({ seq }) => seq))
    cursor = page.nextCursor
  }
  expect(seqs).toEqual(whole.map(({ seq }) => seq))
  expect(seqs).toHaveLength(4)
})

it.each<[what: string, field: string, value: string]>([
  ['an empty action', 'action', ''],
  ['an action of 101 characters', 'action', 'a'.repeat(101)],
  ['an action that no database holds', 'action', 'org.update\0'],
  ['a resource type of 101 characters', 'resourceType', 'a'.repeat(101)],
  ['a resource id of 201 characters', 'resourceId', 'a'.repeat(201)],
  ['a resource id that no database holds', 'resourceId', '\0'],
  ['an actor of 201 characters', 'userId', 'a'.repeat(201)],
  ['a day in the place of a time', 'from', '2026-01-31'],
  ['a time that no clock shows', 'from', '2026-02-30T25:00:00Z'],
  ['a word in the place of a time', 'to', 'tomorrow'],
  ['no entries at all', 'limit', '0'],
  ['more entries than a page holds', 'limit', '101'],
  ['a number in another spelling', 'limit', '1e1'],
  ['a cursor of nobody’s making', 'cursor', 'AAAA'],
])('%s is refused, and its field named', async (_what, field, value) => {
  const { status, text } = await send({ [field]: value })
  expect(status).toBe(400)
  expect(text).toContain(field)
})

it.each<[what: string, filter: Filter]>([
  ['an action of 100 characters', { action: 'a'.repeat(100) }],
  ['a resource type of 100 characters', { resourceType: 'a'.repeat(100) }],
  ['a resource id of 200 characters', { resourceId: 'a'.repeat(200) }],
  ['an actor of 200 characters', { userId: 'a'.repeat(200) }],
  ['a line separator', { userId: '\u2028' }],
])('%s is a filter like others, and finds nothing', async (_what, filter) => {
  expect(await find(filter)).toEqual([])
})

describe('only one’s own organisation', () => {
  it('is searched, though one person works in two', async () => {
    for (const who of [ann, elsewhere]) {
      const found = await find({}, who)
      expect(found.every(({ id }) => id.startsWith(`${who.user.teamId}:`))).toBe(true)
      expect(found.filter(({ eventType }) => eventType === 'org.update')).toHaveLength(3)
    }
    const { nextCursor } = await ask({ limit: '1' })
    expect((await send({ limit: '1', cursor: nextCursor ?? '' }, elsewhere)).status).toBe(400)
  })

  it('is exported, and to owners alone', async () => {
    const credential = elsewhere.accessToken
    const { text } = await server.client.send('/dashboard/audit-logs/export', { credential })
    for (const line of text.trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ org_id: elsewhere.user.teamId })
    expect(text).not.toContain(ann.user.teamId)
    const refused = await server.client.send('/dashboard/audit-logs/export', {
      credential: viewer.accessToken,
    })
    expect(refused.status).toBe(403)
  })
})
