import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const notOurs = new Set(['node_modules', '.git', '.gatehouse', '.installing', 'dist', 'coverage'])

/**
 * Every file that people wrote under `root`, as paths from it with `/`, in order. What `except` names, folders or files
 * by their paths from the root, is left out.
 */
export function listFiles(root: string, except: readonly string[] = []): readonly string[] {
  return listFolder(root, '', new Set(except)).toSorted()
}

function listFolder(root: string, folder: string, except: ReadonlySet<string>): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    // In a worktree, `.git` is a file; a copy that had it would speak for the original.
    if (except.has(path) || notOurs.has(entry.name)) return []
    if (entry.isFile()) return entry.name.endsWith('.log') ? [] : [path]
    if (!entry.isDirectory()) return []
    return listFolder(root, path, except)
  })
}
