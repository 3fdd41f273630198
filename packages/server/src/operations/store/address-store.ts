import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/** The orgs that have, or had, a key with this visible prefix. */
export async function listKeyOwners(tx: GateTx, prefix: string): Promise<readonly string[]> {
  const { rows } = await sql<{ org_id: string }>`
    SELECT DISTINCT org_id FROM gatehouse.api_key WHERE prefix = ${prefix} ORDER BY org_id`.execute(query(tx))
  return rows.map(({ org_id: orgId }) => orgId)
}

export type CallingAddress = {
  readonly ip: string
  readonly firstMs: number
  readonly lastMs: number
  readonly calls: number
}

/**
 * The addresses from which a key called since `sinceMs` and did not call in the time before, ordered by their first
 * call.
 */
export async function listNewAddresses(
  tx: TenantTx,
  {
    prefix,
    sinceMs,
    knownFromMs,
  }: { readonly prefix: string; readonly sinceMs: number; readonly knownFromMs: number },
): Promise<readonly CallingAddress[]> {
  const since = new Date(sinceMs)
  const { rows } = await sql<{ ip: string; first: Date; last: Date; calls: string }>`
    SELECT host(c.ip) AS ip, min(c.at) AS first, max(c.at) AS last, count(*) AS calls
      FROM gatehouse.api_call c
     WHERE c.org_id = ${tx.orgId} AND c.key_prefix = ${prefix} AND c.at >= ${since}
       AND NOT EXISTS (SELECT FROM gatehouse.api_call b
                        WHERE b.org_id = ${tx.orgId} AND b.key_prefix = ${prefix} AND b.ip = c.ip
                          AND b.at >= ${new Date(knownFromMs)} AND b.at < ${since})
     GROUP BY c.ip ORDER BY min(c.at), c.ip`.execute(query(tx))
  return rows.map(({ ip, first, last, calls }) => ({
    ip,
    firstMs: first.getTime(),
    lastMs: last.getTime(),
    calls: Number(calls),
  }))
}

type CallerSpan = { readonly sinceMs: number; readonly knownFromMs: number }

/** The addresses from which any key of an org called since then and none did in the time before; at most `limit`. */
export async function listNewCallers(
  tx: TenantTx,
  { sinceMs, knownFromMs }: CallerSpan,
  rowsMax: number,
): Promise<readonly string[]> {
  const since = new Date(sinceMs)
  const { rows } = await sql<{ ip: string }>`
    SELECT DISTINCT host(c.ip) AS ip FROM gatehouse.api_call c
     WHERE c.org_id = ${tx.orgId} AND c.at >= ${since}
       AND NOT EXISTS (SELECT FROM gatehouse.api_call b
                        WHERE b.org_id = ${tx.orgId} AND b.ip = c.ip
                          AND b.at >= ${new Date(knownFromMs)} AND b.at < ${since})
     ORDER BY 1 LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(({ ip }) => ip)
}

/**
 * The addresses from which decisions about keys were made since then and none in the time before, by the audit chain.
 */
export async function listNewKeyDeciders(
  tx: TenantTx,
  { sinceMs, knownFromMs }: CallerSpan,
  rowsMax: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ ip: string }>`
    SELECT payload::jsonb ->> 'ip' AS ip FROM gatehouse.audit_entry
     WHERE org_id = ${tx.orgId} AND event_type LIKE 'key.%' AND ts >= ${new Date(knownFromMs)}
       AND payload::jsonb ? 'ip'
     GROUP BY 1 HAVING min(ts) >= ${new Date(sinceMs)} ORDER BY 1 LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(({ ip }) => ip)
}
