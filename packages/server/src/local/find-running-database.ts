import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectOnce } from '@gatehouse/kernel/db'
import { readSecretFile, Secret } from '@gatehouse/kernel/secrets'

/** The URL of the bundled PostgreSQL of a data folder, if it runs, whether a server started it or left it behind. */
export async function findRunningDatabase(dataFolder: string): Promise<Secret | undefined> {
  const moved = await readIfThere(join(dataFolder, 'postgres.location'))
  const cluster = moved?.trim() ?? join(dataFolder, 'postgres')
  // The fourth line is the port.
  const port = (await readIfThere(join(cluster, 'postmaster.pid')))?.split('\n')[3]
  const password = await readSecretFile(join(dataFolder, 'secrets', 'database-password'))
  if (port === undefined || password === undefined) return undefined
  const url = new Secret(`postgres://gatehouse:${password.trim()}@127.0.0.1:${port}/gatehouse`)
  try {
    await connectOnce(url, (run) => run('SELECT 1'))
    return url
  } catch {
    // The file is left over from a process that ended without removing it.
    return undefined
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
