import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { Secret } from '../secrets/index.ts'

/** Those that PostgreSQL itself uses (RFC 7677 asks for as many at least). */
const [iterations, saltBytes] = [4_096, 16]

/**
 * Gives the role that a URL logs in as another password. `beforeCommit` runs when nothing more can fail but the commit, so
 * that the new password is kept somewhere before it is the only one. The server is sent a verifier, and no password that
 * its log could keep.
 */
export async function replacePassword(
  url: Secret,
  next: Secret,
  beforeCommit: () => Promise<void>,
): Promise<void> {
  await connected(url, async (client) => {
    await client.query('BEGIN')
    try {
      await client.query(
        `ALTER ROLE CURRENT_USER PASSWORD ${client.escapeLiteral(toVerifier(next.reveal()))}`,
      )
      await beforeCommit()
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    }
  })
}

/** Ends every session of that role but the one that asks; how many there were. Whoever may still come in does so anew. */
export async function endSessionsOfRole(url: Secret): Promise<number> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ ended: string }>(
      `SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) AS ended FROM pg_stat_activity
        WHERE usename = current_user AND pid <> pg_backend_pid()`,
    )
    return Number(rows[0]?.ended ?? 0)
  })
}

export type DatabaseSession = {
  readonly address: string
  readonly program: string
  readonly sessions: number
}

/** From where that role is logged in now. */
export async function listSessionsOfRole(url: Secret): Promise<readonly DatabaseSession[]> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ address: string; program: string; sessions: string }>(
      `SELECT coalesce(host(client_addr), 'local socket') AS address, application_name AS program, count(*) AS sessions
         FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()
        GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    return rows.map(({ sessions, ...session }) => ({ ...session, sessions: Number(sessions) }))
  })
}

/** Whether the password of a URL still opens the database; another failure throws. */
export async function isPasswordTaken(url: Secret): Promise<boolean> {
  try {
    await connected(url, async () => undefined)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === invalidPassword) return false
    throw error
  }
}

/** SQLSTATE, from PostgreSQL's appendix A. */
const invalidPassword = '28P01'

async function connected<T>(url: Secret, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url.reveal(), connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

/** As PostgreSQL stores it (RFC 5803). */
function toVerifier(password: string): string {
  const salt = randomBytes(saltBytes)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyOf('Server Key').toString('base64')}`
}
