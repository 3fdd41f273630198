import type { Kysely } from 'kysely'
import type { PoolClient } from 'pg'
import { uuidPattern } from '../ids/index.ts'
import type { Principal } from '../principal/index.ts'
import { queryBuilderOver } from './client-dialect.ts'
import { type Database, type DatabaseRole, runTransaction } from './database.ts'
import { commitHeld, holdCommit, joinOrCommit, rehearseIn, runDecision } from './held-commit.ts'

declare const brand: unique symbol
declare const measured: unique symbol

/** A read-only transaction that row-level security confines to one org. Only `within` makes one. */
export type TenantTx = { readonly orgId: string; readonly principal: Principal; readonly [brand]: 'tenant' }

/**
 * A transaction of one org that may also write telemetry (what is measured, counted or leased), into tables whose
 * migration allows it. Only `recordTelemetry` makes one.
 */
export type TelemetryTx = TenantTx & { readonly [measured]: true }

/** A transaction that authenticates a caller before the org is known: by key, session, public name or token. */
export type GateTx = { readonly [brand]: 'gate' }

/** A transaction that leases due work and stores its results across orgs; its role can do nothing else. */
export type WriterTx = { readonly [brand]: 'writer' }

/** A transaction that deletes rows of one org whose erasure has begun; its role can do nothing else. */
export type EraserTx = { readonly orgId: string; readonly [brand]: 'eraser' }

export type AnyTx = WritingTx | TenantTx

/** Every kind of transaction that may write. */
export type WritingTx = TelemetryTx | GateTx | WriterTx | EraserTx

/** The query builder of a read-only transaction: it does not offer statements that PostgreSQL would refuse. */
type ReadingBuilder<Tables> = Pick<Kysely<Tables>, 'selectFrom' | 'selectNoFrom' | 'getExecutor' | 'fn'>

type Opened = { readonly client: PoolClient; readonly builder: Kysely<unknown> }

const openedBy = new WeakMap<object, Opened>()

/** The query builder of a transaction, typed by the tables of the calling store. */
export function query<Tables>(tx: WritingTx): Kysely<Tables>
export function query<Tables>(tx: AnyTx): ReadingBuilder<Tables>
export function query<Tables>(tx: AnyTx): Kysely<Tables> {
  // Safe: table types describe the same schema; each store names the tables that it owns.
  return opened(tx).builder as Kysely<Tables>
}

function opened(tx: AnyTx): Opened {
  const found = openedBy.get(tx)
  if (found === undefined) throw new Error('This transaction was not opened by the kernel, or is over')
  return found
}

/**
 * Opens a read-only transaction as the app role, confined to the principal's org. PostgreSQL refuses every write in it.
 */
export async function within<T>(
  deps: { readonly db: Database },
  principal: Principal,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const { orgId } = principal
  const read = (client: PoolClient): Promise<T> => lend(client, toTenantTx(principal), work)
  const joining = await joinOrCommit(orgId, 'read', read)
  if (joining.joined) return joining.result
  return runTransaction(deps.db, beginAs('gatehouse_app', orgId, 'READ ONLY'), read, orgId)
}

/** Opens a transaction of the principal's org that may write telemetry only. */
export async function recordTelemetry<T>(
  deps: { readonly db: Database },
  principal: Principal,
  work: (tx: TelemetryTx) => Promise<T>,
): Promise<T> {
  const { orgId } = principal
  const record = (client: PoolClient): Promise<T> => lend(client, toTelemetryTx(principal), work)
  const joining = await joinOrCommit(orgId, 'telemetry', record)
  if (joining.joined) return joining.result
  return runTransaction(deps.db, beginAs('gatehouse_telemetry', orgId), record, orgId)
}

/**
 * Allows the transaction to write decisions from now on. Only for the audit log, which appends the entry before the
 * commit.
 */
export async function raiseToDecision(tx: TelemetryTx): Promise<void> {
  await opened(tx).client.query(`SELECT set_config('role', 'gatehouse_app', true)`)
}

/**
 * Runs work as the writer role inside a decision. Only for the audit log: no other role may remove the bodies of
 * entries.
 */
export async function lendWriter<T>(tx: TelemetryTx, work: (tx: WriterTx) => Promise<T>): Promise<T> {
  const { client } = opened(tx)
  await client.query(`SELECT set_config('role', 'gatehouse_writer', true)`)
  // Safe: the transaction has the role of a WriterTx until the work is done; if the work fails, nothing commits.
  const result = await lend(client, {} as WriterTx, work)
  await client.query(`SELECT set_config('role', 'gatehouse_app', true)`)
  return result
}

/**
 * Like `recordTelemetry`, for a decision; inside `settleTogether` it commits together with what `settle` writes. Only
 * for the audit log, which appends the entry before the commit.
 */
export async function decideWithin<T>(
  deps: { readonly db: Database },
  principal: Principal,
  work: (tx: TelemetryTx) => Promise<T>,
): Promise<T> {
  const { orgId } = principal
  const decide = (client: PoolClient): Promise<T> => lend(client, toTelemetryTx(principal), work)
  const joining = await joinOrCommit(orgId, 'decision', decide)
  if (joining.joined) return joining.result
  return runDecision(deps.db, beginAs('gatehouse_app', orgId), orgId, decide)
}

/**
 * Runs work and writes its result with `settle`, so that the first decision of the work and that result commit together
 * or not at all. A decision is kept despite an error of the work that `standsDespite` accepts.
 */
export function settleTogether<T>(
  deps: { readonly db: Database },
  principal: Principal,
  work: () => Promise<T>,
  settle: (tx: TelemetryTx, result: T) => Promise<void>,
  standsDespite: (error: unknown) => boolean,
): Promise<T> {
  return holdCommit({
    work,
    standsDespite,
    settle: async (client, result) => {
      if (client === undefined) return recordTelemetry(deps, principal, (tx) => settle(tx, result))
      // The decision may belong to another org, such as one that was just created.
      await client.query(
        `SELECT set_config('role', 'gatehouse_telemetry', true), set_config('gatehouse.org', $1, true)`,
        [principal.orgId],
      )
      await lend(client, toTelemetryTx(principal), (tx) => settle(tx, result))
    },
  })
}

/** Runs work of one org as a rehearsal, and rolls all of it back. */
export function rehearse<T>(
  deps: { readonly db: Database },
  { orgId }: Principal,
  work: () => Promise<T>,
): Promise<T> {
  return rehearseIn(deps.db, beginAs('gatehouse_app', orgId), orgId, work)
}

function toTenantTx(principal: Principal): TenantTx {
  // Safe: this is the one place that makes a TenantTx.
  return { orgId: principal.orgId, principal } as TenantTx
}

function toTelemetryTx(principal: Principal): TelemetryTx {
  // Safe: this is the one place that makes a TelemetryTx.
  return { orgId: principal.orgId, principal } as TelemetryTx
}

export async function asGate<T>(
  deps: { readonly db: Database },
  work: (tx: GateTx) => Promise<T>,
): Promise<T> {
  await commitHeld()
  // Safe: this is the one place that makes a GateTx.
  return runTransaction(deps.db, beginAs('gatehouse_gate'), (client) => lend(client, {} as GateTx, work))
}

export async function asWriter<T>(
  deps: { readonly db: Database },
  work: (tx: WriterTx) => Promise<T>,
): Promise<T> {
  await commitHeld()
  // Safe: this is the one place that makes a WriterTx.
  return runTransaction(deps.db, beginAs('gatehouse_writer'), (client) => lend(client, {} as WriterTx, work))
}

/**
 * Opens a transaction that can only delete rows of this org; before the org's erasure has begun it can delete nothing.
 */
export async function asEraser<T>(
  deps: { readonly db: Database },
  orgId: string,
  work: (tx: EraserTx) => Promise<T>,
): Promise<T> {
  await commitHeld()
  return runTransaction(
    deps.db,
    beginAs('gatehouse_eraser', orgId),
    // Safe: this is the one place that makes an EraserTx.
    (client) => lend(client, { orgId } as EraserTx, work),
    orgId,
  )
}

function beginAs(role: DatabaseRole, orgId?: string, mode: 'READ ONLY' | '' = ''): string {
  // READ WRITE is never requested, so that a database that is configured as read-only stays so. The id is part of the
  // statement's text, to save a round trip; therefore it must be proven to be a UUID first.
  if (orgId !== undefined && !uuidPattern.test(orgId)) throw new Error('An org id must be a lower-case UUID')
  return `BEGIN ${mode}; SELECT set_config('role', '${role}', true), set_config('gatehouse.org', '${orgId ?? ''}', true)`
}

async function lend<Tx extends AnyTx, T>(
  client: PoolClient,
  tx: Tx,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  openedBy.set(tx, { client, builder: queryBuilderOver(client) })
  try {
    return await work(tx)
  } finally {
    openedBy.delete(tx)
  }
}
