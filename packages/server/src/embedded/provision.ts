import { connectOnce } from '@gatehouse/kernel/db'
import type { Secret } from '@gatehouse/kernel/secrets'

/**
 * Makes the login role `gatehouse` and the database that it owns, or what is missing of them, through the superuser.
 * The role is no superuser and bypasses no row-level security; it may make roles and act as those that it made.
 */
export async function provision(
  superuser: Secret,
  password: Secret,
  { mayCreateDatabases }: { readonly mayCreateDatabases: boolean },
): Promise<void> {
  await connectOnce(superuser, async (run) => {
    const [role] = await run(`SELECT FROM pg_roles WHERE rolname = 'gatehouse'`)
    if (role === undefined)
      await run(`CREATE ROLE gatehouse LOGIN CREATEROLE ${mayCreateDatabases ? 'CREATEDB' : ''}`)
    // The password is base64url of our own making, so it needs no quoting beyond the quotes.
    await run(`ALTER ROLE gatehouse PASSWORD '${password.reveal()}'`)
    // Roles that it makes must be usable by it: since PostgreSQL 16 that is no longer implied.
    await run(`ALTER ROLE gatehouse SET createrole_self_grant = 'set, inherit'`)
    const [database] = await run(`SELECT FROM pg_database WHERE datname = 'gatehouse'`)
    if (database === undefined) await run('CREATE DATABASE gatehouse OWNER gatehouse')
  })
}

/** False when the role, its password or the database is not there; another failure throws. */
export async function canLogIn(url: Secret): Promise<boolean> {
  try {
    await connectOnce(url, (run) => run('SELECT 1'))
    return true
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === invalidPassword || error.code === noSuchDatabase)
    )
      return false
    throw error
  }
}

/** SQLSTATE, from PostgreSQL's appendix A. An unknown role is told as a wrong password. */
const invalidPassword = '28P01'
const noSuchDatabase = '3D000'
