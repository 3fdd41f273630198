import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, join, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let owner: SignedIn
let key: string
let monitorId: string

type Entry = Readonly<Record<string, unknown>> & { readonly action: string; readonly eventType: string }

beforeAll(async () => {
  server = await composeServer()
  owner = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, owner)
  await join(server.client, owner, 'viewer')
  const { monitor } = await server.client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
    credential: key,
    body: { type: 'heartbeat', name: 'nightly', config: {} },
  })
  monitorId = monitor.id
})
afterAll(() => server.stop())

async function find(filter: Readonly<Record<string, string>>, credential = key): Promise<readonly Entry[]> {
  const door = credential === key ? '/api/v1/audit-logs' : '/dashboard/audit-logs'
  const query = new URLSearchParams({ limit: '100', ...filter })
  const { auditLogs } = await server.client.ask<{ auditLogs: readonly Entry[] }>(`${door}?${query}`, {
    credential,
  })
  return auditLogs
}

const storedBy = async (filter: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const kinds = (await find(filter)).map(({ eventType }) => eventType.replace(/\..*/, ''))
  return [...new Set(kinds)].toSorted()
}

describe('audit entries are told as the public clients read them', () => {
  it('what a key did bears the name of the key', async () => {
    expect(await find({ action: 'monitor.create' })).toMatchObject([
      {
        teamId: owner.user.teamId,
        userId: null,
        userName: 'test',
        action: 'monitor.create',
        resourceType: 'monitor',
        resourceId: monitorId,
        metadata: { name: 'nightly', type: 'heartbeat' },
        ipAddress: expect.any(String),
        createdAt: expect.stringMatching(/Z$/),
      },
    ])
  })

  it('what a person did bears their name, and the published name of the deed', async () => {
    expect(await find({ action: 'api_key.create' })).toMatchObject([
      {
        userId: owner.user.id,
        userName: 'Ann',
        action: 'api_key.create',
        resourceType: 'api_key',
        eventType: 'key.create',
      },
    ])
    expect(await find({ action: 'team.create' })).toMatchObject([
      { userName: 'Ann', action: 'team.create', resourceType: 'team', eventType: 'org.create' },
    ])
    const logins = await find({ action: 'user.login' })
    expect(logins.map(({ userName, eventType }) => `${userName} ${eventType}`)).toContain('Ann session.open')
  })

  it.each([
    ['api_key.create', 'key.create'],
    ['api_key.', 'key.'],
    ['user.login', 'session.open'],
    ['team.create', 'org.create'],
  ])('%s finds what %s finds, at both doors', async (theirs, ours) => {
    const found = await find({ action: ours })
    expect(found).not.toEqual([])
    expect(await find({ action: theirs })).toEqual(found)
    expect(await find({ action: theirs }, owner.accessToken)).toEqual(found)
  })

  it('members and invitations are of the team', async () => {
    expect(await storedBy({ action: 'team.member.' })).toEqual(['invitation', 'member'])
    expect(await storedBy({ action: 'team.' })).toEqual(['invitation', 'member', 'org'])
    expect(await storedBy({ action: 'member.' })).toEqual(['member'])
  })

  it('kinds of resources are found in both spellings', async () => {
    for (const [theirs, ours] of [
      ['team', 'org'],
      ['api_key', 'key'],
    ] as const) {
      const found = await find({ resourceType: theirs })
      expect(found).not.toEqual([])
      expect(await find({ resourceType: ours })).toEqual(found)
    }
    expect(await find({ resourceType: 'api_key', action: 'team.' })).toEqual([])
  })

  it('what nobody decided is of the system', async () => {
    const names = (await find({})).map(
      ({ actorKind, userName }) => `${String(actorKind)} ${String(userName)}`,
    )
    for (const name of names) expect(name).toMatch(/^(member (Ann|Bob)|key test|system System)$/)
  })

  it('and another org finds nothing of it', async () => {
    const other = await createKey(server.client, await foundSecondOrg(server.client, owner))
    const { auditLogs } = await server.client.ask<{ auditLogs: readonly Entry[] }>(
      '/api/v1/audit-logs?action=monitor.create',
      { credential: other },
    )
    expect(auditLogs).toEqual([])
  })
})
