import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { asGate, asWriter, query } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { getHistory, regimeReply } from '../contract/regime.ts'
import { classify } from '../domain/classified-series.ts'
import type { ServedMethod } from '../domain/contest.ts'
import type { MethodDrive } from '../domain/method-drive.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { replayMachine } from '../domain/replay.ts'
import { laterBars } from '../fixtures/cut-bars.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { insertCalibration } from '../store/calibration-store.ts'
import { testMarkets, type TestMarkets, toMinutes } from '../testing/test-markets.ts'
import { adoptPresets } from './adopt-presets.ts'
import { applyCalibration } from './apply-calibration.ts'
import { beginOwnMachines } from './begin-own-machines.ts'
import { Board } from './board.ts'
import { findAsked } from './choose-preset.ts'
import { createHistoryCache, historyKinds } from './history-cache.ts'
import type { Ingested } from './ingest-minute.ts'
import { createOwnMachines, type OwnMachines } from './move-own-machines.ts'
import { savePreset } from './own-presets.ts'
import { readHistory, readRegime } from './read-regime.ts'
import { tellSubscribers } from './tell-subscribers.ts'

const minuteMs = 60_000
const day = Date.UTC(2026, 0, 5)
const never = new AbortController().signal
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const audit = createAuditLog({ id: 'test-1', privateKey, publicKey })
const of = { venue: 'binance', symbol: 'btcusdt', timeframe: '1m' } as const
const forecast = (mean: number): MethodDrive => ({
  kind: 'forecast',
  coefficients: [0, 0.4, 0.3, 0.2, 0.1],
  mean,
  deviation: 0.2,
})

let markets: TestMarkets
let own: OwnMachines
afterEach(() => markets.database.drop())

const drawn = drawBars('1m', 2_300, 11)
const bars = toMinutes(laterBars(drawn, day - (drawn.openMs[0] ?? 0))).filter(
  (_bar, index) => index % 97 !== 50,
)

async function start() {
  markets = await testMarkets(['btcusdt', 'ethusdt'], day, {
    alongside: [tellSubscribers, async (tx, ingested) => own.move(tx, ingested)],
    onCommit: (ingested: Ingested) => own.onCommit(ingested),
  })
  own = createOwnMachines(() => true)
  const { clock, database } = markets
  const { db } = database
  const board = new Board({ db, clock })
  const histories = createHistoryCache(1_000_000)
  const orgId = randomUUID()
  await asGate(database, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, 'Acme', ${orgId}, now(), now())`.execute(query(tx)),
  )
  const caller: KeyPrincipal = {
    kind: 'key',
    orgId,
    service: 'volatility',
    keyId: randomUUID(),
    keyPrefix: 'ak_01234567',
    scopes: [],
    ip: '192.0.2.1',
  }
  const deps = { db, board, clock, histories, audit, billing: noBilling, cursors: noCursors }
  return {
    deps,
    caller,
    begin: () =>
      beginOwnMachines(
        { db, histories, now: clock.now, primaries: () => [markets.find('binance', 'btcusdt')] },
        new Map(),
        never,
      ),
    restart: async () => {
      await markets.restart()
      own = createOwnMachines(() => true)
      await board.refresh()
    },
    take: async (from: number, to: number) => {
      const some = bars.slice(from, to)
      const untilMs = (some.at(-1)?.openMs ?? 0) + minuteMs
      clock.set(untilMs)
      const fromMs = from === 0 ? day : (bars[from - 1]?.openMs ?? 0) + minuteMs
      await markets.take('btcusdt', some, { covered: { fromMs, toMs: untilMs } })
      await board.refresh()
    },
    /** Makes levels those of all presets by a method. */
    calibrate: async (method: ServedMethod, drive: MethodDrive, thresholds: Thresholds) => {
      const id = newId(clock.now())
      const fitted = { thresholds, macroF1: 0, alertsPerDay: 0 }
      await asWriter({ db }, (tx) =>
        insertCalibration(
          tx,
          {
            id,
            ...of,
            method,
            dataFromMs: 0,
            dataToMs: 1,
            bars: 1,
            codeVersion: 1,
            because: 'command',
            drive,
            presets: { conservative: fitted, balanced: fitted, aggressive: fitted },
            scores: [],
          },
          clock.now(),
        ),
      )
      await applyCalibration(deps, id)
      expect(await adoptPresets(deps, never)).toBe(1)
    },
  }
}

/** No plan limits anybody. */
const noBilling = {
  arePlansOn: false,
  apiKey: undefined,
  apiUrl: '',
  prices: new Map<string, 'pro' | 'desk'>(),
  webhookSecrets: [],
}

/** No page is asked for. */
const noCursors = { seal: () => '', open: () => undefined }

const changesIn = async (table: string, sinceMs: number, which: string): Promise<readonly object[]> => {
  const { rows } = await markets.database.db.pool.query<object>(
    `SELECT t.ts_ms::float8 AS at, t.from_regime, t.to_regime, t.z, t.baseline, t.rv, t.close, t.reason
       FROM volatility.${table} t JOIN volatility.series s USING (series_id)
      WHERE s.timeframe = '1m' AND t.ts_ms > ${sinceMs} AND ${which} ORDER BY t.ts_ms`,
  )
  return rows
}

describe('own-presets-follow-the-method-that-they-name', () => {
  it.each<[method: ServedMethod, drive: MethodDrive, next: MethodDrive, thresholds: Thresholds]>([
    [
      'rv-level',
      { kind: 'level' },
      { kind: 'level' },
      { highEnter: -1.6, highExit: -1.68, lowEnter: -1.83, lowExit: -1.75, enterK: 1, exitK: 2 },
    ],
    [
      'har-gk',
      forecast(-17.15),
      forecast(-17.25),
      { highEnter: 0.5, highExit: 0.2, lowEnter: -0.6, lowExit: -0.3, enterK: 1, exitK: 2 },
    ],
  ])(
    'the state by %s is that of the preset of everybody with the same levels, live, after a restart and read',
    async (method, drive, next, thresholds) => {
      const { deps, caller, begin, restart, take, calibrate } = await start()
      const wanted = {
        name: 'mine',
        method,
        high_enter: thresholds.highEnter,
        high_exit: thresholds.highExit,
        low_enter: thresholds.lowEnter,
        low_exit: thresholds.lowExit,
        enter_k: thresholds.enterK,
        exit_k: thresholds.exitK,
      }
      await take(0, 1_700)
      await expect(savePreset(deps, caller, wanted, 'either')).rejects.toMatchObject({
        code: 'method_not_calibrated',
        fields: [{ field: 'method' }],
      })
      await calibrate(method, drive, thresholds)
      await restart()
      const { preset: saved } = await savePreset(deps, caller, wanted, 'either')
      expect(saved).toMatchObject({ method, version: 1, high_enter: thresholds.highEnter })
      const madeMs = deps.clock.now()
      const mine = () => findAsked({ db: deps.db }, caller, 'mine', 'published')
      const theirs = { preset: 'balanced', method }
      const read = async (preset: Awaited<ReturnType<typeof mine>>) => {
        const { body } = await readRegime(deps, 'btcusdt', { timeframe: '1m', preset, venue: undefined })
        const {
          regime,
          z_vol: z,
          baseline_vol: baseline,
          seconds_in_state: seconds,
        } = regimeReply.parse(JSON.parse(body))
        return { regime, z, baseline, seconds }
      }
      // Before its machine begins, as after.
      expect(await read(await mine())).toEqual(await read(theirs))
      await begin()
      await take(1_700, 1_900)
      await restart()
      await take(1_900, 2_050)
      expect(await read(await mine())).toEqual(await read(theirs))
      const told = await changesIn('org_transition', madeMs, `t.org_id = '${caller.orgId}'`)
      expect(told.length).toBeGreaterThan(2)
      expect(told).toEqual(
        await changesIn('transition', madeMs, `t.preset = 'balanced' AND t.method = '${method}'`),
      )
      const history = async (preset: Awaited<ReturnType<typeof mine>>) => {
        const asked = { timeframe: '1m', preset, limit: 10_000 } as const
        const { transitions } = getHistory.reply.schema.parse(await readHistory(deps, 'btcusdt', asked))
        return transitions.map(({ ts_ms: at, to, z_vol: z }) => [at, to, z])
      }
      expect(await history(await mine())).toEqual(await history(theirs))
      await expect(
        readHistory(deps, 'ethusdt', { timeframe: '1m', preset: await mine(), limit: 10 }),
      ).rejects.toMatchObject({ code: 'method_not_calibrated' })
      // Another calibration drives it anew, from the first bar on, and nobody is told.
      const [before] = await countTold(caller.orgId)
      await calibrate(method, next, { ...thresholds, highEnter: 5, lowEnter: -5 })
      await restart()
      await begin()
      expect(await countTold(caller.orgId)).toEqual([before])
      await take(2_050, bars.length)
      const stored = await deps.histories.read(deps, of, historyKinds.whole)
      const { end } = replayMachine(classify(stored, { ...thresholds, drive: next }), thresholds)
      const { rows } = await deps.db.pool.query(
        `SELECT regime, run FROM volatility.org_machine JOIN volatility.series USING (series_id)
          WHERE org_id = $1 AND timeframe = '1m'`,
        [caller.orgId],
      )
      expect(rows).toEqual([end])
    },
    120_000,
  )
})

const countTold = async (orgId: string): Promise<readonly object[]> => {
  const { rows } = await markets.database.db.pool.query<object>(
    'SELECT count(*)::int AS told FROM volatility.event WHERE org_id = $1',
    [orgId],
  )
  return rows
}
