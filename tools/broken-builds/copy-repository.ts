import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { listFiles } from '../list-files.ts'

const workspace = '@gatehouse'

/** Where what runs in a copy puts its own temporary files: they go with the copy, however the run ends. */
export const scratchOf = (copy: string): string => join(copy, '.scratch')

/**
 * Copies every file that people wrote to a folder of its own and returns that folder. What was installed is linked, all
 * but our own packages: their links lead into the copy, so that it is the copy that runs.
 */
export function copyRepository(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-broken-'))
  // PostgreSQL may run as another account, which must be able to pass through.
  chmodSync(copy, 0o755)
  mkdirSync(scratchOf(copy), { mode: 0o755 })
  for (const path of listFiles(root)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(join(root, path), join(copy, path))
  }
  const [modules, linked] = [join(root, 'node_modules'), join(copy, 'node_modules')]
  mkdirSync(join(linked, workspace), { recursive: true })
  for (const name of readdirSync(modules))
    if (name !== workspace && name !== '.vite') symlinkSync(join(modules, name), join(linked, name))
  for (const name of readdirSync(join(modules, workspace)))
    symlinkSync(
      relative(join(linked, workspace), join(copy, 'packages', name)),
      join(linked, workspace, name),
    )
  return copy
}
