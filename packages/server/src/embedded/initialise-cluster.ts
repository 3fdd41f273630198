import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Secret, syncFolder } from '@gatehouse/kernel/secrets'
import type { Cluster } from './place-cluster.ts'
import { programOf } from './postgres-binaries.ts'
import { type Durability, processEnvironment } from './postgres-process.ts'

export async function isInitialised({ folder }: Cluster): Promise<boolean> {
  return stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/**
 * Creates the cluster beside its final place and moves it there as a whole, so that a crash never leaves half a
 * cluster. `password` becomes that of the superuser `postgres`.
 */
export async function initialiseCluster(
  cluster: Cluster,
  password: Secret,
  durability: Durability,
): Promise<void> {
  const { folder, account } = cluster
  const unfinished = `${folder}.unfinished`
  const passwordFile = `${folder}.password`
  await rm(unfinished, { recursive: true, force: true })
  await rm(passwordFile, { force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, password.reveal(), { mode: 0o600, flag: 'wx' })
  try {
    if (account !== undefined)
      for (const path of [unfinished, passwordFile]) await chown(path, account.uid, account.gid)
    await runInitdb(cluster, [
      `--pgdata=${unfinished}`,
      `--pwfile=${passwordFile}`,
      ...clusterOptions,
      ...localeOptions(cluster.binaries.version),
      ...(durability === 'none' ? ['--no-sync'] : []),
    ])
    await rename(unfinished, folder)
    await syncFolder(dirname(folder))
  } finally {
    await rm(passwordFile, { force: true })
    await rm(unfinished, { recursive: true, force: true })
  }
}

const clusterOptions = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--data-checksums',
  '--no-instructions',
]

/**
 * The locale options: text sorts by code point on every machine, and letters beyond ASCII still have upper and lower
 * case.
 */
function localeOptions(version: string): readonly string[] {
  return Number.parseInt(version, 10) < 17
    ? ['--locale-provider=libc', '--locale=C', '--lc-ctype=C.UTF-8']
    : ['--locale-provider=builtin', '--locale=C', '--builtin-locale=C.UTF-8']
}

async function runInitdb(cluster: Cluster, options: readonly string[]): Promise<void> {
  const child = spawn(programOf(cluster.binaries, 'initdb'), options, {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
    env: processEnvironment,
    ...cluster.account,
  })
  const [complaint] = await Promise.all([text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0)
    throw new Error(`PostgreSQL could not make its cluster in ${cluster.folder}: ${complaint.trim()}`)
}
