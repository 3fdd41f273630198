import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, openSocket } from '../src/http/fixtures/socket-client.ts'
import { intervalMs } from '../src/services/volatility/domain/timeframe.ts'
import { barsUpTo } from '../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../src/services/volatility/testing/filled-markets.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

type Preset = { readonly name: string; readonly builtin: boolean; readonly version: number }
type Listed = { readonly default: string; readonly presets: readonly Preset[] }

/** They leave and come back often, so that there is much to read. */
const nervous = { high_enter: 1, high_exit: 0.4, low_enter: -1, low_exit: -0.4, enter_k: 1, exit_k: 2 }
const balanced = { high_enter: 3, high_exit: 0.5, low_enter: -2.5, low_exit: -0.5, enter_k: 2, exit_k: 8 }

let server: ComposedServer
let ann: SignedIn
let key: string
let theirs: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'volatility')
  theirs = await createKey(server.client, await foundSecondOrg(server.client, ann), 'volatility')
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const venue of ['binance', 'bybit'] as const)
    for (const timeframe of ['1m', '15m', '1h'] as const)
      await markets.fill(venue, 'btcusdt', timeframe, barsUpTo(drawBars(timeframe, 700, 5), timeframe, nowMs))
  await markets.fill('binance', 'ethusdt', '1m', barsUpTo(drawBars('1m', 700, 6), '1m', nowMs))
  await markets.stop()
  await eventually('the server has seen the bars', async () => {
    const { available } = await server.client.ask<{ available: number }>('/v1/consensus/btcusdt')
    return available === 2 ? true : undefined
  })
})
afterAll(() => server.stop())

const send = (path: string, method = 'GET', body?: object, credential: string | undefined = key) =>
  server.client.send(path, {
    method,
    ...(credential === '' ? {} : { credential }),
    ...(body === undefined ? {} : { body }),
  })
const ask = async <T>(path: string, credential = key): Promise<T> =>
  server.client.ask<T>(path, credential === '' ? {} : { credential })
const codeOf = ({ text }: { readonly text: string }): string => (JSON.parse(text) as { code: string }).code
const upsert = (name: string, body: object = {}, credential = key) =>
  send(`/v1/presets/custom/${name}`, 'PUT', body, credential)
const namesOf = ({ presets }: Listed): readonly string[] => presets.map(({ name }) => name)

describe("an organisation's own presets", () => {
  it('are made and replaced whole, each time with an entry: what is not sent is of the base, never of the version before', async () => {
    const first = await upsert('whole', { high_enter: 3.25, description: 'At night' })
    expect(first.status).toBe(201)
    expect(JSON.parse(first.text)).toEqual({
      name: 'whole',
      builtin: false,
      version: 1,
      method: 'published',
      ...balanced,
      high_enter: 3.25,
      description: 'At night',
    })
    const second = await upsert('whole', { exit_k: 12, base: 'aggressive', method: null })
    expect(second.status).toBe(200)
    expect(JSON.parse(second.text)).toMatchObject({
      version: 2,
      high_enter: 2,
      exit_k: 12,
      description: null,
    })
    expect(JSON.parse((await upsert('next', { base: 'whole' })).text)).toMatchObject({
      version: 1,
      exit_k: 12,
    })
    expect(await ask('/v1/presets/whole')).toMatchObject({ version: 2, builtin: false })
    expect(namesOf(await ask('/v1/presets/custom'))).toEqual(['next', 'whole'])
    expect(namesOf(await ask('/v1/presets'))).toEqual([
      'conservative',
      'balanced',
      'aggressive',
      'next',
      'whole',
    ])
    expect(await ask('/v1/presets', '')).toMatchObject({ default: 'balanced' })
    expect(namesOf(await ask('/v1/presets', ''))).toEqual(['conservative', 'balanced', 'aggressive'])
    for (const name of ['next', 'whole']) {
      const { status, text } = await send(`/v1/presets/custom/${name}`, 'DELETE')
      expect({ status, body: JSON.parse(text) as unknown }).toEqual({
        status: 200,
        body: { name, deleted: true },
      })
    }
    expect((await send('/v1/presets/whole')).status).toBe(404)
    const { text: page } = await server.client.send('/dashboard/audit-logs?limit=10', {
      credential: ann.accessToken,
    })
    for (const action of ['preset.create', 'preset.update', 'preset.delete']) expect(page).toContain(action)
  })

  it('have doors of ours besides, which ask for all six thresholds', async () => {
    expect((await send('/v1/presets', 'POST', { name: 'ours', ...nervous })).status).toBe(201)
    expect(codeOf(await send('/v1/presets', 'POST', { name: 'ours', ...nervous }))).toBe('preset_name_taken')
    expect((await send('/v1/presets', 'POST', { name: 'few', high_enter: 3 })).status).toBe(422)
    const replaced = await send('/v1/presets/ours', 'PUT', balanced)
    expect({ status: replaced.status, ...(JSON.parse(replaced.text) as object) }).toMatchObject({
      status: 200,
      version: 2,
      ...balanced,
    })
    expect((await send('/v1/presets/never', 'PUT', balanced)).status).toBe(404)
    const gone = await send('/v1/presets/ours', 'DELETE')
    expect([gone.status, gone.text]).toEqual([204, ''])
    expect((await send('/v1/presets/ours', 'DELETE')).status).toBe(404)
  })

  it.each<[string, object, string]>([
    ['low_enter is below low_exit', { low_enter: 0 }, 'low_exit'],
    ['high_exit is below high_enter', { high_exit: 3.5 }, 'high_exit'],
    ['enter_k is a whole number between 1 and 60', { enter_k: 0 }, 'enter_k'],
    ['exit_k is a whole number between 1 and 240', { exit_k: 2.5 }, 'exit_k'],
    ['high_enter lies between -10 and 10', { high_enter: 11 }, 'high_enter'],
    ['must be a number', { high_enter: '3' }, 'high_enter'],
    ['threshold', { mid_enter: 3 }, 'mid_enter'],
    ['method', { method: 'har-gk' }, 'method'],
  ])('refuse what breaks the rule that %s', async (words, body, field) => {
    const { status, text } = await upsert('bad', body)
    expect(status).toBe(422)
    // Safe: a refusal has this form.
    const { errors } = JSON.parse(text) as { errors: { field: string; message: string }[] }
    expect(errors[0]?.field).toBe(field)
    if (words.includes(' ')) expect(errors[0]?.message).toContain(words)
    expect((await send('/v1/presets/bad')).status).toBe(404)
  })

  it('refuse numbers that no double is, and names that are taken or none', async () => {
    const raw = async (body: string) =>
      fetch(`${server.origin}/v1/presets/custom/raw`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
      })
    expect((await raw('{"high_enter":1e309}')).status).toBe(422)
    expect((await raw('{"high_enter":NaN}')).status).toBe(422)
    for (const name of ['balanced', 'conservative'])
      expect(codeOf(await upsert(name))).toBe('preset_name_taken')
    for (const name of ['custom', 'x', 'Big', '9lives', 'a'.repeat(41)])
      expect({ name, status: (await upsert(name)).status }).toEqual({ name, status: 422 })
    expect(codeOf(await upsert('orphan', { base: 'nobody' }))).toBe('preset_not_found')
  })

  it('are counted by the plan, exactly, and are kept where it is lowered', async () => {
    const setPlan = (plan: string) =>
      server.db.pool.query('UPDATE gatehouse.org SET plan = $1 WHERE org_id = $2', [plan, ann.user.teamId])
    await setPlan('pro')
    try {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => upsert(`many-${index}`)))
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(5)
      const over = answers.filter(({ status }) => status === 402)
      expect(over).toHaveLength(3)
      expect(over[0]?.text).toContain('The plan pro allows 5 custom presets; there are 5')
      const [made = ''] = namesOf(await ask('/v1/presets/custom'))
      expect((await upsert(made, nervous)).status).toBe(200)
      await setPlan('free')
      expect((await upsert('more')).status).toBe(402)
      expect(namesOf(await ask('/v1/presets/custom'))).toHaveLength(5)
    } finally {
      await setPlan('unlimited')
      for (const name of namesOf(await ask('/v1/presets/custom')))
        await send(`/v1/presets/custom/${name}`, 'DELETE')
    }
  })

  it('cannot be changed by a key that reads', async () => {
    const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      body: { name: 'reads', service: 'volatility', scopes: ['presets:read', 'regime:read'] },
    })
    await upsert('mine', nervous)
    expect(namesOf(await ask('/v1/presets/custom', apiKey.key))).toEqual(['mine'])
    expect((await upsert('mine', {}, apiKey.key)).status).toBe(403)
    expect((await send('/v1/presets/custom/mine', 'DELETE', undefined, apiKey.key)).status).toBe(403)
  })
})

type Explained = { readonly regime: string; readonly since_ms: number }
type Standing = { readonly regime: string; readonly last_transition: { readonly ts_ms: number } | null }

/** Every read that takes a preset. */
const reads = [
  '/v1/regime/btcusdt?',
  '/v1/regimes?symbols=btcusdt,ethusdt&',
  '/v1/regime/btcusdt/history?limit=5&',
  '/v1/regime/btcusdt/series?limit=5&',
  '/v1/regime/btcusdt/export?format=ndjson&columns=ts_ms,regime&',
  '/v1/regime/btcusdt/matrix?',
  '/v1/regime/btcusdt/durations?',
  '/v1/regime/btcusdt/conditional-returns?',
  '/v1/regime/btcusdt/explain?',
  '/v1/regime/btcusdt/state_at?ts_ms=1733041680000&',
  '/v1/regime/btcusdt/stories?timeframe=1m&',
  '/v1/regime/btcusdt/impact?to=high&',
  '/v1/regime/btcusdt/top-down?from_tf=1h&',
  '/v1/sizing/btcusdt?',
  '/v1/consensus/btcusdt?',
  '/v1/consensus/btcusdt/multi-tf?',
  '/v1/regime/lead-lag?leader=btcusdt&follower=ethusdt&',
  '/v1/lead-lag?leader=btcusdt&follower=ethusdt&',
] as const

describe('a preset of its own by name', () => {
  it('presets-and-subscriptions-stay-with-their-org: every read takes it from its organisation, and answers another as for one that never was', async () => {
    await upsert('mine', nervous)
    const mask = (text: string): string => text.replaceAll(/req_\w+/g, 'REQUEST').replaceAll('never', 'mine')
    for (const path of reads) {
      const [own, other, never, nobody] = [
        await send(`${path}preset=mine`),
        await send(`${path}preset=mine`, 'GET', undefined, theirs),
        await send(`${path}preset=never`, 'GET', undefined, theirs),
        await send(`${path}preset=mine`, 'GET', undefined, ''),
      ]
      // Only a key exports.
      const visitor = path.includes('/export') ? 401 : 404
      expect({ path, statuses: [own.status, other.status, nobody.status] }).toEqual({
        path,
        statuses: [200, 404, visitor],
      })
      expect(codeOf(other)).toBe('preset_not_found')
      expect(mask(other.text)).toBe(mask(never.text))
    }
    for (const [path, body] of [
      ['/v1/backtest', { symbol: 'btcusdt', rule: 'avoid_high', preset: 'mine' }],
      ['/v1/webhooks', { url: 'https://93.184.216.34/hook', preset: 'mine' }],
    ] as const) {
      expect((await send(path, 'POST', body)).status).toBeLessThan(300)
      expect(codeOf(await send(path, 'POST', body, theirs))).toBe('preset_not_found')
    }
    const { subscriptions } = await ask<{ subscriptions: { id: number; preset: string }[] }>('/v1/webhooks')
    expect(subscriptions[0]?.preset).toBe('mine')
    const inUse = await send('/v1/presets/custom/mine', 'DELETE')
    expect([inUse.status, codeOf(inUse)]).toEqual([409, 'preset_in_use'])
    expect(inUse.text).toContain(`the webhook subscription ${subscriptions[0]?.id}`)
    await send(`/v1/webhooks/${subscriptions[0]?.id}`, 'DELETE')
    // The same name means something else to whoever has one of it.
    await upsert('twin', nervous)
    await upsert('twin', balanced, theirs)
    for (const [credential, thresholds] of [
      [key, nervous],
      [theirs, balanced],
    ] as const) {
      const explained = await ask<Explained>('/v1/regime/btcusdt/explain?preset=twin', credential)
      expect(explained).toMatchObject({ preset: 'twin', thresholds })
      const { regime, last_transition: newest } = await ask<Standing>(
        '/v1/regime/btcusdt?preset=twin',
        credential,
      )
      expect([regime, newest?.ts_ms ?? explained.since_ms]).toEqual([explained.regime, explained.since_ms])
    }
  })

  it('answers like a built-in one of the same thresholds, from the moment it is made, and like one state everywhere', async () => {
    await upsert('copy', { base: 'aggressive' })
    for (const path of reads) {
      if (path.includes('/history') || path.includes('/export')) continue
      const text = async (preset: string) =>
        (await send(`${path}preset=${preset}`)).text.replaceAll(preset, 'P')
      const [own, builtIn] = [await text('copy'), await text('aggressive')]
      // Numbers of events are those of the deployment: nobody was told of what was before the preset.
      const unnumbered = (one: string): unknown =>
        JSON.parse(one.replaceAll(/"(seq|late)":\w+/g, '"$1":null')) as unknown
      expect({ path, reply: unnumbered(own) }).toEqual({ path, reply: unnumbered(builtIn) })
    }
    type History = {
      readonly anchor_ms: number | null
      readonly transitions: readonly Record<string, unknown>[]
    }
    const [own, builtIn] = [
      await ask<History>('/v1/regime/btcusdt/history?preset=copy'),
      await ask<History>('/v1/regime/btcusdt/history?preset=aggressive'),
    ]
    const facts = ({ transitions }: History) => transitions.map(({ seq: _seq, late: _late, ...rest }) => rest)
    expect(facts(own).length).toBeGreaterThan(2)
    expect(facts(own)).toEqual(facts(builtIn))
    expect(own.transitions.every(({ seq }) => seq === null)).toBe(true)
    expect(own.anchor_ms).toBeGreaterThan(0)
    const exported = async (preset: string) =>
      (await send(`/v1/regime/btcusdt/export?format=csv&preset=${preset}`)).text
    expect(await exported('copy')).toBe(await exported('aggressive'))
    await upsert('copy', nervous)
    expect(await ask('/v1/regime/btcusdt?preset=copy')).toMatchObject({ preset: 'copy', preset_version: 2 })
  })

  it('presets-and-subscriptions-stay-with-their-org: the stream says its changes to that organisation alone, and knows no other', async () => {
    await upsert('live', nervous)
    const hear = async (credential: string) => {
      const { socket, said } = await openSocket(
        `${server.origin}/v1/stream`,
        ['gatehouse.v1'],
        bearer(credential),
      )
      const heard = () => said.map((text) => JSON.parse(text) as Record<string, unknown>)
      return { socket, heard, of: (type: string) => heard().filter((one) => one['type'] === type) }
    }
    const [own, other] = [await hear(key), await hear(theirs)]
    const subscribe = { op: 'subscribe', id: 'a', symbols: ['*'], preset: 'live', snapshot: true }
    for (const one of [own, other]) one.socket.send(JSON.stringify(subscribe))
    await expect.poll(() => own.of('subscribed')).toHaveLength(1)
    await expect.poll(() => own.of('snapshot').some((one) => one['symbol'] === 'btcusdt')).toBe(true)
    expect(own.of('snapshot').every((one) => one['preset'] === 'live')).toBe(true)
    await expect.poll(() => other.of('error')).toMatchObject([{ code: 'preset_not_found', id: 'a' }])
    await upsert('live', nervous, theirs)
    other.socket.send(JSON.stringify(subscribe))
    await expect.poll(() => other.of('subscribed')).toHaveLength(1)
    const tell = async (orgId: string | null, seq: number) => {
      await server.db.pool.query(
        `WITH head AS (UPDATE volatility.event_head SET seq = seq + 1 RETURNING seq)
         INSERT INTO volatility.event (seq, id, org_id, type, body, created_at)
         SELECT seq, 'evt_' || seq, $1, 'regime.transition', $2, now() FROM head`,
        [
          orgId,
          {
            type: 'regime.transition',
            ts_ms: Date.now() - (seq % 2) * intervalMs['1m'],
            symbol: 'btcusdt',
            timeframe: '1m',
            from: 'normal',
            to: 'high',
            z_vol: 1,
            close: 1,
            preset: 'live',
            method: 'published',
            mark: seq,
          },
        ],
      )
    }
    const marks = ({ of }: typeof own) => of('regime.transition').map((one) => one['mark'])
    const { rows } = await server.db.pool.query<{ org_id: string }>(
      `SELECT org_id FROM volatility.preset WHERE name = 'live' AND org_id <> $1`,
      [ann.user.teamId],
    )
    await tell(ann.user.teamId, 1)
    await tell(rows[0]?.org_id ?? null, 2)
    await tell(ann.user.teamId, 3)
    await expect.poll(() => marks(own)).toEqual([1, 3])
    await expect.poll(() => marks(other)).toEqual([2])
    for (const { socket } of [own, other]) socket.terminate()
    const events = await ask<{ events: { mark?: number }[] }>('/v1/me/events')
    expect(events.events.flatMap(({ mark }) => mark ?? [])).toEqual([3, 1])
  })
})
