import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'

const others = 0o077

/**
 * Checks that the server's own keys are outside the database, in files that no other user may read, or in its
 * environment.
 */
export async function holdKeysApart({ keys, listSecretFiles }: Inside): Promise<Finding> {
  const files = await listSecretFiles()
  const open = files.filter(({ mode }) => (mode & others) !== 0)
  const figures = { keys: keys.length, files: files.length, readableByOthers: open.length }
  if (open.length > 0)
    return fails('A file of the server’s own keys can be read by others on its machine', figures)
  return keys.length === 0 ? fails('The server holds no keys of its own', figures) : holds(figures)
}
