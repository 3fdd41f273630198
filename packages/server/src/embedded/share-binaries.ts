import { randomBytes } from 'node:crypto'
import { chmod, cp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type PostgresBinaries, programOf } from './postgres-binaries.ts'

/**
 * Copies PostgreSQL once per version to where every account can run it; returns the copy's root. The copy appears as a
 * whole or not at all, and one that does not run is replaced.
 */
export async function shareBinaries(
  binaries: PostgresBinaries,
  folder: string,
  runs: (program: string) => Promise<boolean>,
): Promise<string> {
  const shared = join(folder, `postgresql-${binaries.version}`)
  const program = programOf({ ...binaries, root: shared }, 'postgres')
  if (await runs(program)) return shared
  const temporary = `${shared}.${randomBytes(6).toString('hex')}`
  try {
    await cp(binaries.root, temporary, { recursive: true, verbatimSymlinks: true })
    await openToAll(temporary)
    // The rename fails when another server was faster, or when a damaged copy exists.
    await rename(temporary, shared).catch(() => replaceUnlessRunning(temporary, shared, program, runs))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  if (!(await runs(program)))
    throw new Error(`PostgreSQL was copied to ${shared}, but its account cannot run it there`)
  return shared
}

async function replaceUnlessRunning(
  fresh: string,
  shared: string,
  program: string,
  runs: (program: string) => Promise<boolean>,
): Promise<void> {
  if (await runs(program)) return
  const damaged = `${fresh}.damaged`
  await rename(shared, damaged)
  await rename(fresh, shared)
  await rm(damaged, { recursive: true, force: true })
}

/** An installation under a strict umask is closed to other accounts; the copy must not be. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, /[\\/]bin$/.test(folder) ? 0o755 : 0o644)
  }
}
