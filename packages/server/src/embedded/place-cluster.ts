import { randomBytes } from 'node:crypto'
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Account, canReach } from './postgres-account.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'

export type Cluster = {
  /** PostgreSQL's own data folder. */
  readonly folder: string
  readonly initdb: string
  readonly postgres: string
  readonly account: Account | undefined
}

/** Open to every account, for what must be reached by one that cannot enter the checkout. */
const sharedFolder = '/var/lib/gatehouse'

/**
 * Where the cluster of a data folder lives, and from where its programs run. Normally both stay where they are. When
 * PostgreSQL has to run as another account that cannot enter the checkout or the data folder (a home of mode 0700,
 * say), the cluster goes below /var/lib/gatehouse, the data folder keeps a pointer to it, and the programs are copied
 * there once; no permission of a folder that was there before is touched.
 */
export async function placeCluster(
  dataFolder: string,
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<Cluster> {
  const own = join(dataFolder, 'postgres')
  if (account === undefined) return { folder: own, initdb: binaries.initdb, postgres: binaries.postgres, account }
  const folder = (await canReach(account, dataFolder)) ? own : await findSharedCluster(dataFolder)
  const root = (await canReach(account, dirname(binaries.postgres))) ? binaries.root : await shareBinaries(binaries)
  return { folder, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres'), account }
}

async function findSharedCluster(dataFolder: string): Promise<string> {
  const pointer = join(dataFolder, 'postgres.location')
  const known = await readFile(pointer, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (known !== undefined) return known.trim()
  await mkdir(sharedFolder, { recursive: true, mode: 0o755 })
  const folder = join(sharedFolder, `cluster-${randomBytes(8).toString('hex')}`)
  const temporary = `${pointer}.new`
  await writeFile(temporary, `${folder}\n`, { mode: 0o600, flush: true })
  await rename(temporary, pointer)
  return folder
}

async function shareBinaries({ root }: PostgresBinaries): Promise<string> {
  // Named by what makes one build differ from another, so that an upgrade gets a copy of its own.
  const { mtimeMs, size } = await stat(join(root, 'bin', 'postgres'))
  const shared = join(sharedFolder, `postgresql-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`)
  if ((await stat(shared).catch(() => undefined)) !== undefined) return shared
  await mkdir(sharedFolder, { recursive: true, mode: 0o755 })
  const temporary = `${shared}.${randomBytes(6).toString('hex')}`
  await cp(root, temporary, { recursive: true, verbatimSymlinks: true })
  try {
    await rename(temporary, shared)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    // Another server made the same copy first.
    if ((await stat(shared).catch(() => undefined)) === undefined) throw error
  }
  return shared
}
