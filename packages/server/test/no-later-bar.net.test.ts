import { afterAll, beforeAll, expect, it } from 'vitest'
import { volatilityEndpoints } from '../src/services/volatility/contract/endpoints.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { marketsOn, type TestMarkets, toMinutes } from '../src/services/volatility/testing/test-markets.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const bars = 3_000
/** Of a candle of five minutes four, so that it is not closed. */
const later = 4

type Asked = {
  readonly path: string
  readonly body?: object
  /** Where symbols that are stale are left out, or a calibration is needed: tests of the domain have such figures. */
  readonly refusedWith?: 409 | 422
  /** Of the lines of a reply those that are about bars up to `atMs`. */
  readonly until?: (text: string, atMs: number) => string
}

/** What it is that an endpoint tells of no bar. */
type Silent = 'catalogue' | 'account' | 'payments' | 'subscriptions' | 'what was told' | 'another feed'

const upTo =
  (list: string) =>
  (text: string, atMs: number): string => {
    // Safe: each of these replies holds a list of entries with a moment under this name.
    const { [list]: entries } = JSON.parse(text) as Readonly<Record<string, readonly { ts_ms: number }[]>>
    return JSON.stringify(entries?.filter(({ ts_ms: ts }) => ts <= atMs))
  }

/**
 * How each endpoint is asked about a symbol as of a moment: of bars of five minutes, the next of which is not closed, or of
 * bars of a minute up to the moment. An endpoint that is not here fails the test.
 */
const endpoints: Readonly<Record<string, Silent | ((symbol: string, atMs: number) => readonly Asked[])>> = {
  listSymbols: 'catalogue',
  listTimeframes: 'catalogue',
  listPresets: 'catalogue',
  getPreset: 'catalogue',
  listCustomPresets: 'catalogue',
  upsertCustomPreset: 'catalogue',
  deleteCustomPreset: 'catalogue',
  createPreset: 'catalogue',
  replacePreset: 'catalogue',
  deletePreset: 'catalogue',
  getFeedStatus: 'another feed',
  getIvGap: 'another feed',
  getFunding: 'another feed',
  getOwnAccount: 'account',
  rotateVolatilityKey: 'account',
  getMyUsage: 'account',
  getSymbolAllowlist: 'account',
  setSymbolAllowlist: 'account',
  getKeyCeiling: 'account',
  setKeyCeiling: 'account',
  submitRegimeFeedback: 'account',
  getPublicStats: 'account',
  getPublicIncidents: 'account',
  getMyBilling: 'payments',
  startCheckout: 'payments',
  receivePaddle: 'payments',
  createRegimeWebhook: 'subscriptions',
  listRegimeWebhooks: 'subscriptions',
  getRegimeWebhook: 'subscriptions',
  updateRegimeWebhook: 'subscriptions',
  deleteRegimeWebhook: 'subscriptions',
  testRegimeWebhook: 'subscriptions',
  enableRegimeWebhook: 'subscriptions',
  replayRegimeWebhook: 'subscriptions',
  listRegimeDeliveries: 'subscriptions',
  replayRegimeDelivery: 'subscriptions',
  // Events say what a machine said of a bar when it closed, and are never written again.
  listOwnRegimeEvents: 'what was told',
  openStream: 'what was told',
  previewPreset: (symbol) => [{ path: '/v1/presets/preview', body: { symbol, timeframe: '5m', enter_k: 1 } }],
  getRegime: (symbol) => [{ path: `/v1/regime/${symbol}?timeframe=5m` }],
  listRegimes: (symbol) => [{ path: `/v1/regimes?timeframe=5m&symbols=${symbol}` }],
  getRegimeBoard: (symbol) => [
    {
      path: '/v1/board',
      until: (text) => {
        // Safe: a reply that the contract describes.
        const { symbols } = JSON.parse(text) as {
          symbols: readonly { symbol: string; cells: Readonly<Record<string, unknown>> }[]
        }
        const own = symbols.find((one) => one.symbol === symbol)
        const { '1m': _running, ...longer } = own?.cells ?? {}
        return JSON.stringify(longer)
      },
    },
  ],
  getRegimeHistory: (symbol, atMs) => [
    { path: `/v1/regime/${symbol}/history?timeframe=5m&preset=aggressive` },
    { path: `/v1/regime/${symbol}/history?preset=aggressive&to_ms=${atMs + 1}` },
  ],
  getRegimeSeries: (symbol, atMs) => [
    { path: `/v1/regime/${symbol}/series?timeframe=5m&limit=500` },
    { path: `/v1/regime/${symbol}/series?limit=500&to_ms=${atMs + 1}` },
  ],
  getRegimeQuality: (symbol) => [
    {
      path: `/v1/regime/${symbol}/quality?timeframe=5m`,
      // What was shown live is measured by the night, whenever that has its turn.
      until: (text) => JSON.stringify({ ...(JSON.parse(text) as object), live: null }),
    },
  ],
  getVolatilityRange: (symbol) => [{ path: `/v1/regime/${symbol}/volatility-range`, refusedWith: 422 }],
  getRegimeMatrix: (symbol) => [{ path: `/v1/regime/${symbol}/matrix?timeframe=5m` }],
  getRegimeDurations: (symbol) => [{ path: `/v1/regime/${symbol}/durations?timeframe=5m` }],
  getConditionalReturns: (symbol) => [{ path: `/v1/regime/${symbol}/conditional-returns?timeframe=5m` }],
  getRegimeForecast: (symbol) => [{ path: `/v1/regime/${symbol}/forecast?timeframe=5m` }],
  explainRegime: (symbol) => [{ path: `/v1/regime/${symbol}/explain?timeframe=5m` }],
  getStateAt: (symbol, atMs) => [
    { path: `/v1/regime/${symbol}/state_at?timeframe=5m&ts_ms=${atMs}` },
    { path: `/v1/regime/${symbol}/state_at?preset=aggressive&ts_ms=${atMs}` },
    { path: `/v1/regime/${symbol}/state_at?preset=aggressive&ts_ms=${atMs - hourMs}` },
  ],
  getTopDown: (symbol) => [{ path: `/v1/regime/${symbol}/top-down?from_tf=1h&to_tf=5m` }],
  listStories: (symbol) => [
    { path: `/v1/regime/${symbol}/stories?timeframe=5m&preset=aggressive&days=7` },
    { path: `/v1/regime/${symbol}/stories?preset=aggressive&days=7&limit=500`, until: upTo('events') },
  ],
  getImpact: (symbol) => [{ path: `/v1/regime/${symbol}/impact?timeframe=5m&to=high&preset=aggressive` }],
  getSizing: (symbol) => [{ path: `/v1/sizing/${symbol}?timeframe=5m` }],
  getMarketCorrelation: () => [{ path: '/v1/correlation/market?timeframe=5m', refusedWith: 409 }],
  getSymbolCorrelation: (symbol) => [{ path: `/v1/correlation/${symbol}?timeframe=5m`, refusedWith: 409 }],
  getConsensus: (symbol) => [{ path: `/v1/consensus/${symbol}?timeframe=5m` }],
  getRegimeConsensus: (symbol) => [{ path: `/v1/regime/${symbol}/consensus?timeframe=5m` }],
  getConsensusTimeframes: (symbol) => [
    {
      path: `/v1/consensus/${symbol}/multi-tf`,
      until: (text) => {
        // Safe: a reply that the contract describes.
        const { timeframes } = JSON.parse(text) as { timeframes: Readonly<Record<string, unknown>> }
        const { '1m': _running, ...longer } = timeframes
        return JSON.stringify(longer)
      },
    },
  ],
  getPairLeadLag: () => [
    { path: '/v1/regime/lead-lag?timeframe=5m&leader=btcusdt&follower=ethusdt&preset=aggressive' },
  ],
  getLeadLag: () => [
    { path: '/v1/lead-lag?timeframe=5m&to=high&leader=btcusdt&follower=ethusdt&preset=aggressive' },
  ],
  getLeadLagFormerly: () => [
    { path: '/v1/leadlag?timeframe=5m&to=high&leader=btcusdt&follower=ethusdt&preset=aggressive' },
  ],
  runBacktest: (symbol, atMs) => [
    { path: '/v1/backtest', body: { symbol, timeframe: '5m', rule: 'avoid_high', include_equity: true } },
    { path: '/v1/backtest', body: { symbol, rule: 'avoid_high', include_equity: true, to_ms: atMs + 1 } },
  ],
  runSymbolBacktest: (symbol, atMs) => [
    { path: `/v1/regime/${symbol}/backtest`, body: { timeframe: '5m', rule: 'short_high_exit_normal' } },
    { path: `/v1/regime/${symbol}/backtest`, body: { rule: 'long_low_exit_normal', to_ms: atMs + 1 } },
  ],
  exportSeries: (symbol, atMs) => [
    { path: `/v1/regime/${symbol}/export?format=csv&timeframe=5m` },
    // Bars up to a moment are those that opened before it.
    { path: `/v1/regime/${symbol}/export?format=csv&to_ms=${atMs}` },
  ],
}

let server: ComposedServer
let markets: TestMarkets<ComposedServer>
let key: string
let atMs: number
/** What all have in common up to the moment, and what comes after. */
let minutes: ReturnType<typeof toMinutes>

beforeAll(async () => {
  server = await composeServer()
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken), 'volatility')
  // Long enough ago that what is stale is so throughout.
  atMs = Math.floor(Date.now() / hourMs) * hourMs - hourMs
  const drawn = drawBars('1m', bars + later, 21)
  minutes = toMinutes({
    ...drawn,
    openMs: drawn.openMs.map((_, bar) => atMs + (bar - bars) * minuteMs),
  })
  markets = await marketsOn(server, ['btcusdt', 'ethusdt'], Date.now())
  for (const [at, symbol] of ['btcusdt', 'ethusdt'].entries())
    await markets.take(symbol, minutes.slice(0, bars).map(times(1 + at)))
})
afterAll(() => server.stop())

const times = (factor: number) => (minute: (typeof minutes)[number]) => ({
  ...minute,
  open: minute.open * factor,
  high: minute.high * factor,
  low: minute.low * factor,
  close: minute.close * factor,
})

async function ask({ path, body, refusedWith, until }: Asked): Promise<string> {
  for (;;) {
    const { status, text } = await server.client.send(path, {
      credential: key,
      ...(body === undefined ? {} : { body }),
    })
    // Limits begin anew with the next minute, and one export runs at a time.
    if (status === 429) {
      server.passMinute()
      continue
    }
    expect({ path, status, text }).toEqual({ path, status: refusedWith ?? 200, text })
    return (until === undefined ? text : until(text, atMs)).replaceAll(
      /"(?:computed_at_ms|instance)":(?:\d+|"[^"]*")/g,
      '',
    )
  }
}

const isKnownUpTo = (symbol: string, ms: number) =>
  expect
    .poll(async () => JSON.parse((await server.client.send(`/v1/regime/${symbol}`)).text) as object)
    .toMatchObject({ last_update_ms: ms })

async function askAll(): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>()
  for (const [id, told] of Object.entries(endpoints))
    if (typeof told === 'function')
      for (const asked of told('btcusdt', atMs))
        answers.set(`${id} ${asked.path} ${JSON.stringify(asked.body ?? {})}`, await ask(asked))
  return answers
}

it('no-value-uses-a-later-bar: over every endpoint, whatever the bars after a moment are', async () => {
  const ids = volatilityEndpoints.map(({ id }) => id).filter((id) => !id.startsWith('dashboard'))
  expect(Object.keys(endpoints).toSorted()).toEqual([...ids].toSorted())
  for (const symbol of ['btcusdt', 'ethusdt']) await isKnownUpTo(symbol, atMs)
  const before = await askAll()
  // The worlds part: one symbol falls to a half, and the other doubles.
  markets.clock.set(Date.now())
  await markets.take('btcusdt', minutes.slice(bars).map(times(0.5)))
  await markets.take('ethusdt', minutes.slice(bars).map(times(4)))
  for (const symbol of ['btcusdt', 'ethusdt']) await isKnownUpTo(symbol, atMs + later * minuteMs)
  expect(JSON.parse(await ask({ path: '/v1/regime/btcusdt' }))).toMatchObject({
    close: expect.closeTo((minutes.at(-1)?.close ?? 0) / 2, 6) as number,
  })
  const after = await askAll()
  for (const [asked, text] of before) expect({ asked, text: after.get(asked) }).toEqual({ asked, text })
})
