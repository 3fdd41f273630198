import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

export type ApiCall = {
  readonly orgId: string
  readonly atMs: number
  readonly keyPrefix: string | null
  readonly userId: string | null
  readonly ip: string
  readonly method: string
  /** The endpoint's path with its `{names}`, never the values. */
  readonly route: string
  readonly status: number
  readonly durationMs: number
}

export async function insertCalls(tx: WriterTx, calls: readonly ApiCall[]): Promise<void> {
  const column = <T>(pick: (call: ApiCall) => T): T[] => calls.map(pick)
  await sql`
    INSERT INTO gatehouse.api_call (org_id, at, key_prefix, user_id, ip, method, route, status, duration_ms)
    SELECT org_id, at, key_prefix, user_id, ip::inet, method, route, status, duration_ms
      FROM unnest(
        ${column((call) => call.orgId)}::uuid[],
        ${column((call) => new Date(call.atMs).toISOString())}::timestamptz[],
        ${column((call) => call.keyPrefix)}::text[],
        ${column((call) => call.userId)}::text[],
        ${column((call) => call.ip)}::text[],
        ${column((call) => call.method)}::text[],
        ${column((call) => call.route)}::text[],
        ${column((call) => call.status)}::smallint[],
        ${column((call) => Math.round(call.durationMs))}::integer[]
      ) AS batch (org_id, at, key_prefix, user_id, ip, method, route, status, duration_ms)`.execute(query(tx))
}
