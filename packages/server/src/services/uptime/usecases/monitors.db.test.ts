import { within } from '@gatehouse/kernel/db'
import { listEntries } from '@gatehouse/kernel/audit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSealedToken } from '../store/heartbeat-store.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { monitorTypes } from '../monitor-types/monitor-types.ts'
import { startTestUptime, type TestUptime, toKey } from '../testing/test-uptime.ts'
import { createMonitor } from './create-monitor.ts'
import { deleteMonitor } from './delete-monitor.ts'
import { getMonitor } from './get-monitor.ts'
import { getHeartbeatUrl, rotateHeartbeatToken } from './heartbeat-url.ts'
import { getIncident, listIncidents } from './list-incidents.ts'
import { listMonitors } from './list-monitors.ts'
import { listServices } from './list-services.ts'
import { updateMonitor } from './update-monitor.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

const http = (url = 'https://example.com/health') => ({ type: 'http', config: { url } })
const nobody = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe('creating', () => {
  it('echoes the config as it was sent, followed by the defaults that were left out and by nothing else', async () => {
    const member = await uptime.found()
    const config = {
      timeoutMs: 5_000,
      headers: { 'X-B': '1', Accept: 'text/plain' },
      url: 'https://EXAMPLE.com',
    }
    const created = await createMonitor(uptime.deps, member, { type: 'http', config })
    const read = await getMonitor(uptime.deps, member, created.id)
    expect(JSON.stringify(read.config)).toBe(
      JSON.stringify({ ...config, method: 'GET', expectedStatus: 200 }),
    )
    expect(created).toEqual(read)
  })

  it('starts in grace, unknown, due now, on the one default page that is born hidden with it', async () => {
    const member = await uptime.found()
    const [first, second] = await Promise.all([
      createMonitor(uptime.deps, member, http()),
      createMonitor(uptime.deps, member, http()),
    ])
    expect(first).toMatchObject({
      teamId: member.orgId,
      name: 'example.com/health',
      status: 'unknown',
      phase: 'grace',
      isActive: 1,
      detectionSeconds: { refused: 360, hanging: 370 },
      maintenanceUntil: null,
      autoResolveMaintenance: 1,
    })
    expect(Date.parse(first.nextCheckAt ?? '')).toBeLessThanOrEqual(Date.now())
    expect(first.serviceId).toBe(second.serviceId)
    expect(await listServices(uptime.deps, member)).toMatchObject([
      { id: first.serviceId, isDefault: 1, isPublic: 0 },
    ])
  })

  it('refuses a type that does not exist and names those that do', async () => {
    const member = await uptime.found()
    await expect(createMonitor(uptime.deps, member, { type: 'dns', config: {} })).rejects.toMatchObject({
      code: 'INVALID_TYPE',
      status: 400,
      detail: `type: must be one of ${Object.keys(monitorTypes).join(', ')}`,
    })
  })

  it.each<
    [promise: string, body: { type: string; config: Record<string, unknown> }, detail: string | RegExp]
  >([
    [
      'an out-of-range field is named with its bounds',
      { type: 'http', config: { url: 'https://example.com', timeoutMs: 999 } },
      'config.timeoutMs: must be between 1000 and 30000',
    ],
    [
      'an unknown member is named',
      { type: 'tcp', config: { hostname: 'example.com', port: 5432, user: 'x' } },
      'config.user: is not a known field',
    ],
    [
      'a missing member is named',
      { type: 'tcp', config: { hostname: 'example.com' } },
      'config.port: is required',
    ],
    [
      'credentials in the URL belong elsewhere',
      http('https://user:secret@example.com'),
      'config.url: must not contain credentials; put them in auth',
    ],
    ['another scheme', http('ftp://example.com'), /^config\.url: .*http/],
    ['a private address', http('http://10.0.0.1/'), 'config.url: this address may not be monitored'],
    [
      'loopback in an odd spelling',
      http('http://0x7f000002/'),
      'config.url: this address may not be monitored',
    ],
    [
      'a metadata address',
      http('http://169.254.169.254/latest'),
      'config.url: this address may not be monitored',
    ],
    [
      'a name that leads to one',
      http('http://rebinds.example.com/'),
      'config.url: this address may not be monitored',
    ],
    [
      'a forbidden host of a bare connection',
      { type: 'tcp', config: { hostname: '192.168.1.1', port: 22 } },
      'config.hostname: this address may not be monitored',
    ],
    [
      'a header that carries credentials in clear',
      { type: 'http', config: { url: 'https://example.com', headers: { authorization: 'Bearer x' } } },
      'config.headers: The header authorization may not be set.',
    ],
    [
      'a header with a line break',
      { type: 'http', config: { url: 'https://example.com', headers: { 'X-A': 'a\r\nHost: b' } } },
      'config.headers.X-A: must not contain CR, LF or NUL',
    ],
    [
      'a secret to keep where there is none',
      { type: 'http', config: { url: 'https://example.com', auth: { set: true } } },
      'config.auth: has nothing yet that could be kept',
    ],
  ])('refuses %s', async (_promise, body, detail) => {
    const member = await uptime.found()
    const refused = createMonitor(uptime.deps, member, body)
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_CONFIG', status: 400 })
    await expect(refused).rejects.toMatchObject({
      detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    })
    expect((await listMonitors(uptime.deps, member, {})).monitors).toEqual([])
  })

  it('a ping looks at port 443 unless another is named, and says so', async () => {
    const member = await uptime.found()
    const ping = (config: object) =>
      createMonitor(uptime.deps, member, { type: 'ping', config: { ...config } })
    expect(await ping({ hostname: 'example.com' })).toMatchObject({
      name: 'example.com:443',
      config: { hostname: 'example.com', port: 443, timeoutMs: 10_000 },
    })
    expect(await ping({ hostname: 'example.com', port: 22 })).toMatchObject({ config: { port: 22 } })
    await expect(ping({ hostname: 'example.com', port: 0 })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })

  it('a name that does not resolve yet is saved: every check judges it anew', async () => {
    const member = await uptime.found()
    await createMonitor(uptime.deps, member, http('https://not-yet.example.com'))
    expect((await listMonitors(uptime.deps, member, {})).monitors).toHaveLength(1)
  })

  it('the plan bounds number and interval, with a link to more', async () => {
    const member = await uptime.found('free')
    await expect(
      createMonitor(uptime.deps, member, { ...http(), intervalSeconds: 299 }),
    ).rejects.toMatchObject({
      code: 'INTERVAL_TOO_SHORT',
      status: 402,
      upgradeUrl: 'https://gate.example.com/app/team',
    })
    const five = await Promise.all(
      Array.from({ length: 5 }, () => createMonitor(uptime.deps, member, http())),
    )
    const sixth = createMonitor(uptime.deps, member, http())
    await expect(sixth).rejects.toMatchObject({
      code: 'MONITOR_LIMIT_REACHED',
      detail: 'Your plan allows 5 monitors, and you have 5',
    })
    await deleteMonitor(uptime.deps, member, five[0]?.id ?? '')
    await createMonitor(uptime.deps, member, http())
  })
})

describe('secrets', () => {
  const auth = { basic: { user: 'ann', password: 'correct horse' } }
  const create = async (member: Awaited<ReturnType<TestUptime['found']>>) =>
    createMonitor(uptime.deps, member, { type: 'http', config: { url: 'https://example.com', auth } })
  const stored = async (member: Awaited<ReturnType<TestUptime['found']>>, id: string) =>
    within(uptime.deps, member, (tx) => findMonitor(tx, id))

  it('are sealed at rest and echo only that they are set', async () => {
    const member = await uptime.found()
    const { id, config } = await create(member)
    expect(config['auth']).toEqual({ set: true })
    const row = await stored(member, id)
    expect(JSON.stringify(row)).not.toContain('correct horse')
    expect(row?.sealedConfig).toMatch(/^s1\./)
  })

  it('stay when what was echoed is sent back, and go when the member is left out', async () => {
    const member = await uptime.found()
    const { id, config } = await create(member)
    const before = (await stored(member, id))?.sealedConfig
    await updateMonitor(uptime.deps, member, id, { config: { ...config, timeoutMs: 2_000 } })
    expect((await stored(member, id))?.sealedConfig).toBe(before)
    await updateMonitor(uptime.deps, member, id, { config: { url: 'https://example.com' } })
    expect((await stored(member, id))?.sealedConfig).toBeNull()
  })

  it('cannot be sent to another host by someone who cannot read them', async () => {
    const member = await uptime.found()
    const { id, config } = await create(member)
    const moved = { ...config, url: 'https://other.example.com' }
    await expect(updateMonitor(uptime.deps, member, id, { config: moved })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      detail: 'config.auth: must be given again, because the target is another one',
    })
    await updateMonitor(uptime.deps, member, id, { config: { ...moved, auth } })
  })
})

describe('changing', () => {
  it('pausing resolves the incident, stops the checks and tells the timeline; resuming makes it due', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { ...http(), downThreshold: 1 })
    await uptime.observe(member.orgId, id, ['up', 'down'])
    const [incident] = (await listIncidents(uptime.deps, member, {})).incidents
    expect(incident).toMatchObject({ monitorId: id, status: 'ongoing', type: 'auto' })
    const paused = await updateMonitor(uptime.deps, member, id, { isActive: false })
    expect(paused).toMatchObject({ isActive: 0, status: 'paused', nextCheckAt: null })
    expect(await getIncident(uptime.deps, member, incident?.id ?? '')).toMatchObject({
      status: 'resolved',
      cause: 'Monitor paused',
      causeReason: { code: 'monitor_paused', values: {} },
    })
    const resumed = await updateMonitor(uptime.deps, member, id, { isActive: true })
    expect(resumed).toMatchObject({ isActive: 1, status: 'unknown', phase: 'steady' })
    // The clock of the test, which has seen two checks, may be ahead of the machine's.
    const present = Math.max(Date.now(), uptime.clock.now())
    expect(Date.parse(resumed.nextCheckAt ?? '')).toBeLessThanOrEqual(present)
  })

  it('another host begins the grace again; another path does not', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, http())
    await uptime.observe(member.orgId, id, ['up'])
    const path = await updateMonitor(uptime.deps, member, id, {
      config: { url: 'https://example.com/other' },
    })
    expect(path).toMatchObject({ status: 'up', phase: 'steady' })
    const host = await updateMonitor(uptime.deps, member, id, { config: { url: 'https://api.example.com' } })
    expect(host).toMatchObject({ status: 'unknown', phase: 'grace', firstUpAt: null })
  })

  it('a shorter interval is not waited for by the longer one', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { ...http(), intervalSeconds: 3_600 })
    await uptime.observe(member.orgId, id, ['up'])
    const { nextCheckAt } = await updateMonitor(uptime.deps, member, id, { intervalSeconds: 60 })
    expect(Date.parse(nextCheckAt ?? '') - Date.now()).toBeLessThanOrEqual(60_000)
  })

  it('null clears what may be absent, and what is not named stays', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, {
      ...http(),
      degradedAfterMs: 800,
      tags: ['prod'],
    })
    const changed = await updateMonitor(uptime.deps, member, id, { degradedAfterMs: null })
    expect(changed).toMatchObject({ degradedAfterMs: null, tags: ['prod'], intervalSeconds: 300 })
  })

  it('deleting keeps the incident, resolved and without its monitor', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { ...http(), downThreshold: 1 })
    await uptime.observe(member.orgId, id, ['up', 'down'])
    await deleteMonitor(uptime.deps, member, id)
    expect((await listIncidents(uptime.deps, member, {})).incidents).toMatchObject([
      { monitorId: null, monitorName: 'example.com/health', status: 'resolved', cause: 'Monitor deleted' },
    ])
    await expect(getMonitor(uptime.deps, member, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('heartbeats', () => {
  it('the URL holds a token of 43 characters, stored sealed, until it is rotated', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })
    const url = await getHeartbeatUrl(uptime.deps, member, id)
    expect(url).toMatch(/^https:\/\/gate\.example\.com\/ping\/[A-Za-z0-9_-]{43}$/)
    expect(await getHeartbeatUrl(uptime.deps, toKey(member), id)).toBe(url)
    expect(await within(uptime.deps, member, (tx) => findSealedToken(tx, id))).not.toContain(url.slice(-43))
    const rotated = await rotateHeartbeatToken(uptime.deps, member, id)
    expect(rotated).not.toBe(url)
    expect(await getHeartbeatUrl(uptime.deps, member, id)).toBe(rotated)
  })

  it('other types have none', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, http())
    await expect(getHeartbeatUrl(uptime.deps, member, id)).rejects.toMatchObject({ code: 'INVALID_TYPE' })
    await expect(rotateHeartbeatToken(uptime.deps, member, id)).rejects.toMatchObject({
      code: 'INVALID_TYPE',
    })
  })
})

describe('the list', () => {
  it('filters by status, type, tag and text, and takes wildcards literally', async () => {
    const member = await uptime.found()
    const web = await createMonitor(uptime.deps, member, {
      ...http(),
      name: '100%_web',
      tags: ['prod', 'web'],
    })
    const db = await createMonitor(uptime.deps, member, {
      type: 'tcp',
      name: 'Database',
      config: { hostname: 'api.example.com', port: 5432 },
      tags: ['prod'],
    })
    await uptime.observe(member.orgId, db.id, ['up'])
    const idsOf = async (query: Parameters<typeof listMonitors>[2]) =>
      (await listMonitors(uptime.deps, member, query)).monitors.map(({ id }) => id)
    expect(await idsOf({})).toEqual([web.id, db.id])
    expect(await idsOf({ status: 'up' })).toEqual([db.id])
    expect(await idsOf({ type: 'http' })).toEqual([web.id])
    expect(await idsOf({ tag: 'prod' })).toEqual([web.id, db.id])
    expect(await idsOf({ tag: 'pro' })).toEqual([])
    expect(await idsOf({ q: 'API.example' })).toEqual([db.id])
    expect(await idsOf({ q: 'data' })).toEqual([db.id])
    expect(await idsOf({ q: '%_w' })).toEqual([web.id])
    expect(await idsOf({ q: 'a%e' })).toEqual([])
  })

  it('comes in pages that neither repeat nor leave out, and refuses a foreign cursor', async () => {
    const member = await uptime.found()
    const made = []
    for (let i = 0; i < 5; i += 1) made.push((await createMonitor(uptime.deps, member, http())).id)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listMonitors(uptime.deps, member, { limit: 2, ...(cursor && { cursor }) })
      seen.push(...page.monitors.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(made)
    const { nextCursor } = await listMonitors(uptime.deps, member, { limit: 2 })
    const other = await uptime.found()
    await expect(
      listMonitors(uptime.deps, other, { limit: 2, cursor: nextCursor ?? '' }),
    ).rejects.toMatchObject({ code: 'VALIDATION_ERROR', detail: 'cursor: is not a cursor of this list' })
  })
})

it("another org's monitor is refused in the words of one that never existed", async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const { id } = await createMonitor(uptime.deps, ann, { type: 'heartbeat', config: {} })
  const calls = [
    (target: string) => getMonitor(uptime.deps, eve, target),
    (target: string) => updateMonitor(uptime.deps, eve, target, { name: 'Mine' }),
    (target: string) => deleteMonitor(uptime.deps, eve, target),
    (target: string) => getHeartbeatUrl(uptime.deps, eve, target),
    (target: string) => rotateHeartbeatToken(uptime.deps, eve, target),
  ]
  for (const call of calls) {
    const refusalOf = (target: string): Promise<unknown> => call(target).catch((error: unknown) => error)
    const refusal = await refusalOf(id)
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(refusal).toEqual(await refusalOf(nobody))
  }
  expect((await listMonitors(uptime.deps, eve, {})).monitors).toEqual([])
})

it('every decision is an entry that names fields and never values of a config', async () => {
  const member = await uptime.found()
  const auth = { bearer: 'token-in-clear' }
  const { id } = await createMonitor(uptime.deps, member, {
    type: 'http',
    config: { url: 'https://example.com', auth },
  })
  await updateMonitor(uptime.deps, member, id, { config: { url: 'https://example.com/2' }, name: 'Second' })
  await deleteMonitor(uptime.deps, member, id)
  const rows = await within(uptime.deps, member, (tx) =>
    listEntries(tx, {}, { beforeSeq: undefined, limit: 10 }),
  )
  expect(rows.map(({ event_type }) => event_type)).toEqual([
    'monitor.delete',
    'monitor.update',
    'status_page.create',
    'monitor.create',
  ])
  expect(JSON.stringify(rows)).not.toContain('token-in-clear')
})
