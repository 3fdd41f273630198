import type { Inside } from '../inside.ts'

type Reads = Pick<Inside, 'read'>

/** The number of tables with a column for the org of each row, not counting partitions. */
export async function countConfinedTables({ read }: Reads): Promise<number> {
  const [row] = await read<{ tables: number }>(`
    SELECT count(*)::int AS tables
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped)`)
  return row?.tables ?? 0
}

const workRoles = String.raw`r.rolname LIKE 'gatehouse\_%'`

export type RoleFault = { readonly role: string; readonly what: string }

/** The database roles of the server, and what each of them could do that it must not. */
export async function readRoles({ read }: Reads): Promise<{
  readonly roles: readonly string[]
  readonly faults: readonly RoleFault[]
}> {
  const roles = await read<{ role: string }>(
    `SELECT r.rolname AS role FROM pg_roles r WHERE ${workRoles} ORDER BY 1`,
  )
  const faults = await read<RoleFault>(String.raw`
    SELECT r.rolname AS role, fault.what
      FROM pg_roles r
     CROSS JOIN LATERAL (VALUES
       ('is a superuser', r.rolsuper),
       ('bypasses row-level security', r.rolbypassrls),
       ('may create databases', r.rolcreatedb),
       ('may create roles', r.rolcreaterole),
       ('may log in', r.rolcanlogin),
       ('owns a table', EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)),
       ('is a member of another role', EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)),
       ('may change the schema', EXISTS (
         SELECT FROM pg_namespace n
          WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
            AND has_schema_privilege(r.oid, n.oid, 'CREATE')))
     ) AS fault (what, is_true)
     WHERE ${workRoles} AND fault.is_true
     ORDER BY 1, 2`)
  return { roles: roles.map(({ role }) => role), faults }
}

/** Every schema that holds our tables. */
export async function listSchemas({ read }: Reads): Promise<readonly string[]> {
  const rows = await read<{ schema: string }>(String.raw`
    SELECT DISTINCT n.nspname AS schema
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
     ORDER BY 1`)
  return rows.map(({ schema }) => schema)
}

export type Transport = {
  /** True for a Unix socket, or loopback, of the machine that PostgreSQL runs on. */
  readonly isLocal: boolean
  readonly isEncrypted: boolean
  readonly protocol: string | null
}

/**
 * The address of this machine as the database sees it, by which machines near the database can reach it; null when both
 * are on the same machine.
 */
export async function findOwnAddress({ read }: Reads): Promise<string | null> {
  const [row] = await read<{ address: string | null }>('SELECT host(inet_client_addr()) AS address')
  return row?.address ?? null
}

/** How this connection to the database is protected. */
export async function readTransport({ read }: Reads): Promise<Transport | undefined> {
  const [row] = await read<Transport>(`
    SELECT coalesce(s.ssl, false) AS "isEncrypted", s.version AS protocol,
           inet_server_addr() IS NULL OR inet_server_addr() << '127.0.0.0/8' OR host(inet_server_addr()) = '::1'
             AS "isLocal"
      FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()`)
  return row
}
