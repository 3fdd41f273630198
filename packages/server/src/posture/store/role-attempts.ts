import type { Inside } from '../inside.ts'
import { listSchemas, readRoles, type RoleFault } from './catalog-store.ts'

/** `insufficient_privilege`; also the error of a query that row-level security would have changed. */
const refusal = '42501'

/** The statements that each role tries, with a description for the case that one is carried out. */
function listAttempts(schemas: readonly string[]): readonly (readonly [what: string, statement: string])[] {
  return [
    ...schemas.map((schema) => ['makes tables', `CREATE TABLE "${schema}".posture_probe ()`] as const),
    ['changes tables', 'ALTER TABLE gatehouse.org ADD COLUMN posture_probe text'],
    ['makes roles', 'CREATE ROLE gatehouse_posture_probe'],
    ['reads the files of the database', "SELECT pg_read_file('PG_VERSION')"],
    ['reads past row-level security', 'SET LOCAL row_security = off; SELECT FROM gatehouse.api_key LIMIT 1'],
  ]
}

/** Lets every role try what work never needs; statements that were carried out are rolled back and reported. */
export async function tryWeakRoles(inside: Pick<Inside, 'attempt' | 'read'>): Promise<{
  readonly tried: number
  readonly carriedOut: readonly RoleFault[]
}> {
  const { roles } = await readRoles(inside)
  const attempts = listAttempts(await listSchemas(inside))
  const carriedOut: RoleFault[] = []
  for (const role of roles)
    for (const [what, statement] of attempts) {
      const code = await inside.attempt(role, statement)
      if (code === undefined) carriedOut.push({ role, what })
      else if (code !== refusal) throw new Error(`PostgreSQL answered ${code} to an attempt of ${role}`)
    }
  return { tried: roles.length * attempts.length, carriedOut }
}
