import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/** The hash of one person's password. */
export async function findPasswordHash(tx: GateTx, userId: string): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string }>`
    SELECT password_hash AS hash FROM platform."user" WHERE id = ${userId}`.execute(query(tx))
  return rows[0]?.hash
}

export type HashCounts = {
  readonly hashes: number
  /** Hashes that are not PBKDF2 in the claimed form, with a salt of 16 bytes and a key of 32. */
  readonly otherForms: number
  readonly fewestIterations: number
}

/** Counts the hashes of all people who have a password. */
export async function countPasswordHashes(tx: GateTx): Promise<HashCounts> {
  const { rows } = await sql<HashCounts>`
    SELECT count(*)::int AS hashes,
           (count(*) FILTER (WHERE password_hash !~ '^[$]pbkdf2-sha256[$]i=[0-9]+[$][A-Za-z0-9+/]{22}[$][A-Za-z0-9+/]{43}$'))::int
             AS "otherForms",
           coalesce(min(substring(password_hash FROM 'i=([0-9]+)')::int), 0) AS "fewestIterations"
      FROM platform."user" WHERE password_hash IS NOT NULL`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('A count gives one row')
  return row
}

export type RefreshFacts = {
  readonly tokens: number
  readonly longestSeconds: number
  /** For how many seconds the longest-expired token has been expired; 0 or less when none has expired. */
  readonly mostOverdueSeconds: number
  readonly shortestDigestBytes: number
}

export async function readRefreshTokens(tx: GateTx, nowMs: number): Promise<RefreshFacts> {
  const { rows } = await sql<RefreshFacts>`
    SELECT count(*)::int AS tokens,
           coalesce(max(extract(epoch FROM expires_at - issued_at)), 0)::float8 AS "longestSeconds",
           coalesce(max(extract(epoch FROM ${new Date(nowMs)}::timestamptz - expires_at)), 0)::float8
             AS "mostOverdueSeconds",
           coalesce(min(octet_length(digest)), 0)::int AS "shortestDigestBytes"
      FROM gatehouse.refresh_token`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('A count gives one row')
  return row
}
