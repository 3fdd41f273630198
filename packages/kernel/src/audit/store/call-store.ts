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

export const batchRowsMax = 4_000

/**
 * Calls that wait for the database. What many calls share (caller, address, endpoint) is stored once, and four numbers
 * per call in typed arrays, which the garbage collector does not scan; it would copy objects that wait here.
 */
export class CallBatch {
  size = 0
  /** True once the batch is being written; no call is added any more. */
  isClosed = false
  readonly #places = new Map<string, number>()
  readonly #common: readonly (string | null)[][] = [[], [], [], [], [], []]
  readonly #which = new Int32Array(batchRowsMax)
  readonly #atMs = new Float64Array(batchRowsMax)
  readonly #status = new Int16Array(batchRowsMax)
  readonly #durationMs = new Int32Array(batchRowsMax)

  add({ orgId, atMs, keyPrefix, userId, ip, method, route, status, durationMs }: ApiCall): void {
    const key = `${orgId} ${keyPrefix} ${userId} ${ip} ${method} ${route}`
    let place = this.#places.get(key)
    if (place === undefined) {
      place = this.#places.size + 1
      this.#places.set(key, place)
      const members = [orgId, keyPrefix, userId, ip, method, route]
      for (const [at, list] of this.#common.entries()) list.push(members[at] ?? null)
    }
    const row = this.size
    this.#which[row] = place
    this.#atMs[row] = Math.round(atMs)
    this.#status[row] = status
    this.#durationMs[row] = Math.round(durationMs)
    this.size = row + 1
  }

  /** The columns as the text of PostgreSQL arrays. */
  toColumns() {
    const numbers = (list: Int32Array | Float64Array | Int16Array): string =>
      `{${list.subarray(0, this.size).join(',')}}`
    const [orgs, prefixes, users, ips, methods, routes] = this.#common.map(
      (list) => `{${list.map(toElement).join(',')}}`,
    )
    return {
      which: numbers(this.#which),
      atMs: numbers(this.#atMs),
      status: numbers(this.#status),
      durationMs: numbers(this.#durationMs),
      orgs,
      prefixes,
      users,
      ips,
      methods,
      routes,
    }
  }
}

function toElement(text: string | null): string {
  return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

export async function insertCalls(tx: WriterTx, batch: CallBatch): Promise<void> {
  const { which, atMs, status, durationMs, orgs, prefixes, users, ips, methods, routes } = batch.toColumns()
  await sql`
    INSERT INTO gatehouse.api_call (org_id, at, key_prefix, user_id, ip, method, route, status, duration_ms)
    SELECT org_id, 'epoch'::timestamptz + at_ms * interval '1 millisecond', key_prefix, user_id, ip, method, route,
           status, duration_ms
      FROM unnest(${which}::integer[], ${atMs}::bigint[], ${status}::smallint[], ${durationMs}::integer[])
        AS call (which, at_ms, status, duration_ms)
      JOIN unnest(${orgs}::uuid[], ${prefixes}::text[], ${users}::text[], ${ips}::inet[], ${methods}::text[],
                  ${routes}::text[]) WITH ORDINALITY
        AS common (org_id, key_prefix, user_id, ip, method, route, which) USING (which)`.execute(query(tx))
}
