import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let owner: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer()
  owner = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, owner, 'oversight')
  await server.client.ask('/v1/score', {
    headers: { 'x-api-key': key },
    body: {
      session_id: 'sess-001',
      operator_id: 'analyst-42',
      domain: 'financial',
      interaction: {
        ai_recommendation_presented: true,
        ai_available: true,
        time_to_decision_ms: 4_200,
        decision: 'modified',
        modification_extent: 0.3,
        scenario_type: 'standard',
      },
    },
  })
})
afterAll(() => server.stop())

type Made = { readonly url: string; readonly link: { readonly link_id: string } }

const hand = (): Promise<Made> =>
  server.client.ask<Made>('/v1/operator/analyst-42/access-link', {
    headers: { 'x-api-key': key },
    body: { days: 7 },
  })

const tokenOf = ({ url }: Made): string => new URL(url).hash.slice(1)

describe('a link to an own record', () => {
  it('opens what is held about the person, as a Bearer credential and in no other way', async () => {
    const made = await hand()
    const token = tokenOf(made)
    const record = await server.client.ask<object>('/v1/own-record', { credential: token })
    expect(record).toMatchObject({ operator_id: 'analyst-42', profiles: [{ displayed_jis: null }] })
    const calls = [
      server.client.send('/v1/own-record', { headers: { 'x-api-key': token } }),
      server.client.send(`/v1/own-record?token=${token}`),
      server.client.send('/v1/operator/analyst-42/profile', { credential: token }),
      server.client.send('/dashboard/oversight/own-record', { credential: token }),
      server.client.send('/v1/own-record', { headers: { 'x-api-key': key } }),
      server.client.send('/v1/own-record', { credential: owner.accessToken }),
    ]
    for (const { status } of await Promise.all(calls)) expect(status).toBe(401)
  })

  it('that is revoked is refused like one that never was', async () => {
    const made = await hand()
    const path = `/v1/operator/analyst-42/access-links/${made.link.link_id}`
    await server.client.ask(path, { method: 'DELETE', headers: { 'x-api-key': key } })
    const masked = async (credential: string): Promise<string> => {
      const { status, text, headers } = await server.client.send('/v1/own-record', { credential })
      expect(status).toBe(401)
      return text
        .replaceAll(headers.get('x-request-id') ?? '\0', 'REQUEST')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    }
    expect(await masked(tokenOf(made))).toBe(await masked(`own_${'A'.repeat(43)}`))
  })

  it('is made by an owner who has proven themselves anew, and shown once', async () => {
    const headers = { ...(await proveAnew(server.client, owner)), 'idempotency-key': 'once-and-only' }
    const call = { credential: owner.accessToken, headers, body: {} }
    const path = '/dashboard/oversight/operator/analyst-42/access-link'
    const first = await server.client.send(path, call)
    expect(first.status).toBe(201)
    const again = JSON.parse((await server.client.send(path, call)).text) as Made
    expect(again.url).toBeNull()
  })

  it('is answered sixty calls a minute, and no more', async () => {
    const token = tokenOf(await hand())
    server.passMinute()
    const answers = await Promise.all(
      Array.from({ length: 61 }, () => server.client.send('/v1/own-record', { credential: token })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(60)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
    server.passMinute()
  })
})
