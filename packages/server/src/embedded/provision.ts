import type { Secret } from '@gatehouse/kernel/secrets'
import { connectOnce } from '@gatehouse/kernel/db'

/** Makes the login role and its database on the first start, and keeps its password in step afterwards. */
export async function provision(
  administrator: Secret,
  password: Secret,
  { mayCreateDatabases }: { readonly mayCreateDatabases: boolean },
): Promise<void> {
  await connectOnce(administrator, async (run) => {
    const [role] = await run(`SELECT FROM pg_roles WHERE rolname = 'gatehouse'`)
    if (role === undefined) await run(`CREATE ROLE gatehouse LOGIN CREATEROLE ${mayCreateDatabases ? 'CREATEDB' : ''}`)
    // The password is base64url of our own making, so it needs no quoting beyond the quotes.
    await run(`ALTER ROLE gatehouse PASSWORD '${password.reveal()}'`)
    // Roles that it makes must be usable by it: since PostgreSQL 16 that is no longer implied.
    await run(`ALTER ROLE gatehouse SET createrole_self_grant = 'set, inherit'`)
    const [database] = await run(`SELECT FROM pg_database WHERE datname = 'gatehouse'`)
    if (database === undefined) await run('CREATE DATABASE gatehouse OWNER gatehouse')
  })
}

export async function isAcceptingConnections(administrator: Secret): Promise<boolean> {
  try {
    await connectOnce(administrator, (run) => run('SELECT 1'))
    return true
  } catch {
    // Not yet: it is starting or recovering.
    return false
  }
}
