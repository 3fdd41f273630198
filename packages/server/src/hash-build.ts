import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The folders of the running code, below the folder that holds the packages. */
const folders = ['kernel/src', 'server/src'].map((name) =>
  fileURLToPath(new URL(`../../${name}`, import.meta.url)),
)
const notRun = /\.test\.ts$|[\\/](?:testing|fixtures)[\\/]/

let hash: Promise<string> | undefined

/** Computes the SHA-256, in hex, over name and content of every file of the running code; once, at the first call. */
export function hashBuild(): Promise<string> {
  return (hash ??= hashCode())
}

/** A file that is read while nothing else happens costs a fifth; the event loop has its turn after so many. */
const filesPerTurn = 100

async function hashCode(): Promise<string> {
  const total = createHash('sha256')
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !notRun.test(path))
      .toSorted()
    for (const [index, path] of files.entries()) {
      if (index % filesPerTurn === 0) await setImmediate()
      total.update(`${relative(folder, path)}\0`).update(readFileSync(path))
    }
  }
  return total.digest('hex')
}
