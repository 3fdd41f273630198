import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { dataFolder } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { volatilityEndpoints } from '../src/services/volatility/contract/endpoints.ts'
import { venues } from '../src/services/volatility/domain/venue.ts'
import { barsUpTo } from '../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../src/services/volatility/testing/filled-markets.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { type Call, installPublicClient, type PublicClient } from './fixtures/public-client.ts'

/** Beside the checkout lie the wire's examples; where they do not, there is nothing to parse. */
const wire = dataFolder('../spec/volatility-wire.md')
const parser = fileURLToPath(new URL('./fixtures/parse-amaneki.py', import.meta.url))
const version = '0.6.0'

let client: PublicClient | undefined

beforeAll(async () => {
  client = await installPublicClient(version, 'amaneki')
}, 600_000)
afterAll(() => client?.remove())

/** A line of the wire's examples is a method of the client and the reply that it reads; a frame of the stream is none. */
function readExamples(): ReadonlyMap<string, string> {
  const text = readFileSync(wire, 'utf8')
  const block = /^## W7 [^]*?```text\n([^]*?)```/m.exec(text)?.[1] ?? ''
  return new Map(
    block
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])
      .filter(([name]) => name !== 'stream'),
  )
}

/** Which operation answers a call of the client, of those whose members are held against the examples. */
const operations: Readonly<Record<string, string>> = {
  get_regime: 'getRegime',
  get_history: 'getRegimeHistory',
  get_consensus: 'getConsensus',
  run_backtest: 'runBacktest',
  get_symbols: 'listSymbols',
  get_market_correlation: 'getMarketCorrelation',
  get_symbol_correlation: 'getSymbolCorrelation',
  transition_matrix: 'getRegimeMatrix',
  conditional_returns: 'getConditionalReturns',
  top_down: 'getTopDown',
  stories: 'listStories',
  lead_lag: 'getPairLeadLag',
  sizing: 'getSizing',
}

describe('wire-examples-parse-in-the-client', () => {
  it('and what they hold is what this server answers with', (test) => {
    if (!existsSync(wire)) {
      process.stderr.write('skipped: the examples of the wire are not there\n')
      return test.skip()
    }
    const examples = readExamples()
    for (const [call, id] of Object.entries(operations)) {
      const reply = volatilityEndpoints.find((endpoint) => endpoint.id === id)?.reply
      const schema = reply !== undefined && 'schema' in reply ? reply.schema : undefined
      const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
      const unknown = Object.keys(
        z.record(z.string(), z.unknown()).parse(JSON.parse(examples.get(call) ?? '')),
      ).filter((name) => !known.includes(name))
      expect({ call, unknown }).toEqual({ call, unknown: [] })
    }
  })

  it(version, { timeout: 300_000 }, async (test) => {
    if (client === undefined) return test.skip()
    if (!existsSync(wire)) {
      process.stderr.write('skipped: the examples of the wire are not there\n')
      return test.skip()
    }
    const examples = readExamples()
    expect(examples.size).toBeGreaterThan(14)
    const server = createServer((request, response) => {
      const [, name = ''] = (request.url ?? '').split('/')
      response.setHeader('content-type', 'application/json')
      response.end(examples.get(name))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The server has a port')
    const { out, err } = await client.run(parser, `http://127.0.0.1:${address.port}`, ...examples.keys())
    server.close()
    expect(err).toBe('')
    // Safe: this is what the parser prints.
    const { calls } = JSON.parse(out) as { readonly calls: readonly Call[] }
    expect(calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    expect(calls.map(({ name }) => name)).toEqual([...examples.keys()])
  })
})

/** Servers whose series are warm, by whether keys in URLs are allowed; each is started when it is first asked for. */
const servers = new Map<'on' | 'off', Promise<ComposedServer>>()

afterAll(async () => {
  for (const starting of servers.values()) await starting.then(({ stop }) => stop()).catch(() => undefined)
})

function warmServer(queryKey: 'on' | 'off'): Promise<ComposedServer> {
  const started = servers.get(queryKey) ?? startWarm(queryKey)
  servers.set(queryKey, started)
  return started
}

async function startWarm(queryKey: 'on' | 'off'): Promise<ComposedServer> {
  const server = await composeServer({
    GATEHOUSE_TRUSTED_PROXY_HOPS: '0',
    GATEHOUSE_STREAM_QUERY_KEY: queryKey,
  })
  await fillBoard(server)
  await tellDerivatives(server)
  return server
}

const owners = new WeakMap<ComposedServer, ReturnType<typeof setUpOwner>>()

async function keyOf(server: ComposedServer): Promise<string> {
  const owner = owners.get(server) ?? setUpOwner(server.client, server.ownerToken)
  owners.set(server, owner)
  return createKey(server.client, await owner, 'volatility')
}

/** What the client sends, and the members that it reads; `?` may be null, `??` also absent. */
const clientCall = z.strictObject({
  call: z.string(),
  request: z.string(),
  body: z.record(z.string(), z.unknown()).optional(),
  reads: z.string(),
})

describe('public-client-requests-get-the-fields-they-read', () => {
  const file = new URL('./fixtures/client-requests.json', import.meta.url)
  const calls = z.array(clientCall).parse(JSON.parse(readFileSync(file, 'utf8')))
  let key: string

  beforeAll(async () => {
    key = await keyOf(await warmServer('off'))
  }, 120_000)

  it.each(calls)('$call', async ({ request, body, reads }) => {
    const { client: own } = await warmServer('off')
    const [method = '', path = ''] = request.split(' ')
    const { status, text } = await own.send(path, { method, credential: key, body })
    expect({ status: Math.floor(status / 100), text }).toMatchObject({ status: 2 })
    const reply: unknown = JSON.parse(text)
    const found = reads.split(' ').map((read) => {
      const [member = '', wanted = ''] = read.split(':')
      return `${member}:${kindOf(member.split('.').reduce(step, reply), wanted)}`
    })
    expect(found).toEqual(reads.split(' '))
  })
})

/** A member of an object, or of a list. */
function step(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === member)?.[1]
    : undefined
}

/** What kind of value it is, in the words of the file; what may be missing is what was wanted. */
function kindOf(value: unknown, wanted: string): string {
  if (value === undefined) return wanted.endsWith('??') ? wanted : 'absent'
  if (value === null) return wanted.endsWith('?') ? wanted : 'null'
  return (Array.isArray(value) ? 'array' : typeof value) + wanted.replace(/^\w+/, '')
}

/** Beside the checkout lies a driver that asserts what the client parsed; where it does not, there is nothing to run. */
const driver = dataFolder('../clients/amaneki_drive.py')

describe('the-unpatched-client-completes-every-call', () => {
  it.for([
    ['refused', 'off'],
    ['open', 'on'],
  ] as const)(
    'and its stream is %s where keys in URLs are %s',
    { timeout: 600_000 },
    async ([stream, queryKey], test) => {
      if (client === undefined) return test.skip()
      if (!existsSync(driver)) {
        process.stderr.write('skipped: the driver of the client is not there\n')
        return test.skip()
      }
      const server = await warmServer(queryKey)
      const key = await keyOf(server)
      const asked = ['--base-url', `${server.origin}/v1`, '--api-key', key, '--json', '--stream', stream]
      const { out, err } = await client.run(driver, ...asked)
      expect(err).toBe('')
      const calls = out
        .trim()
        .split('\n')
        .map((line) => driven.parse(JSON.parse(line)))
      expect(calls.filter(({ ok }) => !ok)).toEqual([])
      expect(calls.filter(({ ok }) => ok).length).toBeGreaterThan(60)
      expect(calls.filter(({ name }) => name.endsWith('.stream')).length).toBe(2)
    },
  )
})

const driven = z.object({ ok: z.boolean(), name: z.string(), detail: z.string() })
const barsEach = 420

/** Gives two symbols on all venues bars of two timeframes up to now, and waits until the server has seen them. */
async function fillBoard(server: ComposedServer): Promise<void> {
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const [index, symbol] of ['btcusdt', 'ethusdt'].entries())
    for (const venue of venues)
      for (const timeframe of ['15m', '1m'] as const)
        await markets.fill(
          venue,
          symbol,
          timeframe,
          barsUpTo(drawBars(timeframe, barsEach, index + 1), timeframe, nowMs),
        )
  await markets.stop()
  await eventually('the server has seen the bars of all venues', async () => {
    const { available } = await server.client.ask<{ readonly available: number }>('/v1/consensus/ethusdt')
    return available === venues.length ? true : undefined
  })
}

/** What the feeds of derivatives would have kept of the last minute. */
async function tellDerivatives(server: ComposedServer): Promise<void> {
  const [at, nextFundingMs] = [new Date(Date.now() - 60_000), Date.now() + 3_600_000]
  const funding = { rate: 0.0001, intervalMinutes: 480, nextFundingMs, markPrice: 93_000, indexPrice: 93_010 }
  for (const [kind, product, figures] of [
    ['dvol', 'BTC', { open: 58, high: 59, low: 57, close: 58.4 }],
    ['dvol', 'ETH', { open: 68, high: 69, low: 67, close: 68.4 }],
    ['funding', 'BTCUSDT', funding],
    ['funding', 'ETHUSDT', funding],
  ] as const)
    await server.db.pool.query(
      'INSERT INTO volatility.reading (kind, product, at, figures) VALUES ($1, $2, $3, $4)',
      [kind, product, at, JSON.stringify(figures)],
    )
}
