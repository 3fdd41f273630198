import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { dataFolder } from '@gatehouse/kernel/testing'
import { describe, expect, it } from 'vitest'
import { readBinanceBars, readBinanceFrame } from './binance.ts'
import { judgeBybitReply, readBybitBars, readBybitFrame } from './bybit.ts'
import { readCoinbaseBars, readCoinbaseFrame, readCoinbasePerpBars, readCoinbaseTrades } from './coinbase.ts'
import { MinuteBuilder } from './minute-builder.ts'

const captures = dataFolder('market/captures')
const isMissing = !existsSync(captures)
if (isMissing) process.stderr.write('Recorded frames are not tried: they are not there\n')

/** What the venue sent, without what the recorder says of the connection and of the client. */
function readCapture(name: string): readonly string[] {
  const lines = gunzipSync(readFileSync(join(captures, name)))
    .toString('utf8')
    .split('\n')
  return lines.flatMap((line) => /^[\d.]+: (.+)$/.exec(line)?.[1] ?? [])
}

describe.skipIf(isMissing)('recorded frames parse exactly', () => {
  it('Binance: two klines, neither closed, and nothing refused', () => {
    const frames = readCapture('binance_combined_stream_2021-10.txt.gz').flatMap(readBinanceFrame)
    expect(frames).toHaveLength(265)
    expect(frames.filter(({ kind }) => kind === 'ignored')).toHaveLength(263)
    const bars = frames.filter((frame) => frame.kind === 'bar')
    expect(bars).toMatchObject([
      {
        code: 'NKNUSDT',
        isClosed: false,
        openMs: 1633998480000,
        open: 0.3527,
        high: 0.3528,
        low: 0.3522,
        close: 0.3528,
        trades: 30,
      },
      { code: 'LRCBTC', isClosed: false, open: 0.00000638, high: 0.00000638, low: 0.00000638, trades: 1 },
    ])
  })

  const frames = isMissing ? [] : readCapture('coinbase_feed_2021-04.txt.gz').flatMap(readCoinbaseFrame)
  const trades = frames.filter((frame) => frame.kind === 'trade')

  it('Coinbase: every message is known, and trade ids follow each other from the last match on', () => {
    expect(frames).toHaveLength(217)
    const kinds = Object.groupBy(frames, ({ kind }) => kind)
    expect([kinds.ignored?.length, kinds.answer?.length, kinds.refused]).toEqual([107, 3, undefined])
    expect(trades.filter(({ isFirst }) => isFirst)).toHaveLength(10)
    expect(trades.filter(({ isFirst }) => !isFirst)).toHaveLength(97)
    for (const ofProduct of Object.values(Object.groupBy(trades, ({ code }) => code))) {
      const ids = (ofProduct ?? []).map(({ tradeId }) => tradeId)
      expect(ids).toEqual(ids.map((_id, index) => (ids[0] ?? 0) + index))
    }
  })

  it.each([
    ['SKL-USD', '16:44', [0.791, 0.7912, 0.7901, 0.7902, 6635.3, 32]],
    ['DASH-BTC', '16:44', [0.00619307, 0.00619947, 0.00619307, 0.00619947, 11.623, 11]],
    ['YFI-BTC', '16:44', undefined],
    ['CRV-EUR', '16:44', undefined],
  ])('the minute that %s had at %s', (code, minute, expected) => {
    const builder = new MinuteBuilder()
    const openMs = Date.parse(`2021-04-17T${minute}:00Z`)
    for (const trade of trades.filter((one) => one.code === code))
      if (trade.isFirst) builder.first({ ...trade, timeMs: Math.max(trade.timeMs, openMs - 30_000) })
      else builder.trade(trade, 0)
    const lastId = Math.max(...trades.filter((one) => one.code === code).map(({ tradeId }) => tradeId))
    // The recording ends within the minute: the venue's word that there was no more closes it.
    builder.pulse(openMs + 61_000, lastId, 0)
    const [built] = builder.take()
    expect(built?.openMs).toBe(openMs)
    const { prices } = built ?? {}
    if (expected === undefined) expect(prices).toBeUndefined()
    else {
      const { open, high, low, close, volume = Number.NaN, trades: n } = prices ?? {}
      expect([open, high, low, close, n]).toEqual([...expected.slice(0, 4), expected[5]])
      expect(volume).toBeCloseTo(expected[4] ?? 0, 9)
    }
  })
})

const kline = {
  e: 'kline',
  E: 1767225660012,
  s: 'BTCUSDT',
  k: {
    t: 1767225600000,
    T: 1767225659999,
    s: 'BTCUSDT',
    i: '1m',
    f: 100,
    L: 200,
    o: '87648.21',
    c: '87650.00',
    h: '87650.01',
    l: '87640.5',
    v: '3.2',
    n: 101,
    x: true,
    q: '280474.1',
    V: '1',
    Q: '1',
    B: '0',
  },
}

const bybitKline = {
  topic: 'kline.1.BTCUSDT',
  type: 'snapshot',
  ts: 1767225660100,
  data: [
    {
      start: 1767225600000,
      end: 1767225659999,
      interval: '1',
      open: '87648.2',
      close: '87650',
      high: '87651',
      low: '87640',
      volume: '3.2',
      turnover: '280474.1',
      confirm: true,
      timestamp: 1767225659000,
    },
  ],
}

describe('a frame', () => {
  it('of a closed kline is a closed bar, bare or combined, whatever fields are new', () => {
    const expected = {
      kind: 'bar',
      code: 'BTCUSDT',
      isClosed: true,
      openMs: 1767225600000,
      open: 87648.21,
      high: 87650.01,
      low: 87640.5,
      close: 87650,
      volume: 3.2,
      quoteVolume: 280474.1,
      trades: 101,
      venueMs: 1767225660012,
    }
    expect(readBinanceFrame(JSON.stringify(kline))).toEqual([expected])
    const combined = { stream: 'btcusdt@kline_1m', data: { ...kline, isNew: 1, k: { ...kline.k, Z: 'new' } } }
    expect(readBinanceFrame(JSON.stringify(combined))).toEqual([expected])
    expect(readBybitFrame(JSON.stringify(bybitKline))).toMatchObject([
      { ...expected, open: 87648.2, high: 87651, low: 87640, trades: null, venueMs: 1767225660100 },
    ])
  })

  it.each([
    ['cut short', JSON.stringify(kline).slice(0, -5)],
    ['a number where text belongs', JSON.stringify({ ...kline, k: { ...kline.k, c: 87650 } })],
    ['NaN', JSON.stringify({ ...kline, k: { ...kline.k, c: 'NaN' } })],
    ['empty', JSON.stringify({ ...kline, k: { ...kline.k, c: '' } })],
    ['negative', JSON.stringify({ ...kline, k: { ...kline.k, c: '-1' } })],
    ['with an exponent', JSON.stringify({ ...kline, k: { ...kline.k, c: '1e308' } })],
    ['in microseconds', JSON.stringify({ ...kline, k: { ...kline.k, t: 1767225600000000 } })],
    ['in seconds', JSON.stringify({ ...kline, k: { ...kline.k, t: 1767225600 } })],
    ['of another interval', JSON.stringify({ ...kline, k: { ...kline.k, i: '5m' } })],
    ['no object', '[1,2]'],
    ['with data that is none', '{"stream":"btcusdt@kline_1m","data":null}'],
  ])('that is %s is refused whole', (_what, text) => {
    expect(readBinanceFrame(text)).toMatchObject([{ kind: 'refused' }])
  })

  it.each([
    [readBinanceFrame, '{"e":"serverShutdown","E":1767225660012}', 'ending'],
    [readBinanceFrame, '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}', 'ending'],
    [readBinanceFrame, '{"result":null,"id":1}', 'answer'],
    [readBinanceFrame, '{"code":2,"msg":"Invalid request"}', 'failure'],
    [readBinanceFrame, '{"e":"somethingNew"}', 'ignored'],
    [readBybitFrame, '{"success":true,"ret_msg":"pong","conn_id":"x","op":"ping"}', 'pulse'],
    [readBybitFrame, '{"req_id":"","op":"pong","args":["1767225660012"],"conn_id":"x"}', 'pulse'],
    [readBybitFrame, '{"success":true,"ret_msg":"subscribe","conn_id":"x","op":"subscribe"}', 'answer'],
    [readBybitFrame, '{"success":false,"ret_msg":"error","conn_id":"x","op":"subscribe"}', 'failure'],
    [readBybitFrame, '{"topic":"publicTrade.BTCUSDT","data":[]}', 'ignored'],
    [readBybitFrame, '{"topic":"kline.1.BTCUSDT","ts":1767225660012,"data":{}}', 'refused'],
    [readCoinbaseFrame, '{"type":"subscriptions","channels":[]}', 'answer'],
    [readCoinbaseFrame, '{"type":"error","message":"Failed to subscribe","reason":"X is not"}', 'failure'],
    [readCoinbaseFrame, '{"type":"match","trade_id":0}', 'refused'],
    [readCoinbaseFrame, '{"type":"status"}', 'ignored'],
    [readCoinbaseFrame, '{', 'refused'],
  ] as const)('%#: %s', (read, text, kind) => {
    expect(read(text)).toMatchObject([{ kind }])
  })

  it('of a heartbeat gives the clock of the venue, and its last trade unless that is stuck at 0', () => {
    const heartbeat = (last_trade_id: number): string =>
      JSON.stringify({
        type: 'heartbeat',
        sequence: 90,
        last_trade_id,
        product_id: 'BTC-USD',
        time: '2026-01-01T00:00:01.464459Z',
      })
    const venueMs = Date.UTC(2026, 0, 1, 0, 0, 1, 464)
    expect(readCoinbaseFrame(heartbeat(20))).toMatchObject([{ code: 'BTC-USD', venueMs, lastTradeId: 20 }])
    expect(readCoinbaseFrame(heartbeat(0))).toMatchObject([{ venueMs, lastTradeId: undefined }])
  })
})

describe('a page of bars', () => {
  it('is read in the order of columns that each venue has', () => {
    const binance = [1767225600000, '1', '4', '0.5', '2', '10', 1767225659999, '20', 7, '1', '1', '0']
    expect(readBinanceBars([binance])).toEqual([
      {
        openMs: 1767225600000,
        open: 1,
        high: 4,
        low: 0.5,
        close: 2,
        volume: 10,
        quoteVolume: 20,
        trades: 7,
      },
    ])
    const bars = { openMs: 1767225600000, open: 1, high: 4, low: 0.5, close: 2, volume: 10, trades: null }
    const list = [['1767225600000', '1', '4', '0.5', '2', '10', '20']]
    expect(readBybitBars({ retCode: 0, result: { list } })).toEqual([{ ...bars, quoteVolume: 20 }])
    expect(readCoinbaseBars([[1767225600, 0.5, 4, 1, 2, 10]])).toEqual([{ ...bars, quoteVolume: null }])
    const candle = { start: '1767225600', low: '0.5', high: '4', open: '1', close: '2', volume: '10' }
    expect(readCoinbasePerpBars({ candles: [candle] })).toEqual([{ ...bars, quoteVolume: null }])
    const trade = { trade_id: 5, side: 'buy', size: '2', price: '1.5', time: '2026-01-01T00:00:00Z' }
    expect(readCoinbaseTrades([trade])).toEqual([{ tradeId: 5, size: 2, price: 1.5, timeMs: 1767225600000 }])
  })

  it('with one wrong cell is no page', () => {
    expect(() => readBinanceBars([[1767225600000, 1, '4', '0.5', '2', '10', 1, '20', 7]])).toThrow()
    expect(() =>
      readBybitBars({ result: { list: [[1767225600000, '1', '1', '1', '1', '1', '1']] } }),
    ).toThrow()
    expect(() => readCoinbaseBars([[1767225600, 0, 4, 1, 2, 10]])).toThrow()
    expect(() => readCoinbaseBars({ message: 'NotFound' })).toThrow()
  })
})

it.each([
  [200, { retCode: 0 }, 'answered'],
  [200, { retCode: 10_006 }, 'banned'],
  [200, { retCode: 10_001 }, 'failed'],
  [200, undefined, 'failed'],
  [403, 'access too frequent', 'banned'],
  [503, undefined, 'failed'],
] as const)('an answer of Bybit with status %i and %o is %s', (status, body, kind) => {
  expect(judgeBybitReply({ status, headers: {}, body }).kind).toBe(kind)
})
