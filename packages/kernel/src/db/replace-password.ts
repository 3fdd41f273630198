import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { Secret } from '../secrets/index.ts'

/** The SCRAM iterations and salt length that PostgreSQL itself uses; RFC 7677 asks for at least as many iterations. */
const [iterations, saltBytes] = [4_096, 16]

/**
 * Changes the password of the role that a URL logs in as. `beforeCommit` runs when only the commit can still fail, so
 * that the new password is stored before it is the only valid one. The server receives a SCRAM verifier instead of the
 * password, so that its log cannot keep it.
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

/**
 * Ends every other session of the role, and returns how many there were. Clients that know the password log in again.
 */
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

/** The open sessions of the role, by address and program. */
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

/** Whether the database accepts the password in a URL; throws on any other failure. */
export async function isPasswordTaken(url: Secret): Promise<boolean> {
  try {
    await connected(url, async () => undefined)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === invalidPassword) return false
    throw error
  }
}

/** The SQLSTATE `invalid_password`, from PostgreSQL's appendix A. */
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

/** The SCRAM verifier in the form in which PostgreSQL stores it (RFC 5803). */
function toVerifier(password: string): string {
  const salt = randomBytes(saltBytes)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyOf('Server Key').toString('base64')}`
}
