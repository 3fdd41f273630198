import type { Database } from './database.ts'

const orgExpression = `(org_id = (NULLIF(current_setting('gatehouse.org'::text, true), ''::text))::uuid)`

const unconfinedTables = `
  SELECT format('%I.%I', n.nspname, c.relname) AS table_name,
         c.relrowsecurity AS enabled,
         c.relforcerowsecurity AS forced,
         EXISTS (SELECT FROM pg_policy p
                  WHERE p.polrelid = c.oid
                    AND ARRAY['gatehouse_app'::regrole, 'gatehouse_telemetry'::regrole]::oid[] <@ p.polroles
                    AND pg_get_expr(p.polqual, c.oid) = $1 AND pg_get_expr(p.polwithcheck, c.oid) = $1) AS confined,
         (SELECT count(*)::int FROM pg_policy p
           WHERE p.polrelid = c.oid
             AND (p.polroles = '{0}'
                  OR p.polroles && ARRAY['gatehouse_app'::regrole, 'gatehouse_telemetry'::regrole]::oid[])) AS app_policies,
         EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                  WHERE i.indrelid = c.oid AND a.attname = 'org_id') AS indexed
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p')
     AND n.nspname NOT IN ('pg_catalog', 'information_schema')
     AND EXISTS (SELECT FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped)
     -- A partition is reached through its parent, whose policies hold; alone it is closed to the app role.
     AND NOT (c.relispartition AND NOT has_table_privilege('gatehouse_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE'))`

const roleStrength = `
  SELECT r.rolname AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
         EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) AS owns,
         EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS inherits
    FROM pg_roles r
   WHERE r.rolname IN ('gatehouse_app', 'gatehouse_telemetry', 'gatehouse_gate', 'gatehouse_writer', 'gatehouse_eraser')`

/**
 * Throws when row-level security has a hole (control T3). The error has one sentence per fault, so that an operator
 * reads all of them together.
 */
export async function assertTenancy(db: Database): Promise<void> {
  const faults = [...(await findTableFaults(db)), ...(await findRoleFaults(db))]
  if (faults.length > 0) throw new Error(`Gatehouse will not serve: ${faults.join('; ')}`)
}

async function findTableFaults(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{
    table_name: string
    enabled: boolean
    forced: boolean
    confined: boolean
    app_policies: number
    indexed: boolean
  }>(unconfinedTables, [orgExpression])
  if (rows.length === 0) return ['no table with org_id was found']
  return rows.flatMap((row) => [
    ...(row.enabled ? [] : [`${row.table_name} has no row-level security`]),
    ...(row.forced ? [] : [`${row.table_name} does not force row-level security`]),
    ...(row.confined ? [] : [`${row.table_name} has no policy that confines the roles of one org to it`]),
    ...(row.app_policies > 1 ? [`${row.table_name} has more than one policy for the roles of one org`] : []),
    ...(row.indexed ? [] : [`${row.table_name} has no index led by org_id`]),
  ])
}

async function findRoleFaults(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{
    role: string
    superuser: boolean
    bypasses: boolean
    owns: boolean
    inherits: boolean
  }>(roleStrength)
  if (rows.length !== 5) return ['the database roles of Gatehouse are missing']
  return rows.flatMap((row) => [
    ...(row.superuser ? [`the role ${row.role} is a superuser`] : []),
    ...(row.bypasses ? [`the role ${row.role} bypasses row-level security`] : []),
    ...(row.owns ? [`the role ${row.role} owns a table`] : []),
    ...(row.inherits ? [`the role ${row.role} is a member of another role`] : []),
  ])
}
