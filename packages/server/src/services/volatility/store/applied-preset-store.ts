import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MethodDrive } from '../domain/method-drive.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import type { PresetCalibration, TrackedPreset } from '../domain/series-tracker.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { builtInTracked } from '../domain/tracked-presets.ts'
import { toTimeframe } from './span.ts'

/** A preset version created from a calibration. */
export type AppliedPreset = TrackedPreset & {
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly calibration: PresetCalibration
}

type Row = {
  readonly symbol: string
  readonly timeframe: string
  readonly method: string
  readonly preset: string
  readonly version: number
  readonly calibration_id: string
  readonly fitted: boolean
  readonly thresholds: Omit<Thresholds, 'drive'>
  readonly drive: MethodDrive | null
  readonly data_from_ms: string
  readonly data_to_ms: string
}

/** All versions of all symbols; there are few. */
export async function listAppliedPresets(
  tx: GateTx | WriterTx | TenantTx,
): Promise<readonly AppliedPreset[]> {
  const { rows } = await sql<Row>`
    SELECT a.symbol, a.timeframe, a.method, a.preset, a.version, a.calibration_id, a.fitted, a.thresholds, c.drive,
           c.data_from_ms, c.data_to_ms
      FROM volatility.applied_preset a JOIN volatility.calibration c USING (calibration_id)
     ORDER BY a.symbol, a.timeframe, a.method, a.preset, a.version`.execute(query(tx))
  return rows.map(({ thresholds, drive, ...row }) => ({
    symbol: row.symbol,
    timeframe: toTimeframe(row.timeframe),
    method: row.method,
    preset: row.preset,
    version: row.version,
    calibration: {
      id: row.calibration_id,
      isFitted: row.fitted,
      dataFromMs: Number(row.data_from_ms),
      dataToMs: Number(row.data_to_ms),
    },
    thresholds: drive === null ? thresholds : { ...thresholds, drive },
  }))
}

type PresetsOf = (symbol: string, timeframe: Timeframe) => readonly TrackedPreset[]

/** The presets, in all versions, of a symbol's series on a timeframe. */
export async function findTrackedPresets(tx: GateTx | WriterTx): Promise<PresetsOf> {
  const applied = Map.groupBy(await listAppliedPresets(tx), (one) => `${one.symbol}/${one.timeframe}`)
  return (symbol, timeframe) => [...builtInTracked, ...(applied.get(`${symbol}/${timeframe}`) ?? [])]
}

/** Part of an operator's audited decision; a version is never changed afterwards. */
export async function insertAppliedPreset(
  tx: AuditedTx,
  {
    symbol,
    timeframe,
    method,
    preset,
    version,
    calibration,
    thresholds,
  }: Omit<AppliedPreset, 'calibration'> & {
    readonly calibration: Pick<PresetCalibration, 'id' | 'isFitted'>
  },
  atMs: number,
): Promise<void> {
  await sql`
    INSERT INTO volatility.applied_preset
      (symbol, timeframe, method, preset, version, calibration_id, fitted, thresholds, applied_at)
    VALUES (${symbol}, ${timeframe}, ${method}, ${preset}, ${version}, ${calibration.id}, ${calibration.isFitted},
            ${JSON.stringify(thresholds)}, ${new Date(atMs)})`.execute(query(tx))
}
