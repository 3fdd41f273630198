import { connectOnce } from '@gatehouse/kernel/db'
import type { Secret } from '@gatehouse/kernel/secrets'

/**
 * Creates the login role `gatehouse` and the database that it owns, or what is missing of them, as the superuser. The
 * role is no superuser and does not bypass row-level security; it may create roles and act as those that it created.
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
    // The password is base64url text that we generated, so it needs no escaping.
    await run(`ALTER ROLE gatehouse PASSWORD '${password.reveal()}'`)
    // The role must be able to act as the roles that it creates: since PostgreSQL 16 that is not implied.
    await run(`ALTER ROLE gatehouse SET createrole_self_grant = 'set, inherit'`)
    const [database] = await run(`SELECT FROM pg_database WHERE datname = 'gatehouse'`)
    if (database === undefined) await run('CREATE DATABASE gatehouse OWNER gatehouse')
  })
}

/**
 * Whether one can log in with this URL. False when the role or the database does not exist or the password is wrong;
 * throws on any other failure.
 */
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

/** SQLSTATE codes from PostgreSQL's appendix A. An unknown role is reported as a wrong password. */
const invalidPassword = '28P01'
const noSuchDatabase = '3D000'
