import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PreviewBody, PreviewReply } from '../contract/preset-preview.ts'
import type { ComputingDeps } from '../deps.ts'
import {
  type ClassifiedSeries,
  classify,
  dayMs,
  regimeAfter,
  unclassified,
} from '../domain/classified-series.ts'
import { regimeCodes } from '../domain/regime-code.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import { findAsked } from './choose-preset.ts'
import { historyKinds } from './history-cache.ts'
import { findSeries, readHistory } from './read-classified.ts'
import { overlayThresholds, toWireThresholds } from './wire-thresholds.ts'

const barsUnlessAsked = 500

/** Replays the stored bars of a series with unsaved thresholds, and with those of the preset for comparison. */
export async function previewPreset(
  deps: ComputingDeps,
  caller: KeyPrincipal | MemberPrincipal,
  {
    symbol,
    timeframe = '1m',
    base = volatilityPolicy.defaultPreset,
    bars = barsUnlessAsked,
    ...given
  }: PreviewBody,
): Promise<PreviewReply> {
  const preset = await findAsked(deps, caller, base, 'published')
  const found = findSeries(deps, { symbol, timeframe, preset })
  const thresholds = overlayThresholds(found.preset.thresholds, given)
  const history = await readHistory(deps, found, historyKinds.closes)
  const wanted = classify(history, thresholds)
  const held = classify(history, found.preset.thresholds)
  const count = wanted.openMs.length
  const shown = Array.from({ length: Math.min(bars, count) }, (_, index) => Math.max(0, count - bars) + index)
  const endOf = (bar: number): number => (wanted.openMs[bar] ?? 0) + intervalMs[timeframe]
  return {
    symbol: found.told.symbol,
    timeframe,
    venue: found.told.venue,
    thresholds: toWireThresholds(thresholds),
    bars: count,
    classified: countClassified(wanted),
    from_ms: count === 0 ? null : endOf(0),
    to_ms: count === 0 ? null : endOf(count - 1),
    wanted: toShares(wanted),
    base: { preset: base, ...toShares(held) },
    ts_ms: shown.map(endOf),
    close: shown.map((bar) => wanted.closes[bar] ?? 0),
    z_vol: shown.map((bar) => {
      const z = wanted.z[bar]
      return z === undefined || Number.isNaN(z) ? null : z
    }),
    regime: shown.map((bar) => regimeAfter(wanted, bar)),
  }
}

function toShares(series: ClassifiedSeries): PreviewReply['wanted'] {
  const classified = countClassified(series)
  const days = (classified * intervalMs[series.timeframe]) / dayMs
  const shareOf = (code: number): number => series.regimes.filter((one) => one === code).length / classified
  return {
    share:
      classified === 0
        ? null
        : {
            low: shareOf(regimeCodes.low),
            normal: shareOf(regimeCodes.normal),
            high: shareOf(regimeCodes.high),
          },
    changes: series.transitions.length,
    changes_per_day: days === 0 ? null : series.transitions.length / days,
  }
}

function countClassified({ regimes }: ClassifiedSeries): number {
  return regimes.filter((code) => code !== unclassified).length
}
