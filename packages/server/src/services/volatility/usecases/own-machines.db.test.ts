import { randomUUID } from 'node:crypto'
import { asGate, asWriter, query } from '@gatehouse/kernel/db'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import type { MinuteBar } from '../domain/minute-gate.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { replayMachine, replaySeries } from '../domain/replay.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { laterBars } from '../fixtures/cut-bars.ts'
import { setBackOwnMachines } from '../store/own-machine-store.ts'
import { subscriptionQueue } from '../store/subscription-store.ts'
import { testMarkets, type TestMarkets, toMinutes } from '../testing/test-markets.ts'
import { beginOwnMachines } from './begin-own-machines.ts'
import { createHistoryCache } from './history-cache.ts'
import type { Ingested } from './ingest-minute.ts'
import { createOwnMachines, type OwnMachines } from './move-own-machines.ts'
import { tellSubscribers } from './tell-subscribers.ts'

const minuteMs = intervalMs['1m']
const day = Date.UTC(2026, 0, 5)
const never = new AbortController().signal
/** They leave and come back often, so that there is much to tell. */
const nervous: Thresholds = { highEnter: 1, highExit: 0.4, lowEnter: -1, lowExit: -0.4, enterK: 1, exitK: 2 }
const calmer: Thresholds = { ...nervous, highEnter: 1.6, lowEnter: -1.4, enterK: 2, exitK: 3 }

let markets: TestMarkets
let own: OwnMachines
let begin: () => Promise<void>
let isBroken = false
afterEach(() => markets.database.drop())

/** What a node has in memory, as one has that starts anew. */
function forget(): void {
  own = createOwnMachines((venue, symbol) => venue === 'binance' && symbol !== 'ethusdt')
  const begun = new Map<string, string>()
  const deps = {
    db: markets.database.db,
    histories: createHistoryCache(1_000_000),
    now: () => markets.clock.now(),
    primaries: () => [markets.find('binance', 'btcusdt')],
  }
  begin = () => beginOwnMachines(deps, begun, never)
}

async function start(): Promise<void> {
  markets = await testMarkets(['btcusdt', 'ethusdt'], day, {
    alongside: [
      tellSubscribers,
      async (tx, ingested) => own.move(tx, ingested),
      async () => {
        if (isBroken) throw new Error('The commit fails')
      },
    ],
    onCommit: (ingested: Ingested) => own.onCommit(ingested),
  })
  forget()
}

const restart = async (): Promise<void> => {
  await markets.restart()
  forget()
}

async function found(name: string): Promise<string> {
  const orgId = randomUUID()
  await asGate(markets.database, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, ${name}, ${orgId}, now(), now())`.execute(query(tx)),
  )
  return orgId
}

/** As somebody of the org does it now, in one transaction. */
async function save(orgId: string, name: string, version: number, thresholds: Thresholds): Promise<void> {
  const { highEnter, highExit, lowEnter, lowExit, enterK, exitK } = thresholds
  const { pool } = markets.database.db
  await pool.query(
    `INSERT INTO volatility.preset_version VALUES ($1, $2, $3, 'published', $4, $5, $6, $7, $8, $9, NULL, $10)`,
    [
      orgId,
      `${orgId}/${name}`,
      version,
      highEnter,
      highExit,
      lowEnter,
      lowExit,
      enterK,
      exitK,
      new Date(markets.clock.now()),
    ],
  )
  await pool.query(
    `INSERT INTO volatility.preset VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, name) DO UPDATE SET version = $4`,
    [orgId, name, `${orgId}/${name}`, version],
  )
  await raise(orgId)
}

async function raise(orgId: string): Promise<void> {
  await markets.database.db.pool.query(
    `INSERT INTO volatility.preset_head AS h VALUES ($1, 1) ON CONFLICT (org_id) DO UPDATE SET revision = h.revision + 1`,
    [orgId],
  )
}

async function remove(orgId: string): Promise<void> {
  const { pool } = markets.database.db
  await pool.query('DELETE FROM volatility.preset_version WHERE org_id = $1', [orgId])
  await pool.query('DELETE FROM volatility.preset WHERE org_id = $1', [orgId])
  await raise(orgId)
}

/** Minutes as they come; what is missing is said to be missing. */
async function take(bars: readonly MinuteBar[], symbol = 'btcusdt'): Promise<void> {
  const [first, last] = [bars.at(0), bars.at(-1)]
  if (first === undefined || last === undefined) return
  const until = last.openMs + minuteMs
  markets.clock.set(Math.max(markets.clock.now(), until))
  const { cursorMs } = markets.find('binance', symbol).market.gate
  const fromMs = cursorMs === null ? first.openMs : cursorMs + minuteMs
  await markets.take(symbol, bars, { covered: { fromMs, toMs: until } })
}

type Told = {
  readonly seq: string
  readonly version: number
  readonly text: string
  readonly ts_ms: number
}

const told = async (orgId: string, timeframe = '1m'): Promise<readonly Told[]> => {
  const { rows } = await markets.database.db.pool.query<Told>(
    `SELECT seq, (body ->> 'preset_version')::int AS version, (body ->> 'ts_ms')::float8 AS ts_ms,
            concat_ws(' ', body ->> 'ts_ms', body ->> 'from', body ->> 'to', body ->> 'z_vol', body ->> 'reason') AS text
       FROM volatility.event WHERE org_id = $1 AND body ->> 'timeframe' = $2 ORDER BY seq`,
    [orgId, timeframe],
  )
  return rows
}

/** What a replay of all bars says, without a database. */
function replayed(bars: readonly MinuteBar[], thresholds: Thresholds) {
  const openMs = Float64Array.from(bars, (bar) => bar.openMs)
  const series = replaySeries('1m', { openMs, closes: Float64Array.from(bars, ({ close }) => close) })
  const { transitions, end } = replayMachine({ timeframe: '1m', openMs, ...series }, thresholds)
  const lastZ = (bar: number): number => {
    let at = bar
    while (at >= 0 && Number.isNaN(series.z[at] ?? Number.NaN)) at -= 1
    return series.z[at] ?? 0
  }
  return {
    end,
    changes: transitions.map(({ tsMs, from, to, bar, reason }) => ({
      tsMs,
      text: `${tsMs} ${from} ${to} ${lastZ(bar)} ${reason}`,
    })),
  }
}

/** A market that is drawn, with short holes, and one that is longer than a series outlives. */
function drawMarket(seed: number): readonly MinuteBar[] {
  const drawn = drawBars('1m', 1_000, seed)
  const bars = toMinutes(laterBars(drawn, day - (drawn.openMs[0] ?? 0)))
  return bars.filter((_bar, index) => index % 97 !== 50 && (index < 620 || index > 870))
}

describe("machines of organisations' own presets", () => {
  it('live-restart-and-replay-agree-to-the-bit: whenever a preset is made or changed, its machine begins, and a node starts anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.integer({ min: 1, max: 36 }), { minLength: 6, maxLength: 6 }),
        async (seed, [made = 1, began = 1, changed = 1, beganAnew = 1, first = 1, second = 1]) => {
          await start()
          try {
            const acme = await found('Acme')
            const bars = drawMarket(seed)
            const size = 20
            let madeMs = 0
            let changedMs = Number.POSITIVE_INFINITY
            const changedAt = made + changed
            for (let piece = 0; piece * size < bars.length; piece += 1) {
              if (piece === made) {
                await save(acme, 'mine', 1, nervous)
                madeMs = markets.clock.now()
              }
              if (piece === changedAt) {
                await save(acme, 'mine', 2, calmer)
                changedMs = markets.clock.now()
              }
              if (piece === made + began || piece === changedAt + beganAnew) await begin()
              if (piece === first || piece === second) await restart()
              await take(bars.slice(piece * size, (piece + 1) * size))
            }
            await begin()
            const isChanged = changedMs < Number.POSITIVE_INFINITY
            const now = replayed(bars, isChanged ? calmer : nervous)
            const heard = await told(acme)
            expect(
              heard.filter(({ version }) => version === (isChanged ? 2 : 1)).map(({ text }) => text),
            ).toEqual(
              now.changes
                .filter(({ tsMs }) => tsMs > (isChanged ? changedMs : madeMs))
                .map(({ text }) => text),
            )
            // One that was changed before its machine began has nobody told of anything.
            if (isChanged && changed > began)
              expect(heard.filter(({ version }) => version === 1).map(({ text }) => text)).toEqual(
                replayed(bars, nervous)
                  .changes.filter(({ tsMs }) => tsMs > madeMs && tsMs <= changedMs)
                  .map(({ text }) => text),
              )
            const { rows } = await markets.database.db.pool.query(
              `SELECT regime, run, preset_version AS version, (newest ->> 'tsMs')::float8 AS "newestMs"
                 FROM volatility.org_machine JOIN volatility.series USING (series_id)
                WHERE org_id = $1 AND timeframe = '1m'`,
              [acme],
            )
            expect(rows).toEqual([
              { ...now.end, version: isChanged ? 2 : 1, newestMs: now.changes.at(-1)?.tsMs ?? null },
            ])
          } finally {
            await markets.database.drop()
          }
        },
      ),
      { numRuns: 3, endOnFailure: true },
    )
    await start()
  })

  it("presets-and-subscriptions-stay-with-their-org: of a change by an organisation's preset that organisation alone is told, under whatever name", async () => {
    await start()
    const [acme, other] = [await found('Acme'), await found('Other')]
    const { pool } = markets.database.db
    for (const [orgId, thresholds] of [
      [acme, nervous],
      [other, { ...nervous, highEnter: 9, lowEnter: -9 }],
    ] as const) {
      await save(orgId, 'mine', 1, thresholds)
      await pool.query(
        `INSERT INTO volatility.subscription (org_id, number, id, kind, shown, sealed_target, events, symbols, timeframes,
           to_regimes, preset, method, description, state, created_at)
         VALUES ($1, 1, $2, 'https', 'x', 'x', '{regime.transition}', '{}', '{1m}', '{low,normal,high}', 'mine',
           'published', '', 'active', now())`,
        [orgId, `${orgId}/1`],
      )
    }
    await begin()
    const bars = drawMarket(7).slice(0, 560)
    await take(bars)
    const changes = await told(acme)
    expect(changes.length).toBeGreaterThan(3)
    expect(await told(other)).toEqual([])
    const { rows } = await pool.query<{ org_id: string; ids: number }>(
      `SELECT org_id, count(*)::int AS ids FROM gatehouse.delivery WHERE queue = $1 GROUP BY org_id`,
      [subscriptionQueue],
    )
    expect(rows).toEqual([{ org_id: acme, ids: changes.length }])
    // What a built-in preset finds is told as before, and in one order with the rest.
    const { rows: all } = await pool.query<{ seq: string }>('SELECT seq FROM volatility.event ORDER BY seq')
    expect(new Set(all.map(({ seq }) => seq)).size).toBe(all.length)
    // A venue that does not stand for the symbol has none of them, and a deleted preset has none either.
    await take(bars, 'ethusdt')
    expect((await told(acme)).length).toBe(changes.length)
    await remove(acme)
    await take(drawMarket(7).slice(560))
    expect((await told(acme)).length).toBe(changes.length)
    await begin()
    const { rows: left } = await pool.query(
      `SELECT org_id FROM volatility.org_machine UNION ALL SELECT org_id FROM volatility.org_transition`,
    )
    expect(left.filter(({ org_id }) => org_id === acme)).toEqual([])
    expect(left.length).toBeGreaterThan(0)
  })

  it('a commit that fails moves nothing, and what comes next goes on from what is stored', async () => {
    await start()
    const acme = await found('Acme')
    await save(acme, 'mine', 1, nervous)
    await begin()
    const bars = drawMarket(3).slice(0, 500)
    await take(bars.slice(0, 400))
    const { pool } = markets.database.db
    isBroken = true
    await expect(take(bars.slice(400, 450))).rejects.toThrow('The commit fails')
    isBroken = false
    await markets.deps.book.refresh()
    await take(bars.slice(400))
    expect((await told(acme)).map(({ text }) => text)).toEqual(
      replayed(bars, nervous).changes.map(({ text }) => text),
    )
    // The same thresholds under a name of one's own find the same.
    await save(acme, 'copy', 1, builtInPresets.aggressive)
    await begin()
    const { rows } = await pool.query(
      `SELECT m.regime, m.run, m.entered_ms FROM volatility.machine m WHERE preset = 'aggressive' AND series_id IN
         (SELECT series_id FROM volatility.series JOIN volatility.market USING (market_id) WHERE symbol = 'btcusdt')
        ORDER BY series_id`,
    )
    const { rows: copies } = await pool.query(
      `SELECT regime, run, entered_ms FROM volatility.org_machine m JOIN volatility.preset p ON p.id = m.preset_id
         JOIN volatility.series s USING (series_id)
        WHERE p.name = 'copy' AND s.last_open_ms IS NOT NULL ORDER BY series_id`,
    )
    expect(copies).toEqual(rows)
    // A series that is computed anew has its machines begin anew, and nobody is told again.
    const heard = (await told(acme)).length
    const { rows: ids } = await pool.query<{ series_id: number }>('SELECT series_id FROM volatility.series')
    await asWriter(markets.database, (tx) =>
      setBackOwnMachines(
        tx,
        ids.map(({ series_id: seriesId }) => seriesId),
      ),
    )
    await restart()
    await begin()
    expect((await told(acme)).length).toBe(heard)
    const { rows: anew } = await pool.query<{ version: number }>(
      'SELECT DISTINCT preset_version AS version FROM volatility.org_machine',
    )
    expect(anew).toEqual([{ version: 1 }])
  })
})
