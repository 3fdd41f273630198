import { assertTenancy } from '@gatehouse/kernel/db'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'
import { countConfinedTables, readRoles, readTransport } from '../store/catalog-store.ts'
import { tryWeakRoles } from '../store/role-attempts.ts'

/** Repeats the check that the server makes before it serves, to find a table that was weakened since. */
export async function forceRowSecurity(inside: Inside): Promise<Finding> {
  const tables = await countConfinedTables(inside)
  try {
    await assertTenancy(inside.db)
  } catch (error) {
    // The name of the table is for the operator only: the next start is refused with that sentence.
    if (!(error instanceof Error) || !error.message.startsWith('Gatehouse will not serve')) throw error
    return fails('A table of organisations has a hole in its row-level security', { tables })
  }
  return tables === 0 ? fails('No table belongs to organisations', { tables }) : holds({ tables })
}

/** Lets each role try what work never needs, and reads from the catalog what no attempt can show. */
export async function keepRolesWeak(inside: Inside): Promise<Finding> {
  const { tried, carriedOut } = await tryWeakRoles(inside)
  const { roles, faults } = await readRoles(inside)
  const figures = { roles: roles.length, tried, refused: tried - carriedOut.length, faults: faults.length }
  const [first] = [...carriedOut, ...faults]
  if (first !== undefined) return fails(`A role that work runs under ${first.what}`, figures)
  return roles.length === 0 || tried === 0
    ? fails('The roles that work runs under are missing', figures)
    : holds(figures)
}

/** Checks that a connection to another machine is encrypted, and that the configuration contains no plain one. */
export async function encryptTransport(inside: Inside): Promise<Finding> {
  const way = await readTransport(inside)
  const { plainTransports } = inside.config
  const figures = {
    isOnThisMachine: way?.isLocal ?? false,
    protocol: way?.protocol ?? 'none',
    plainWays: plainTransports.length,
  }
  if (plainTransports.length > 0)
    return fails(
      `The way to the ${plainTransports.join(' and the ')} leaves this machine unverified`,
      figures,
    )
  return way?.isLocal === true || way?.isEncrypted === true
    ? holds(figures)
    : fails('The connection to the database is not encrypted', figures)
}
