import { query, type TelemetryTx, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/** Serializes counting of an organisation's streams until the transaction ends. */
export async function lockStreamUse(tx: TelemetryTx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`volatility.streams:${tx.orgId}`}, 0))`.execute(
    query(tx),
  )
}

/** Number of the organisation's streams on other nodes. */
export async function countHeldElsewhere(tx: TenantTx, node: string): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    SELECT coalesce(sum(open), 0)::integer AS open FROM volatility.stream_use
     WHERE org_id = ${tx.orgId} AND node <> ${node} AND held_until > clock_timestamp()`.execute(query(tx))
  return rows[0]?.open ?? 0
}

/** Number of its streams on nodes that come before this one, in an order common to all nodes. */
export async function countHeldBefore(tx: TenantTx, node: string): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    SELECT coalesce(sum(open), 0)::integer AS open FROM volatility.stream_use
     WHERE org_id = ${tx.orgId} AND node < ${node} AND held_until > clock_timestamp()`.execute(query(tx))
  return rows[0]?.open ?? 0
}

export async function setHeld(
  tx: TelemetryTx,
  { node, open, heldMs }: { readonly node: string; readonly open: number; readonly heldMs: number },
): Promise<void> {
  if (open === 0) {
    await sql`DELETE FROM volatility.stream_use WHERE org_id = ${tx.orgId} AND node = ${node}`.execute(
      query(tx),
    )
    return
  }
  await sql`
    INSERT INTO volatility.stream_use AS u (org_id, node, open, held_until)
    VALUES (${tx.orgId}, ${node}, ${open}, clock_timestamp() + make_interval(secs => ${heldMs / 1_000}))
    ON CONFLICT (org_id, node) DO UPDATE SET open = excluded.open, held_until = excluded.held_until`.execute(
    query(tx),
  )
}

/** Renews a node's entries. Returns the organisations whose streams were counted without interruption. */
export async function renewHeld(tx: WriterTx, node: string, heldMs: number): Promise<readonly string[]> {
  const { rows } = await sql<{ org_id: string }>`
    UPDATE volatility.stream_use SET held_until = clock_timestamp() + make_interval(secs => ${heldMs / 1_000})
     WHERE node = ${node} AND held_until > clock_timestamp()
    RETURNING org_id`.execute(query(tx))
  return rows.map(({ org_id: orgId }) => orgId)
}

/** Deletes entries of nodes that ended without removing them. */
export async function deleteLapsed(tx: WriterTx): Promise<void> {
  await sql`DELETE FROM volatility.stream_use WHERE held_until < clock_timestamp()`.execute(query(tx))
}

/** Deletes all entries of a node. */
export async function deleteHeld(tx: WriterTx, node: string): Promise<void> {
  await sql`DELETE FROM volatility.stream_use WHERE node = ${node}`.execute(query(tx))
}
