import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

const floorMs = 80
const path = '/v1/organization/dashboard'
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

let server: ComposedServer
let ann: SignedIn
let bob: SignedIn

beforeAll(async () => {
  server = await composeServer({ GATEHOUSE_ADMINS: 'ann@example.com' })
  ann = await setUpOwner(server.client, server.ownerToken)
  bob = await foundSecondOrg(server.client, ann)
})
afterAll(() => server.stop())

/** A key as people make it, with no limit of its own. */
async function newKey(
  of: SignedIn = ann,
  more: object = {},
): Promise<{ readonly id: string; readonly key: string }> {
  const { apiKey } = await server.client.ask<{ apiKey: { id: string; key: string } }>('/dashboard/api-keys', {
    credential: of.accessToken,
    headers: await proveAnew(server.client, of),
    body: { name: 'test', service: 'oversight', ...more },
  })
  return apiKey
}

const anyAddress = (): string => `198.18.${randomInt(256)}.${randomInt(256)}`
const wrongKey = (): string =>
  `ck_live_${Array.from({ length: 26 }, () => alphabet[randomInt(alphabet.length)]).join('')}`

type Seen = { readonly status: number; readonly text: string; readonly rest: string; readonly tookMs: number }

async function knock(key: string | undefined, address = anyAddress()): Promise<Seen> {
  const startedMs = performance.now()
  const { status, text, headers } = await server.client.send(path, {
    headers: { 'x-forwarded-for': address, ...(key === undefined ? {} : { 'x-api-key': key }) },
  })
  const tookMs = performance.now() - startedMs
  const told = [...headers].filter(([name]) => !['x-request-id', 'date'].includes(name))
  const masked = text.replace(/"request_id":"[^"]+","timestamp":"[^"]+"/, '')
  return { status, text: masked, rest: JSON.stringify(told), tookMs }
}

async function knockOften(times: number, lanes: number, one: () => Promise<Seen>): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  let left = times
  const run = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      seen.push(await one())
    }
  }
  await Promise.all(Array.from({ length: lanes }, run))
  return seen
}

const count = (seen: readonly Seen[], status: number): number =>
  seen.filter((one) => one.status === status).length

describe('the limits of a key', () => {
  it('valid-key-refunds-the-address-limit-and-reaches-1000 calls a minute from one address, and not one more', async () => {
    const { key } = await newKey()
    const sister = await newKey()
    server.passMinute()
    const address = anyAddress()
    // Sixty at once may wait for their proof; what is proven is given back.
    const seen = await knockOften(1_000, 50, () => knock(key, address))
    expect(count(seen, 200)).toBe(1_000)
    const { status, text, rest } = await knock(key, address)
    expect(status).toBe(429)
    expect(text).toContain('"code":"RATE_LIMITED_KEY"')
    const [, retryAfter = '0'] = /"retry-after","(\d+)"/.exec(rest) ?? []
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1)
    // key-limit-is-keyed-on-the-body-not-the-literal: all keys begin alike, and another one is counted for itself.
    expect((await knock(sister.key, address)).status).toBe(200)
  })

  it('key-limit-is-keyed-on-the-body-not-the-literal: a key whose calls are used up takes none from its sisters', async () => {
    const [spent, sister] = [await newKey(ann, { rateLimit: 2 }), await newKey(ann, { rateLimit: 2 })]
    server.passMinute()
    const statuses = []
    for (const { key } of [spent, spent, spent, sister, sister, sister])
      statuses.push((await knock(key)).status)
    expect(statuses).toEqual([200, 200, 429, 200, 200, 429])
  })
})

describe('whatever is wrong with a key', () => {
  it('address-limited-and-wrong-key-are-the-same-401: the 61st call from an address is refused like the 60 before', async () => {
    const { key } = await newKey()
    server.passMinute()
    const address = anyAddress()
    const wrong = await knockOften(60, 20, () => knock(wrongKey(), address))
    const limited = await knock(key, address)
    expect(
      new Set([...wrong, limited].map(({ status, text, rest }) => JSON.stringify([status, text, rest]))).size,
    ).toBe(1)
    expect(limited.status).toBe(401)
    expect((await knock(key)).status).toBe(200)
    server.passMinute()
    expect((await knock(key, address)).status).toBe(200)
  })

  it('each of the causes is the same 401, and none leaves before the floor, nor does a success', async () => {
    const good = await newKey()
    const revoked = await newKey()
    await server.client.send(`/dashboard/api-keys/${revoked.id}`, {
      method: 'DELETE',
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
    })
    const elsewhere = await newKey(ann, { ipAllow: ['203.0.113.0/24'] })
    const ofSuspended = await newKey(bob)
    await server.client.ask(`/admin/orgs/${bob.user.teamId}/suspend`, {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      body: { reason: 'test' },
    })
    await expect.poll(async () => (await knock(ofSuspended.key)).status).toBe(401)
    const causes: Readonly<Record<string, string | undefined>> = {
      missing: undefined,
      malformed: 'ck_live_SHORT',
      unknown: wrongKey(),
      'of another secret': `${good.key.slice(0, 16)}${wrongKey().slice(16)}`,
      revoked: revoked.key,
      'not allowed from here': elsewhere.key,
      'of a suspended org': ofSuspended.key,
    }
    const seen = await Promise.all(Object.values(causes).map((key) => knock(key)))
    expect(new Set(seen.map(({ status, text, rest }) => JSON.stringify([status, text, rest]))).size).toBe(1)
    expect(seen[0]?.status).toBe(401)
    const success = await knock(good.key)
    expect(success.status).toBe(200)
    for (const { tookMs } of [...seen, success]) expect(tookMs).toBeGreaterThanOrEqual(floorMs)
  })
})

describe('what the organisation sees of its gate', () => {
  const events = async (key: string, name: string) => {
    const { text } = await server.client.send(`/v1/admin/audit-log?event_type=${name}`, {
      headers: { 'x-api-key': key },
    })
    return (JSON.parse(text) as { events: { api_key_prefix: string; path: string; status: number }[] }).events
  }

  it('a key that comes in is an entry a minute, one that its limit sends away is another', async () => {
    const [reader, busy] = [await newKey(), await newKey(ann, { rateLimit: 1 })]
    server.passMinute()
    const address = anyAddress()
    for (let at = 0; at < 3; at += 1) await knock(busy.key, address)
    const prefix = busy.key.slice(0, 16)
    const own = async (name: string) =>
      (await events(reader.key, name)).filter(({ api_key_prefix: one }) => one === prefix)
    await expect.poll(() => own('AUTH_SUCCESS')).toMatchObject([{ path, method: 'GET', status: 200 }])
    await expect.poll(() => own('AUTH_FAIL_RATE_LIMITED_KEY')).toMatchObject([{ path, status: 429 }])
  })
})
