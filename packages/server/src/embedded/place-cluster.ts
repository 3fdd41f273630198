import { randomBytes } from 'node:crypto'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readOrCreateSecretFile, readSecretFile } from '@gatehouse/kernel/secrets'
import { type Account, canEnter, canRun, findPostgresAccount } from './postgres-account.ts'
import { type PostgresBinaries, programOf } from './postgres-binaries.ts'
import { shareBinaries } from './share-binaries.ts'

export type Cluster = {
  /** PostgreSQL's own data folder; it does not exist before the first run. */
  readonly folder: string
  readonly binaries: PostgresBinaries
  /** The account that PostgreSQL runs as; undefined for the account of this process. */
  readonly account: Account | undefined
}

/**
 * Every account can enter this folder, so it is used when PostgreSQL's account cannot enter the checkout or the data
 * folder.
 */
const sharedFolder = '/var/lib/gatehouse'

/**
 * Decides where the cluster of a data folder is stored, and from where its programs run. Normally both stay where they
 * are. When PostgreSQL has to run as another account that cannot get there (below a home of mode 0700, say), the
 * cluster is stored below /var/lib/gatehouse, `postgres.location` in the data folder points to it, and the programs are
 * copied there once; the permissions of existing folders are never changed.
 */
export async function placeCluster(dataFolder: string, binaries: PostgresBinaries): Promise<Cluster> {
  const newcomer = await findPostgresAccount()
  const folder = await placeFolder(dataFolder, newcomer)
  if (newcomer === undefined) return { folder, binaries, account: undefined }
  const account = (await findOwner(folder)) ?? newcomer
  if (await canRun(account, programOf(binaries, 'postgres'))) return { folder, binaries, account }
  await openSharedFolder()
  const root = await shareBinaries(binaries, sharedFolder, (program) => canRun(account, program))
  return { folder, binaries: { ...binaries, root }, account }
}

async function placeFolder(dataFolder: string, newcomer: Account | undefined): Promise<string> {
  const own = join(dataFolder, 'postgres')
  const pointer = join(dataFolder, 'postgres.location')
  const known = await readSecretFile(pointer)
  if (known !== undefined) return known.trim()
  if (
    newcomer === undefined ||
    (await findOwner(own)) !== undefined ||
    (await canEnter(newcomer, dataFolder))
  )
    return own
  await openSharedFolder()
  const fresh = join(sharedFolder, randomBytes(8).toString('hex'))
  return (await readOrCreateSecretFile(pointer, () => `${fresh}\n`)).trim()
}

/** The owner of a cluster is the account that created it; PostgreSQL runs it as no other account. */
async function findOwner(folder: string): Promise<Account | undefined> {
  return stat(folder).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => undefined,
  )
}

async function openSharedFolder(): Promise<void> {
  // The mode is set whatever the umask, but only if the folder was created now: an existing one keeps the operator's
  // mode.
  if ((await mkdir(sharedFolder, { recursive: true })) !== undefined) await chmod(sharedFolder, 0o755)
}
