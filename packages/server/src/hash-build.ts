import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folders of the running code, below the folder that holds the packages. */
const folders = ['kernel/src', 'server/src'].map((name) =>
  fileURLToPath(new URL(`../../${name}`, import.meta.url)),
)
const notRun = /\.test\.ts$|[\\/](?:testing|fixtures)[\\/]/

/** Computes the SHA-256, in hex, over name and content of every file of the running code; once, at the first call. */
export function createBuildHash(): () => Promise<string> {
  let hash: Promise<string> | undefined
  return () => (hash ??= hashCode())
}

async function hashCode(): Promise<string> {
  const total = createHash('sha256')
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !notRun.test(path))
      .toSorted()
    for (const path of files) total.update(`${relative(folder, path)}\0`).update(await readFile(path))
  }
  return total.digest('hex')
}
