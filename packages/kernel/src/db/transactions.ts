import type { Kysely } from 'kysely'
import type { PoolClient } from 'pg'
import { uuidPattern } from '../ids/index.ts'
import type { Principal } from '../principal/index.ts'
import { queryBuilderOver } from './client-dialect.ts'
import { type Database, type DatabaseRole, runTransaction } from './database.ts'

declare const brand: unique symbol

/** A transaction that row-level security confines to one org. Only `within` makes one. */
export type TenantTx = { readonly orgId: string; readonly principal: Principal; readonly [brand]: 'tenant' }

/** A transaction that proves who is calling, before an org is known: keys, sessions, public names and tokens. */
export type GateTx = { readonly [brand]: 'gate' }

/** A transaction that claims due work and stores its results across orgs, and can do nothing else. */
export type WriterTx = { readonly [brand]: 'writer' }

/** A transaction that deletes rows of one org whose erasure has begun, and can do nothing else. */
export type EraserTx = { readonly orgId: string; readonly [brand]: 'eraser' }

export type AnyTx = TenantTx | GateTx | WriterTx | EraserTx

const builders = new WeakMap<object, Kysely<unknown>>()

/** The query builder of a transaction, typed by the tables of the calling store. */
export function query<Tables>(tx: AnyTx): Kysely<Tables> {
  const builder = builders.get(tx)
  if (builder === undefined) throw new Error('This transaction was not opened by the kernel, or is over')
  // Safe: table types describe the same schema; each store names the tables that it owns.
  return builder as Kysely<Tables>
}

/** Opens a transaction as the app role, confined to the principal's org. */
export async function within<T>(
  deps: { readonly db: Database },
  principal: Principal,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const { orgId } = principal
  return runTransaction(deps.db, beginAs('gatehouse_app', orgId), (client) =>
    // Safe: this is the one place that makes a TenantTx.
    lend(client, { orgId, principal } as TenantTx, work),
  )
}

export async function asGate<T>(
  deps: { readonly db: Database },
  work: (tx: GateTx) => Promise<T>,
): Promise<T> {
  // Safe: this is the one place that makes a GateTx.
  return runTransaction(deps.db, beginAs('gatehouse_gate'), (client) => lend(client, {} as GateTx, work))
}

export async function asWriter<T>(
  deps: { readonly db: Database },
  work: (tx: WriterTx) => Promise<T>,
): Promise<T> {
  // Safe: this is the one place that makes a WriterTx.
  return runTransaction(deps.db, beginAs('gatehouse_writer'), (client) => lend(client, {} as WriterTx, work))
}

/** Opens a transaction that can only delete, and only what belongs to this org; before its erasure has begun, nothing. */
export async function asEraser<T>(
  deps: { readonly db: Database },
  orgId: string,
  work: (tx: EraserTx) => Promise<T>,
): Promise<T> {
  return runTransaction(deps.db, beginAs('gatehouse_eraser', orgId), (client) =>
    // Safe: this is the one place that makes an EraserTx.
    lend(client, { orgId } as EraserTx, work),
  )
}

function beginAs(role: DatabaseRole, orgId?: string): string {
  // The id is written into the statement, to save a round trip; so it is proven to be a UUID first.
  if (orgId !== undefined && !uuidPattern.test(orgId)) throw new Error('An org id must be a lower-case UUID')
  return `BEGIN; SELECT set_config('role', '${role}', true), set_config('gatehouse.org', '${orgId ?? ''}', true)`
}

async function lend<Tx extends AnyTx, T>(
  client: PoolClient,
  tx: Tx,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  builders.set(tx, queryBuilderOver(client))
  try {
    return await work(tx)
  } finally {
    builders.delete(tx)
  }
}
