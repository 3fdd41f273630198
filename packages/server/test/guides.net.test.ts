import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { programEnv } from './fixtures/program-env.ts'
import { installPublicClient } from './fixtures/public-client.ts'
import { type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const patienceMs = 600_000

let server: SpawnedServer
let folder: string
let receiverPort: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-guide-'))
  // As in a folder of the checkout, where the SDK is found.
  await mkdir(join(folder, 'node_modules'))
  await symlink(
    fileURLToPath(new URL('../../../node_modules/@gatehouse', import.meta.url)),
    join(folder, 'node_modules/@gatehouse'),
  )
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  receiverPort = await findFreePort()
  server = await spawnServer({
    GATEHOUSE_FEEDS: 'simulated',
    GATEHOUSE_PROBES: 'off',
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${receiverPort}`,
  })
}, patienceMs)
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Of this machine, where nobody listens. */
async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  if (address === null || typeof address === 'string') throw new Error('A listener has a port')
  return address.port
}

/** The commands of a guide, but for the one that starts the server, as one script; its programs lie beside it. */
async function readScript(name: string): Promise<string> {
  const text = await readFile(new URL(`../../../docs/guides/${name}`, import.meta.url), 'utf8')
  for (const [, file = '', program = ''] of text.matchAll(/^```(?:ts|py)\n(?:\/\/|#) (\S+)\n(.*?)^```$/gms))
    await writeFile(join(folder, file), program)
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands)
  return blocks.filter((commands) => !commands.endsWith('npm start\n')).join('\n')
}

/** Runs it as somebody in a checkout would, with the command of this source in place of the installed one. */
async function run(script: string): Promise<string> {
  const npx = `npx() { shift; '${process.execPath}' '${main}' "$@"; }\nnode() { '${process.execPath}' "$@"; }`
  const { stdout } = await promisify(execFile)(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', `${npx}\n${script}`],
    {
      cwd: folder,
      env: {
        ...programEnv(),
        GATEHOUSE_URL: server.origin,
        GATEHOUSE_DATA: server.dataFolder,
        RECEIVER_PORT: String(receiverPort),
      },
    },
  )
  return stdout
}

it(
  'the oversight guide ends with a receipt that verifies, and a forged one that does not',
  async () => {
    const said = await run(await readScript('oversight.md'))
    expect(said).toContain('analyst-42 in financial: not enough decisions yet')
    expect(said).toMatch(/^receipt rcp_/m)
    expect(said).toContain('"identical":true')
    expect(said).toMatch(/^as published$/m)
    expect(said).toContain('found out')
    expect(said).toContain('3 lines: 2 counted, 0 there already, 1 rejected')
    expect(said).toMatch(/"line":3.*time_to_decision_ms/)
    expect(said).toMatch(/^rep_2026Q1_\w+ {2}2026-01-01 to 2026-03-31 {2}revision 1 {2}insufficient_data$/m)
  },
  patienceMs,
)

it(
  'the guide for agents ends with one that acted once, on the word of a person',
  async () => {
    const said = await run(await readScript('agents.md'))
    expect(said).toContain('waiting for a person: async_review')
    expect(said).toMatch(/^approve by reviewer: auto\nacting$/m)
    expect(said.match(/^acting$/gm)).toHaveLength(1)
    expect(said).toMatch(/^acted before$/m)
  },
  patienceMs,
)

it(
  'the volatility guide ends with a bot that asks first, and takes no answer for a no',
  async () => {
    const said = await run(await readScript('volatility.md'))
    expect(said).toMatch(/^btcusdt 1h: (low|normal|high), z -?[\d.]+, for \d+/m)
    expect(said).toMatch(/^again: 304$/m)
    for (const timeframe of ['15m', '1h'])
      expect(said).toMatch(new RegExp(`^btcusdt ${timeframe} is (low|normal|high)$`, 'm'))
    expect(said).toMatch(/^closed: 1000/m)
    expect(said).toMatch(/^proven: webhook.test evt_/m)
    expect(said).toMatch(/^\d+ trades over \d+ bars: return -?[\d.]+%/m)
    const state = /^btcusdt 1h is (\w+)$/m.exec(said)?.[1]
    expect(said).toContain(`BTC/USDT ${state === 'high' ? 'wait' : 'enter'}\nBTC/USDT wait\n`)
    expect(said).toMatch(/^open_ms,ts_ms,close,regime,confidence$/m)
    const rows = (await readFile(join(folder, 'regime.csv'), 'utf8')).trimEnd().split('\n').slice(1)
    expect(rows.filter((row) => /,(low|normal|high),[\d.]*$/.test(row)).length).toBeGreaterThan(20)
  },
  patienceMs,
)

it(
  'bot-columns-never-see-an-unfinished-bar: a row that ends with a candle is beside it, and one that ends later is not',
  async (test) => {
    const python = await installPublicClient('2.3.3', 'pandas')
    if (python === undefined) return test.skip()
    await readScript('volatility.md')
    const driver = join(folder, 'drive_columns.py')
    await writeFile(driver, columnsDriver)
    const { code, out, err } = await python.run(driver)
    await python.remove()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toEqual([
      { at: 0, regime: 'normal', confidence: 0.9 },
      { at: 60_000, regime: 'high', confidence: 0.2 },
      // A row ends a millisecond after this candle: it is told of the next one, and this one has what was known before.
      { at: 120_000, regime: 'high', confidence: 0.2 },
      { at: 180_000, regime: 'low', confidence: null },
      { at: 240_000, regime: null, confidence: null },
    ])
  },
  patienceMs,
)

/** Candles of a minute: rows end with the first two, one a moment after the third, and none is near the last. */
const columnsDriver = `import json
import pandas
from regime_columns import add_regime

candles = pandas.DataFrame({"date": pandas.to_datetime([0, 60_000, 120_000, 180_000, 240_000], unit="ms", utc=True)})
rows = pandas.DataFrame({
    "ts_ms": [60_000, 120_000, 180_001],
    "regime": ["normal", "high", "low"],
    "confidence": [0.9, 0.2, None],
})
told = add_regime(candles, rows, 60_000)
print(json.dumps([
    {
        "at": int(row.date.timestamp() * 1000),
        "regime": None if pandas.isna(row.regime) else row.regime,
        "confidence": None if pandas.isna(row.confidence) else row.confidence,
    }
    for row in told.itertuples()
]))
`

it(
  'the guide to probing from outside ends with a claim that two lent organisations let decide',
  async () => {
    const said = await run(await readScript('probe-from-outside.md'))
    expect(JSON.parse(said)).toMatchObject({
      results: [{ claim: 'tenancy.org-comes-from-the-key', verdict: 'holds' }],
    })
  },
  patienceMs,
)
