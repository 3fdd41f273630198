import {
  getOwnAccount,
  getMyUsage,
  getPublicIncidents,
  getPublicStats,
  rotateVolatilityKey,
} from './account.ts'
import { analyticsEndpoints } from './analytics.ts'
import { backtestEndpoints } from './backtest.ts'
import { getBoard } from './board.ts'
import { billingEndpoints } from './billing.ts'
import { getPreset, getStatus, listPresets, listSymbols, listTimeframes } from './catalog.ts'
import { getFunding, getIvGap } from './derivatives.ts'
import { ownEndpoints } from './own.ts'
import { openStream } from './stream.ts'
import { consensusEndpoints } from './consensus.ts'
import { correlationEndpoints } from './correlation.ts'
import { exportSeries } from './export.ts'
import { impactEndpoints } from './impact.ts'
import { ceilingEndpoints } from './key-ceiling.ts'
import { presetEndpoints } from './presets.ts'
import { leadLagEndpoints } from './lead-lag.ts'
import { getQuality, getVolatilityRange } from './quality.ts'
import { webhookEndpoints } from './webhooks.ts'
import { getHistory, getRegime, getSeries, listRegimes } from './regime.ts'

/** Every operation of the service. */
export const volatilityEndpoints = [
  listSymbols,
  listTimeframes,
  listPresets,
  getPreset,
  ...presetEndpoints,
  getStatus,
  getRegime,
  listRegimes,
  getBoard,
  getHistory,
  getIvGap,
  getFunding,
  getSeries,
  getQuality,
  getVolatilityRange,
  openStream,
  getOwnAccount,
  rotateVolatilityKey,
  getMyUsage,
  getPublicStats,
  getPublicIncidents,
  ...analyticsEndpoints,
  ...impactEndpoints,
  ...correlationEndpoints,
  ...consensusEndpoints,
  ...leadLagEndpoints,
  ...backtestEndpoints,
  ...billingEndpoints,
  exportSeries,
  ...webhookEndpoints,
  ...ownEndpoints,
  ...ceilingEndpoints,
] as const
