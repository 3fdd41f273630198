import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { BuiltInPreset } from '../domain/built-in-presets.ts'
import type { ServedMethod } from '../domain/contest.ts'
import type { MethodDrive } from '../domain/method-drive.ts'
import type { GridScore } from '../domain/score-grid.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { toTimeframe } from './span.ts'

/** The result of fitting one method to a symbol's bars; never changed afterwards. */
export type StoredCalibration = {
  readonly id: string
  readonly symbol: string
  readonly venue: string
  readonly timeframe: Timeframe
  readonly method: ServedMethod
  /** Open time of the first bar, end of the last. */
  readonly dataFromMs: number
  readonly dataToMs: number
  readonly bars: number
  readonly codeVersion: number
  readonly because: 'command' | 'nightly'
  /** The values that the levels apply to; null: z. */
  readonly drive: MethodDrive | null
  /** In-sample; null if no combination was in the preset's band. */
  readonly presets: Readonly<Record<BuiltInPreset, GridScore | null>>
  /** Out of sample, by label set and alert budget. */
  readonly scores: readonly CalibrationScore[]
}

export type CalibrationScore = {
  readonly labels: 'global' | 'local'
  readonly alertsPerDayMost: number
  readonly macroF1: number
  readonly alertsPerDay: number
}

export async function insertCalibration(tx: WriterTx, one: StoredCalibration, atMs: number): Promise<void> {
  await sql`
    INSERT INTO volatility.calibration
      (calibration_id, symbol, venue, timeframe, method, data_from_ms, data_to_ms, bars, code_version, because, drive,
       presets, scores, made_at)
    VALUES (${one.id}, ${one.symbol}, ${one.venue}, ${one.timeframe}, ${one.method}, ${one.dataFromMs},
            ${one.dataToMs}, ${one.bars}, ${one.codeVersion}, ${one.because},
            ${one.drive === null ? null : JSON.stringify(one.drive)}, ${JSON.stringify(one.presets)},
            ${JSON.stringify(one.scores)}, ${new Date(atMs)})`.execute(query(tx))
}

type Row = {
  readonly calibration_id: string
  readonly symbol: string
  readonly venue: string
  readonly timeframe: string
  readonly method: ServedMethod
  readonly data_from_ms: string
  readonly data_to_ms: string
  readonly bars: number
  readonly code_version: number
  readonly because: StoredCalibration['because']
  readonly drive: MethodDrive | null
  readonly presets: StoredCalibration['presets']
  readonly scores: StoredCalibration['scores']
}

export async function findCalibration(
  tx: GateTx | TenantTx,
  id: string,
): Promise<StoredCalibration | undefined> {
  const { rows } = await sql<Row>`
    SELECT calibration_id, symbol, venue, timeframe, method, data_from_ms, data_to_ms, bars, code_version, because,
           drive, presets, scores
      FROM volatility.calibration WHERE calibration_id = ${id}`.execute(query(tx))
  return rows.map(({ calibration_id, data_from_ms, data_to_ms, code_version, timeframe, ...row }) => ({
    ...row,
    id: calibration_id,
    timeframe: toTimeframe(timeframe),
    dataFromMs: Number(data_from_ms),
    dataToMs: Number(data_to_ms),
    codeVersion: code_version,
  }))[0]
}

/**
 * A proposed calibration that a person can accept: by preset, the macro-F1 of the current and of the proposed
 * thresholds.
 */
export type Proposal = {
  readonly calibrationId: string
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly method: ServedMethod
  readonly moves: Readonly<
    Record<string, { readonly inUse: number | null; readonly proposed: number | null }>
  >
}

/** Stores a proposal; an older one for the same symbol, timeframe and method is superseded. */
export async function fileProposal(tx: WriterTx, proposal: Proposal, atMs: number): Promise<void> {
  const { calibrationId, symbol, timeframe, method, moves } = proposal
  await sql`
    UPDATE volatility.proposal SET state = 'superseded', decided_at = ${new Date(atMs)}
     WHERE symbol = ${symbol} AND timeframe = ${timeframe} AND method = ${method} AND state = 'open'`.execute(
    query(tx),
  )
  await sql`
    INSERT INTO volatility.proposal (calibration_id, symbol, timeframe, method, moves, state, filed_at)
    VALUES (${calibrationId}, ${symbol}, ${timeframe}, ${method}, ${JSON.stringify(moves)}, 'open', ${new Date(atMs)})`.execute(
    query(tx),
  )
}

type ProposalRow = {
  readonly calibration_id: string
  readonly symbol: string
  readonly timeframe: string
  readonly method: ServedMethod
  readonly moves: Proposal['moves']
  readonly filed_at: Date
}

/** Undecided proposals, oldest first. */
export async function listOpenProposals(
  tx: GateTx,
): Promise<readonly (Proposal & { readonly filedAtMs: number })[]> {
  const { rows } = await sql<ProposalRow>`
    SELECT calibration_id, symbol, timeframe, method, moves, filed_at FROM volatility.proposal
     WHERE state = 'open' ORDER BY filed_at, calibration_id`.execute(query(tx))
  return rows.map(({ calibration_id, timeframe, filed_at, ...row }) => ({
    ...row,
    calibrationId: calibration_id,
    timeframe: toTimeframe(timeframe),
    filedAtMs: filed_at.getTime(),
  }))
}

/**
 * Closes the open proposals of a symbol, timeframe and method as part of a decision: the one of this calibration with
 * `state`, the others as superseded. Returns whether this calibration's proposal was open.
 */
export async function closeProposals(
  tx: AuditedTx,
  { id, symbol, timeframe, method }: Pick<StoredCalibration, 'id' | 'symbol' | 'timeframe' | 'method'>,
  state: 'accepted' | 'declined',
  atMs: number,
): Promise<boolean> {
  const others = state === 'accepted' ? sql`true` : sql`calibration_id = ${id}`
  const { rows } = await sql<{ calibration_id: string }>`
    UPDATE volatility.proposal
       SET state = CASE WHEN calibration_id = ${id} THEN ${state} ELSE 'superseded' END, decided_at = ${new Date(atMs)}
     WHERE symbol = ${symbol} AND timeframe = ${timeframe} AND method = ${method} AND state = 'open' AND ${others}
     RETURNING calibration_id`.execute(query(tx))
  return rows.some(({ calibration_id }) => calibration_id === id)
}
