import type { Database } from './database.ts'

/** The oldest PostgreSQL major version that the tests run on. */
const majorMin = 16

export type ServerFacts = {
  readonly version: string
  /** `server_version_num`, such as 160004 for 16.4. */
  readonly versionNumber: number
  readonly isReadOnly: boolean
  readonly encoding: string
  readonly mayMakeRoles: boolean
  readonly hasRoles: boolean
}

const facts = `
  SELECT current_setting('server_version') AS version,
         current_setting('server_version_num')::int AS "versionNumber",
         pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS "isReadOnly",
         current_setting('server_encoding') AS encoding,
         (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayMakeRoles",
         (SELECT count(*) = 5 FROM pg_roles
           WHERE rolname IN ('gatehouse_app', 'gatehouse_telemetry', 'gatehouse_gate', 'gatehouse_writer',
                             'gatehouse_eraser')) AS "hasRoles"`

/**
 * Throws when this PostgreSQL cannot run Gatehouse. It is called before anything is changed in the database, so that a
 * migration does not stop halfway.
 */
export async function assertServer({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<ServerFacts>(facts)
  const fault = rows[0] && judgeServer(rows[0])
  if (fault !== undefined) throw new Error(`${fault}. Give another one in DATABASE_URL`)
}

export function judgeServer(server: ServerFacts): string | undefined {
  const { version, versionNumber, isReadOnly, encoding, mayMakeRoles, hasRoles } = server
  if (versionNumber < majorMin * 10_000)
    return `This PostgreSQL is ${version}, and Gatehouse needs ${majorMin} or newer`
  if (isReadOnly) return 'This PostgreSQL is a replica or read-only, and Gatehouse has to write'
  if (encoding !== 'UTF8') return `This database is encoded in ${encoding}, and Gatehouse needs UTF8`
  if (!mayMakeRoles && !hasRoles)
    return (
      'The role of DATABASE_URL may not make the roles that Gatehouse works under. ' +
      'Allow it once: ALTER ROLE … CREATEROLE'
    )
  return undefined
}
