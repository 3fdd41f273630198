import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A cluster whose data folder is gone, or uses another cluster by now. */
export type LeftCluster = { readonly folder: string; readonly dataFolder: string }

const ownerSuffix = '.belongs-to'

/** Writes beside a cluster outside its data folder which data folder owns it: nothing else leads back from there. */
export async function noteOwner(folder: string, dataFolder: string): Promise<void> {
  if (dirname(folder) === dataFolder) return
  await writeFile(`${folder}${ownerSuffix}`, `${dataFolder}\n`, { mode: 0o600 })
}

/** The clusters beside this one that no data folder refers to any more. */
export async function findLeftClusters(folder: string): Promise<readonly LeftCluster[]> {
  const parent = dirname(folder)
  const left: LeftCluster[] = []
  for (const name of await readdir(parent)) {
    if (!name.endsWith(ownerSuffix)) continue
    const other = join(parent, name.slice(0, -ownerSuffix.length))
    const dataFolder = (await readFile(join(parent, name), 'utf8')).trim()
    if ((await isThere(other)) && (await readPointer(dataFolder)) !== other)
      left.push({ folder: other, dataFolder })
  }
  return left
}

async function readPointer(dataFolder: string): Promise<string | undefined> {
  return readFile(join(dataFolder, 'postgres.location'), 'utf8').then(
    (pointer) => pointer.trim(),
    () => undefined,
  )
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  )
}
