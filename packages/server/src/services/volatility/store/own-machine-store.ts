import { query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { OwnMachine, ToldChange } from '../domain/own-machine.ts'
import type { Regime } from '../domain/regime-code.ts'
import type { MachineState } from '../domain/regime-machine.ts'
import { flagsOf, numbersOf } from './column-text.ts'
import type { NewTransition } from './ingest-store.ts'

/** By organisation: a revision that every change of its presets, and every started machine, increases. */
export async function listPresetRevisions(tx: WriterTx): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ org_id: string; revision: string }>`
    SELECT org_id, revision FROM volatility.preset_head`.execute(query(tx))
  return new Map(rows.map(({ org_id: orgId, revision }) => [orgId, revision]))
}

/** Increases the revisions of these organisations, so that nodes that move their machines read them again. */
export async function raisePresetRevisions(tx: WriterTx, orgIds: readonly string[]): Promise<void> {
  await sql`
    UPDATE volatility.preset_head h SET revision = h.revision + 1
      FROM (SELECT org_id FROM volatility.preset_head WHERE org_id = ANY (${[...orgIds]}::uuid[])
             ORDER BY org_id FOR UPDATE) held
     WHERE h.org_id = held.org_id`.execute(query(tx))
}

type VersionRow = Record<
  'high_enter' | 'high_exit' | 'low_enter' | 'low_exit' | 'enter_k' | 'exit_k',
  number
> & {
  readonly org_id: string
  readonly preset_id: string
  readonly name: string
  readonly version: number
  readonly method: string
  readonly created_at: Date
}

type MachineRow = {
  readonly org_id: string
  readonly preset_id: string
  readonly preset_version: number
  readonly series_id: number
  readonly regime: Regime
  readonly run: number
  readonly entered_ms: string | null
  readonly newest: ToldChange | null
}

/** The newest version of each preset of these organisations. */
function newestVersions(orgIds: readonly string[]): RawBuilder<VersionRow> {
  return sql<VersionRow>`
    SELECT p.org_id, p.id AS preset_id, p.name, p.version, v.method, v.high_enter, v.high_exit, v.low_enter, v.low_exit,
           v.enter_k, v.exit_k, v.created_at
      FROM volatility.preset p
      JOIN volatility.preset_version v ON v.org_id = p.org_id AND v.preset_id = p.id AND v.version = p.version
     WHERE p.org_id = ANY (${[...orgIds]}::uuid[])`
}

/**
 * The machines of these organisations' presets on these series, as of the newest bars. They are joined here: before
 * PostgreSQL has counted a new organisation's machines, it looks through all of them for each preset.
 */
export async function listOwnMachines(
  tx: WriterTx,
  orgIds: readonly string[],
  seriesIds: readonly number[],
): Promise<readonly OwnMachine[]> {
  const { rows: versions } = await newestVersions(orgIds).execute(query(tx))
  const { rows } = await sql<MachineRow>`
    SELECT org_id, preset_id, preset_version, series_id, regime, run, entered_ms, newest
      FROM volatility.org_machine
     WHERE series_id = ANY (${numbersOf(seriesIds)}::int[]) AND org_id = ANY (${[...orgIds]}::uuid[])`.execute(
    query(tx),
  )
  const newest = new Map(versions.map((row) => [`${row.org_id}/${row.preset_id}`, toVersion(row)]))
  return rows.flatMap((row) => {
    const preset = newest.get(`${row.org_id}/${row.preset_id}`)
    if (preset === undefined || preset.version !== row.preset_version) return []
    const enteredMs = row.entered_ms === null ? null : Number(row.entered_ms)
    const state = { regime: row.regime, run: row.run }
    return [{ ...preset, seriesId: row.series_id, state, enteredMs, newest: row.newest }]
  })
}

/** A preset version whose machine has not started yet. */
export type WaitingPreset = Omit<OwnMachine, 'seriesId' | 'state' | 'enteredMs' | 'newest'>

/** By series: the presets of these organisations without a machine there. */
export async function listWaitingPresets(
  tx: WriterTx,
  orgIds: readonly string[],
  seriesIds: readonly number[],
): Promise<ReadonlyMap<number, readonly WaitingPreset[]>> {
  const { rows } = await sql<VersionRow & { readonly series_id: number }>`
    SELECT n.*, s.series_id
      FROM (${newestVersions(orgIds)}) n
     CROSS JOIN unnest(${numbersOf(seriesIds)}::int[]) AS s (series_id)
     WHERE NOT EXISTS (SELECT FROM volatility.org_machine m
                        WHERE m.series_id = s.series_id AND m.org_id = n.org_id AND m.preset_id = n.preset_id
                          AND m.preset_version = n.version)`.execute(query(tx))
  return Map.groupBy(
    rows.map((row) => ({ ...toVersion(row), seriesId: row.series_id })),
    ({ seriesId }) => seriesId,
  )
}

/** Locks a series, so that it does not move until the transaction ends; returns its position. */
export async function lockSeries(
  tx: WriterTx,
  seriesId: number,
): Promise<
  { readonly version: number; readonly edition: number; readonly lastOpenMs: number | null } | undefined
> {
  const { rows } = await sql<{ version: number; edition: number; last_open_ms: string | null }>`
    SELECT version, edition, last_open_ms FROM volatility.series WHERE series_id = ${seriesId} FOR UPDATE`.execute(
    query(tx),
  )
  return rows.map(({ version, edition, last_open_ms: openMs }) => ({
    version,
    edition,
    lastOpenMs: openMs === null ? null : Number(openMs),
  }))[0]
}

/** Inserts machines; a machine of an earlier version is replaced. */
export async function insertOwnMachines(tx: WriterTx, machines: readonly OwnMachine[]): Promise<void> {
  await sql`
    INSERT INTO volatility.org_machine AS m
      (org_id, preset_id, preset_version, series_id, regime, run, entered_ms, newest)
    SELECT * FROM unnest(${machines.map(({ orgId }) => orgId)}::uuid[],
                         ${machines.map(({ presetId }) => presetId)}::text[],
                         ${numbersOf(machines.map(({ version }) => version))}::int[],
                         ${numbersOf(machines.map(({ seriesId }) => seriesId))}::int[],
                         ${machines.map(({ state }) => state.regime)}::text[],
                         ${numbersOf(machines.map(({ state }) => state.run))}::int2[],
                         ${numbersOf(machines.map(({ enteredMs }) => enteredMs))}::bigint[],
                         ${machines.map(({ newest }) => toText(newest))}::jsonb[])
        ON CONFLICT (series_id, org_id, preset_id) DO UPDATE
       SET preset_version = excluded.preset_version, regime = excluded.regime, run = excluded.run,
           entered_ms = excluded.entered_ms, newest = excluded.newest
     WHERE m.preset_version < excluded.preset_version`.execute(query(tx))
}

/** Stores machines that bars changed; a machine that was deleted concurrently is not inserted again. */
export async function saveOwnMachines(tx: WriterTx, machines: readonly OwnMachine[]): Promise<void> {
  if (machines.length === 0) return
  await sql`
    UPDATE volatility.org_machine m SET regime = given.regime, run = given.run, entered_ms = given.entered, newest = given.newest
      FROM unnest(${machines.map(({ orgId }) => orgId)}::uuid[], ${machines.map(({ presetId }) => presetId)}::text[],
                  ${numbersOf(machines.map(({ version }) => version))}::int[],
                  ${numbersOf(machines.map(({ seriesId }) => seriesId))}::int[],
                  ${machines.map(({ state }) => state.regime)}::text[],
                  ${numbersOf(machines.map(({ state }) => state.run))}::int2[],
                  ${numbersOf(machines.map(({ enteredMs }) => enteredMs))}::bigint[],
                  ${machines.map(({ newest }) => toText(newest))}::jsonb[])
        AS given (org_id, preset_id, version, series_id, regime, run, entered, newest)
     WHERE m.series_id = given.series_id AND m.org_id = given.org_id AND m.preset_id = given.preset_id
       AND m.preset_version = given.version`.execute(query(tx))
}

/** Resets the machines of recomputed series. Nothing is published. */
export async function setBackOwnMachines(tx: WriterTx, seriesIds: readonly number[]): Promise<void> {
  await sql`
    UPDATE volatility.org_machine SET preset_version = 0 WHERE series_id = ANY (${numbersOf(seriesIds)}::int[])`.execute(
    query(tx),
  )
}

/**
 * Resets machines whose method has a new calibration, without publishing anything; machines that had no calibration
 * start.
 */
export async function setBackByMethod(
  tx: WriterTx,
  seriesId: number,
  methods: readonly string[],
): Promise<void> {
  await sql`
    UPDATE volatility.org_machine m SET preset_version = 0
      FROM volatility.preset_version v
     WHERE m.series_id = ${seriesId} AND v.org_id = m.org_id AND v.preset_id = m.preset_id
       AND v.version = m.preset_version AND v.method = ANY (${[...methods]}::text[])`.execute(query(tx))
  const { rows } = await sql<{ org_id: string }>`
    SELECT DISTINCT org_id FROM volatility.preset_version WHERE method = ANY (${[...methods]}::text[])`.execute(
    query(tx),
  )
  await raisePresetRevisions(
    tx,
    rows.map(({ org_id: orgId }) => orgId),
  )
}

/** The presets whose machines on a series were reset. */
export async function listSetBack(tx: WriterTx, seriesId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ preset_id: string }>`
    SELECT preset_id FROM volatility.org_machine WHERE series_id = ${seriesId} AND preset_version = 0`.execute(
    query(tx),
  )
  return new Set(rows.map(({ preset_id: presetId }) => presetId))
}

/** Series with machines or changes of these organisations' deleted presets. */
export async function listSeriesOfDeleted(
  tx: WriterTx,
  orgIds: readonly string[],
  seriesIds: readonly number[],
): Promise<readonly number[]> {
  const { rows } = await sql<{ series_id: number }>`
    SELECT DISTINCT series_id FROM volatility.org_machine m
     WHERE series_id = ANY (${numbersOf(seriesIds)}::int[]) AND org_id = ANY (${[...orgIds]}::uuid[])
       AND NOT EXISTS (SELECT FROM volatility.preset p WHERE p.org_id = m.org_id AND p.id = m.preset_id)`.execute(
    query(tx),
  )
  return rows.map(({ series_id: seriesId }) => seriesId)
}

/** Deletes what removed presets left on a series. */
export async function deleteOfDeleted(
  tx: WriterTx,
  orgIds: readonly string[],
  seriesId: number,
): Promise<void> {
  for (const table of ['org_machine', 'org_transition'])
    await sql`
      DELETE FROM ${sql.table(`volatility.${table}`)} m
       WHERE series_id = ${seriesId} AND org_id = ANY (${[...orgIds]}::uuid[])
         AND NOT EXISTS (SELECT FROM volatility.preset p WHERE p.org_id = m.org_id AND p.id = m.preset_id)`.execute(
      query(tx),
    )
}

export type OwnTransition = NewTransition & { readonly orgId: string; readonly presetId: string }

export async function insertOwnTransitions(tx: WriterTx, changes: readonly OwnTransition[]): Promise<void> {
  const column = (pick: (row: OwnTransition) => number | null): string => numbersOf(changes.map(pick))
  await sql`
    INSERT INTO volatility.org_transition
      (seq, org_id, preset_id, preset_version, series_id, series_version, from_regime, to_regime, ts_ms, z, rv, baseline,
       close, reason, late)
    SELECT * FROM unnest(${column(({ seq }) => seq)}::bigint[], ${changes.map(({ orgId }) => orgId)}::uuid[],
                         ${changes.map(({ presetId }) => presetId)}::text[],
                         ${column(({ presetVersion }) => presetVersion)}::int[],
                         ${column(({ seriesId }) => seriesId)}::int[],
                         ${column(({ seriesVersion }) => seriesVersion)}::int[],
                         ${changes.map(({ from }) => from)}::text[], ${changes.map(({ to }) => to)}::text[],
                         ${column(({ tsMs }) => tsMs)}::bigint[], ${column(({ z }) => z)}::float8[],
                         ${column(({ rv }) => rv)}::float8[], ${column(({ baseline }) => baseline)}::float8[],
                         ${column(({ close }) => close)}::float8[], ${changes.map(({ reason }) => reason)}::text[],
                         ${flagsOf(changes.map(({ late }) => late))}::bool[])`.execute(query(tx))
}

/** A version of an organisation's preset on a series. */
export type OwnSeries = { readonly presetId: string; readonly version: number; readonly seriesId: number }

/** A machine's state and last bar; undefined if it has not started. */
export async function findOwnMachine(
  tx: TenantTx,
  { presetId, version, seriesId }: OwnSeries,
): Promise<
  | {
      readonly lastOpenMs: number | null
      readonly state: MachineState
      readonly enteredMs: number | null
      readonly newest: ToldChange | null
    }
  | undefined
> {
  const { rows } = await sql<
    Pick<MachineRow, 'regime' | 'run' | 'entered_ms' | 'newest'> & { readonly last_open_ms: string | null }
  >`
    SELECT s.last_open_ms, m.regime, m.run, m.entered_ms, m.newest
      FROM volatility.org_machine m JOIN volatility.series s USING (series_id)
     WHERE m.series_id = ${seriesId} AND m.org_id = ${tx.orgId} AND m.preset_id = ${presetId}
       AND m.preset_version = ${version}`.execute(query(tx))
  return rows.map(({ last_open_ms: openMs, regime, run, entered_ms: enteredMs, newest }) => ({
    lastOpenMs: openMs === null ? null : Number(openMs),
    state: { regime, run },
    enteredMs: enteredMs === null ? null : Number(enteredMs),
    newest,
  }))[0]
}

/** Event numbers of published changes, by the end of their bars. */
export async function listOwnNumbers(
  tx: TenantTx,
  { presetId, version, seriesId }: OwnSeries,
): Promise<ReadonlyMap<number, { readonly seq: number; readonly late: boolean }>> {
  const { rows } = await sql<{ ts_ms: string; seq: string; late: boolean }>`
    SELECT t.ts_ms, t.seq, t.late
      FROM volatility.org_transition t
      JOIN volatility.series s ON s.series_id = t.series_id AND s.version = t.series_version
     WHERE t.org_id = ${tx.orgId} AND t.series_id = ${seriesId} AND t.preset_id = ${presetId}
       AND t.preset_version = ${version}`.execute(query(tx))
  return new Map(rows.map(({ ts_ms: tsMs, seq, late }) => [Number(tsMs), { seq: Number(seq), late }]))
}

function toText(newest: ToldChange | null): string | null {
  return newest === null ? null : JSON.stringify(newest)
}

function toVersion(row: VersionRow): WaitingPreset {
  return {
    orgId: row.org_id,
    presetId: row.preset_id,
    preset: row.name,
    method: row.method,
    version: row.version,
    madeAtMs: row.created_at.getTime(),
    thresholds: {
      highEnter: row.high_enter,
      highExit: row.high_exit,
      lowEnter: row.low_enter,
      lowExit: row.low_exit,
      enterK: row.enter_k,
      exitK: row.exit_k,
    },
  }
}
