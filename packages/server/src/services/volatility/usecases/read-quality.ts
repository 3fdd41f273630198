import { asGate } from '@gatehouse/kernel/db'
import { prepareReply, type PreparedReply } from '@gatehouse/kernel/endpoint'
import { type QualityReply, qualityReply } from '../contract/quality.ts'
import type { VolatilityDeps } from '../deps.ts'
import { midnightOf } from '../domain/day-table.ts'
import { barsAhead, returnsAhead } from '../domain/labels.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { findLiveQuality, findQuality, findQualityStamp } from '../store/quality-store.ts'
import { listRangeTables } from '../store/range-store.ts'
import type { SeriesSnapshot } from './board.ts'
import { type ChosenPreset, choosePreset, chooseVenue, findSymbol, keyOfPreset } from './choose-series.ts'
import { findForecaster } from './make-range-tables.ts'
import { qualityLimits, toLive, toMeasuredQuality } from './describe-quality.ts'
import type { AskedSeries } from './read-classified.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'db'>

/** Number of cached panels. */
const keptMost = 1_000

type Kept = { readonly stamp: string; readonly reply: PreparedReply<QualityReply> }

/**
 * Reads the quality of a series, as measured by calibrations and at each midnight. The reply is cached until its data
 * changes. Throws as `choosePreset` does.
 */
export function createQualityReader(
  deps: Deps,
): (asked: AskedSeries) => Promise<PreparedReply<QualityReply>> {
  const kept = new Map<string, Kept>()
  return async ({ symbol: name, timeframe, preset: named, venue: asked }) => {
    const { preset: presetName, method } = named
    const carried = findSymbol(deps, name)
    const { symbol } = carried
    const venue = chooseVenue(deps, carried, asked)
    const preset = choosePreset(deps, { venue, symbol, timeframe }, named)
    const snapshot = deps.board.find(venue, symbol, timeframe)
    const key = { seriesId: snapshot?.seriesId ?? 0, preset: presetName, method }
    const forecaster = findForecaster(snapshot)
    const midnightMs = rangeDayOf(snapshot)
    const changed = await asGate(deps, (tx) => findQualityStamp(tx, { ...key, symbol, timeframe }))
    const stamp = [changed, preset.version, forecaster?.calibration.id, midnightMs].join(' ')
    const place = [venue, symbol, timeframe, keyOfPreset(preset)].join('/')
    const before = kept.get(place)
    if (before?.stamp === stamp) return before.reply
    const { quality, live, ranges } = await asGate(deps, async (tx) => ({
      quality: await findQuality(tx, symbol, timeframe),
      live: await findLiveQuality(tx, key),
      ranges:
        forecaster === undefined
          ? undefined
          : await listRangeTables(tx, key.seriesId, forecaster.calibration.id, {
              fromMs: midnightMs,
              toMs: midnightMs,
            }),
    }))
    const reply = prepareReply(qualityReply, {
      symbol,
      timeframe,
      preset: presetName,
      method,
      venue,
      preset_version: preset.version,
      calibration: toCalibration(preset),
      measured: quality === undefined ? null : toMeasuredQuality(quality),
      live: live === undefined ? null : toLive(live),
      coverage: ranges?.get(midnightMs)?.coverage ?? null,
      horizon: { label_bars_ahead: barsAhead, range_bars: returnsAhead },
      limits: [...qualityLimits],
      reason: quality === undefined ? 'not_measured' : null,
    })
    kept.delete(place)
    kept.set(place, { stamp, reply })
    const [oldest] = kept.keys()
    if (kept.size > keptMost && oldest !== undefined) kept.delete(oldest)
    return reply
  }
}

/** The midnight whose range table applies to the newest bar. */
function rangeDayOf(snapshot: SeriesSnapshot | undefined): number {
  if (snapshot?.reading == null) return 0
  return midnightOf(snapshot.reading.openMs + intervalMs[snapshot.timeframe])
}

function toCalibration({ calibration }: ChosenPreset): QualityReply['calibration'] {
  if (calibration === undefined) return null
  const { id, isFitted: fitted, dataFromMs, dataToMs } = calibration
  return { id, fitted, data_from_ms: dataFromMs, data_to_ms: dataToMs }
}
