import { randomBytes } from 'node:crypto'
import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const names = [
  'MASTER_ADMIN_KEY_ORG_CREATE',
  'MASTER_ADMIN_KEY_ORG_SUSPEND',
  'MASTER_ADMIN_KEY_ORG_REACTIVATE',
  'MASTER_ADMIN_KEY_ORG_FORCE_ROTATE',
  'MASTER_ADMIN_KEY_ORG_FORCE_REVOKE',
  'MASTER_ADMIN_KEY_BILLING_SUSPEND',
  'MASTER_ADMIN_KEY_BILLING_ROTATE',
  'MASTER_ADMIN_KEY_ORG_USAGE_READ',
  'MASTER_ADMIN_KEY_AUDIT_VERIFY',
] as const
type Name = (typeof names)[number]

// Safe: one secret for each name.
const secrets = Object.fromEntries(
  names.map((name) => [name, randomBytes(24).toString('base64url')]),
) as Record<Name, string>

const routes: Readonly<Record<Name, readonly [method: string, path: string]>> = {
  MASTER_ADMIN_KEY_ORG_CREATE: ['POST', '/v1/admin/org/create'],
  MASTER_ADMIN_KEY_ORG_SUSPEND: ['POST', '/v1/admin/org/acme/suspend'],
  MASTER_ADMIN_KEY_ORG_REACTIVATE: ['POST', '/v1/admin/org/acme/reactivate'],
  MASTER_ADMIN_KEY_ORG_FORCE_ROTATE: ['POST', '/v1/admin/org/acme/force-rotate'],
  MASTER_ADMIN_KEY_ORG_FORCE_REVOKE: ['POST', '/v1/admin/org/acme/force-revoke'],
  MASTER_ADMIN_KEY_BILLING_SUSPEND: ['POST', '/v1/admin/billing/org/acme/suspend'],
  MASTER_ADMIN_KEY_BILLING_ROTATE: ['POST', '/v1/admin/billing/org/acme/rotate'],
  MASTER_ADMIN_KEY_ORG_USAGE_READ: ['GET', '/v1/admin/org/acme/usage'],
  MASTER_ADMIN_KEY_AUDIT_VERIFY: ['GET', '/v1/admin/audit/verify-chain?org_id=acme'],
}

let server: ComposedServer
let count = 0

beforeAll(async () => {
  server = await composeServer(secrets)
})
afterAll(() => server.stop())

const newKey = (): string => `once-${(count += 1)}`

const call = (
  secret: string,
  [method, path]: readonly [string, string],
  body?: object,
  once: string | undefined = newKey(),
): Promise<Answer> =>
  server.client.send(path, {
    method,
    headers: {
      'x-api-key': secret,
      ...(method === 'GET' || once === undefined ? {} : { 'idempotency-key': once }),
    },
    ...(body === undefined || method === 'GET' ? {} : { body }),
  })

type Reply = Readonly<Record<string, unknown>> & { readonly api_key: string; readonly prefix: string }

async function act(name: Name, id: string, body: object = { confirm_org_id: id }): Promise<Reply> {
  const [method, path] = routes[name]
  const { status, text } = await call(
    secrets[name],
    [method, path.replace('acme', id)],
    method === 'GET' ? undefined : body,
  )
  expect({ name, status, text: status < 300 ? '' : text }).toMatchObject({ text: '' })
  return JSON.parse(text) as Reply
}

const create = (id: string, more: object = {}) =>
  act('MASTER_ADMIN_KEY_ORG_CREATE', id, { org_id: id, name: id, tier: 'starter', ...more })

const opens = async (key: string): Promise<number> =>
  (await server.client.send('/v1/organization/dashboard', { headers: { 'x-api-key': key } })).status

const entriesOf = (orgId: string) =>
  within(server, { kind: 'system', orgId, because: 'test' }, (tx) => listEntries(tx, {}, { limit: 50 }))

describe('master-keys-open-only-their-own-route', () => {
  it('each of the nine opens its own and none of the others, in the words of a wrong key', async () => {
    const { text: wrong } = await call('ck_live_nobody', routes.MASTER_ADMIN_KEY_ORG_SUSPEND, {})
    for (const name of names)
      for (const other of names) {
        const { status, text, headers } = await call(secrets[name], routes[other], {})
        expect({ name, other, isOpen: status !== 401 }).toEqual({ name, other, isOpen: name === other })
        if (name === other) continue
        const masked = text.replace(/"request_id":"[^"]+","timestamp":"[^"]+"/, '')
        expect(masked).toBe(wrong.replace(/"request_id":"[^"]+","timestamp":"[^"]+"/, ''))
        expect(headers.get('x-ratelimit-limit')).toBeNull()
      }
  })

  it('nor does a key, or one secret where another should be, and the platform’s chain says so', async () => {
    const owner = await setUpOwner(server.client, server.ownerToken)
    const key = await createKey(server.client, owner, 'oversight')
    for (const name of names.filter((one) => one !== 'MASTER_ADMIN_KEY_AUDIT_VERIFY'))
      expect((await call(key, routes[name], {})).status).toBe(401)
    expect(
      (await call(secrets.MASTER_ADMIN_KEY_ORG_CREATE, ['GET', '/v1/organization/dashboard'])).status,
    ).toBe(401)
    await expect
      .poll(async () => (await entriesOf(instanceOrgId)).map(({ event_type: type }) => type))
      .toContain('AUTH_FAIL_MASTER_KEY')
    const own = await call(key, ['GET', '/v1/admin/audit/verify-chain'])
    expect(JSON.parse(own.text)).toMatchObject({ valid: true, broken_at: null })
    expect((await call(key, ['GET', '/v1/admin/audit/verify-chain?org_id=acme'])).status).toBe(422)
  })

  it('the 61st call a minute from an address is refused like a wrong secret, since nothing else counts these calls', async () => {
    server.passMinute()
    const headers = {
      'x-api-key': secrets.MASTER_ADMIN_KEY_ORG_USAGE_READ,
      'x-forwarded-for': '198.18.99.99',
    }
    const statuses = []
    for (let at = 0; at < 61; at += 1)
      statuses.push((await server.client.send('/v1/admin/org/nowhere/usage', { headers })).status)
    expect(statuses.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 404))
    expect(statuses[60]).toBe(401)
  })

  it('one that is not configured opens nothing', async () => {
    const bare = await composeServer()
    try {
      const { status } = await bare.client.send('/v1/admin/org/acme/suspend', {
        headers: { 'x-api-key': secrets.MASTER_ADMIN_KEY_ORG_SUSPEND, 'idempotency-key': 'x' },
        body: { confirm_org_id: 'acme' },
      })
      expect(status).toBe(401)
    } finally {
      await bare.stop()
    }
  })

  it('two that are the same, or too short, keep the server from starting', async () => {
    const same = secrets.MASTER_ADMIN_KEY_ORG_CREATE
    await expect(
      composeServer({ MASTER_ADMIN_KEY_ORG_CREATE: same, MASTER_ADMIN_KEY_ORG_SUSPEND: same }),
    ).rejects.toThrow('each opens its own route alone')
    await expect(composeServer({ MASTER_ADMIN_KEY_ORG_CREATE: 'short' })).rejects.toThrow(
      'MASTER_ADMIN_KEY_ORG_CREATE must be 32 to 512 visible ASCII characters',
    )
  })
})

describe('an org that the operator’s automation founds', () => {
  it('has a key that works, on the plan of its tier; the same again changes nothing and shows no key', async () => {
    const origins = ['https://app.example.com']
    const made = await create('founded', { tier: 'standard', domain: 'legal', allowed_origins: origins })
    expect(made).toMatchObject({
      org_id: 'founded',
      tier: 'standard',
      domain: 'legal',
      already_provisioned: false,
    })
    expect(made.api_key).toMatch(/^ck_live_/)
    expect(await opens(made.api_key)).toBe(200)
    const { headers } = await server.client.send('/v1/organization/dashboard', {
      headers: { 'x-api-key': made.api_key, origin: 'https://app.example.com' },
    })
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(await create('founded')).toMatchObject({
      api_key: null,
      prefix: made.prefix,
      already_provisioned: true,
      tier: 'standard',
    })
  })

  it('a replay never holds the key, and says that it is there already', async () => {
    const body = { org_id: 'replayed', name: 'Replayed', tier: 'starter' }
    const once = newKey()
    const route = routes.MASTER_ADMIN_KEY_ORG_CREATE
    const answers = []
    for (let at = 0; at < 2; at += 1)
      answers.push(
        JSON.parse((await call(secrets.MASTER_ADMIN_KEY_ORG_CREATE, route, body, once)).text) as Reply,
      )
    const [first, again] = answers
    expect(first?.api_key).toMatch(/^ck_live_/)
    expect(again).toEqual({ ...first, api_key: null, already_provisioned: true })
    const other = await call(secrets.MASTER_ADMIN_KEY_ORG_CREATE, route, { ...body, name: 'Other' }, once)
    expect(other.status).toBe(422)
  })

  it('of ten requests at once for one id one founds it', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('at-once')))
    expect(answers.filter(({ already_provisioned: known }) => known === false)).toHaveLength(1)
    expect(answers.filter(({ api_key: key }) => key !== null)).toHaveLength(1)
  })

  it.each([
    ['an id with a blank', { org_id: 'not so' }, 'org_id'],
    ['a name of which nothing is seen', { name: '\u{e0041}\ufe0f' }, 'name'],
    ['a tier that does not exist', { tier: 'gold' }, 'tier'],
    ['an origin with a path', { allowed_origins: ['https://a.example/x'] }, 'allowed_origins[0]'],
  ])('%s is refused by its field', async (_what, more, field) => {
    const body = { org_id: 'refused', name: 'x', tier: 'starter', ...more }
    const { status, text } = await call(
      secrets.MASTER_ADMIN_KEY_ORG_CREATE,
      routes.MASTER_ADMIN_KEY_ORG_CREATE,
      body,
    )
    expect(status).toBe(422)
    expect(JSON.parse(text)).toMatchObject({ error: { field } })
  })
})

describe('what is done to an org', () => {
  it('suspended it is refused, reactivated the same key works; both stand in both chains', async () => {
    const { api_key: key } = await create('held')
    expect(await act('MASTER_ADMIN_KEY_ORG_SUSPEND', 'held')).toMatchObject({ active: false })
    await expect.poll(() => opens(key)).toBe(401)
    expect(await act('MASTER_ADMIN_KEY_ORG_REACTIVATE', 'held')).toMatchObject({
      active: true,
      suspended_at: null,
    })
    await expect.poll(() => opens(key)).toBe(200)
    const platform = (await entriesOf(instanceOrgId)).map(({ event_type: type }) => type)
    expect(platform).toEqual(expect.arrayContaining(['ADMIN_ORG_SUSPEND', 'ADMIN_ORG_REACTIVATE']))
    const { text } = await server.client.send('/v1/admin/audit-log?limit=100', {
      headers: { 'x-api-key': key },
    })
    for (const event of ['ADMIN_ORG_SUSPEND', 'ADMIN_ORG_REACTIVATE']) expect(text).toContain(event)
  })

  it('force-rotate gives one new key in place of all, force-revoke leaves none', async () => {
    const { api_key: old } = await create('rotated')
    const { api_key: next, ...rest } = await act('MASTER_ADMIN_KEY_ORG_FORCE_ROTATE', 'rotated')
    expect(rest).toMatchObject({ revoked_keys: 1, active: true })
    expect([await opens(old), await opens(next)]).toEqual([401, 200])
    expect(await act('MASTER_ADMIN_KEY_ORG_FORCE_REVOKE', 'rotated')).toMatchObject({ revoked_keys: 1 })
    expect(await opens(next)).toBe(401)
  })

  it('who does not pay is suspended as often as one likes, and comes back with a new key', async () => {
    const { api_key: old } = await create('unpaid')
    for (let at = 0; at < 2; at += 1)
      expect(await act('MASTER_ADMIN_KEY_BILLING_SUSPEND', 'unpaid')).toMatchObject({ active: false })
    const { api_key: next, active } = await act('MASTER_ADMIN_KEY_BILLING_ROTATE', 'unpaid')
    expect(active).toBe(true)
    await expect.poll(() => opens(next)).toBe(200)
    expect(await opens(old)).toBe(401)
  })

  it('another confirm_org_id than that of the path changes nothing', async () => {
    const { api_key: key } = await create('meant')
    const { status, text } = await call(
      secrets.MASTER_ADMIN_KEY_ORG_SUSPEND,
      ['POST', '/v1/admin/org/meant/suspend'],
      { confirm_org_id: 'other' },
    )
    expect([status, await opens(key)]).toEqual([422, 200])
    expect(JSON.parse(text)).toMatchObject({ error: { field: 'confirm_org_id' } })
  })

  it.each([undefined, ''])('without an Idempotency-Key (%j) nothing is done', async (once) => {
    const { api_key: key } = await create(`keyless-${String(once)}`.replace(/[^\w-]/g, ''))
    const { status, text } = await server.client.send('/v1/admin/org/held/suspend', {
      headers: {
        'x-api-key': secrets.MASTER_ADMIN_KEY_ORG_SUSPEND,
        ...(once === undefined ? {} : { 'idempotency-key': once }),
      },
      body: { confirm_org_id: 'held' },
    })
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'VALIDATION_FAILED', field: 'Idempotency-Key' } })
    expect(await opens(key)).toBe(200)
  })

  it('an org that does not exist is 404, and the instance’s own is none', async () => {
    for (const id of ['nowhere', instanceOrgId]) {
      const route = ['POST', `/v1/admin/org/${id}/suspend`] as const
      const { status } = await call(secrets.MASTER_ADMIN_KEY_ORG_SUSPEND, route, { confirm_org_id: id })
      expect(status).toBe(404)
    }
  })
})

describe('usage', () => {
  it('counts the items of a batch, says what was crossed, and above the quota goes on', async () => {
    const { api_key: key } = await create('busy')
    const interaction = {
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 4_200,
      decision: 'modified',
      modification_extent: 0.3,
      scenario_type: 'standard',
    }
    const sendBatch = async (at: number, size: number): Promise<number> => {
      const body = {
        session_id: `batch-${at}`,
        operator_id: 'analyst-42',
        domain: 'general',
        interactions: Array.from({ length: size }, () => interaction),
      }
      return (await server.client.send('/v1/score/batch', { headers: { 'x-api-key': key }, body })).status
    }
    const usage = () => act('MASTER_ADMIN_KEY_ORG_USAGE_READ', 'busy')
    expect(await usage()).toMatchObject({
      tier: 'starter',
      active: true,
      interaction_count_current_period: 0,
      tier_limit: 1_000,
      utilization_ratio: 0,
      threshold_crossed: null,
    })
    for (let at = 0; at < 7; at += 1) await sendBatch(at, 100)
    await sendBatch(7, 99)
    expect(await usage()).toMatchObject({ interaction_count_current_period: 799, threshold_crossed: null })
    await sendBatch(8, 1)
    expect(await usage()).toMatchObject({ utilization_ratio: 0.8, threshold_crossed: 0.8 })
    for (let at = 9; at < 11; at += 1) await sendBatch(at, 100)
    expect(await usage()).toMatchObject({ utilization_ratio: 1, threshold_crossed: 1 })
    expect(await sendBatch(11, 1)).toBe(200)
    expect(await usage()).toMatchObject({ interaction_count_current_period: 1_001, utilization_ratio: 1.001 })
  })
})
