import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError, type Terminal } from './command.ts'

/** Whose key it is: a service of an instance. */
export type KeyPlace = { readonly service: string; readonly origin: string }

type Env = Terminal['env']

/** Where keys lie that somebody logged in with: one file, for its owner alone. */
export function storedKeysPath(env: Env): string {
  const home =
    env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.config'))
  const folder = home ?? env['APPDATA']
  if (folder === undefined || folder === '')
    throw new UsageError('there is no home folder to keep a key in: use --key-file or GATEHOUSE_API_KEY')
  return join(folder, 'gatehouse', 'keys.json')
}

/** The key that was logged in with; undefined where there is none. */
export async function findStoredKey(env: Env, place: KeyPlace): Promise<string | undefined> {
  if ((env['XDG_CONFIG_HOME'] ?? env['HOME'] ?? env['APPDATA']) === undefined) return undefined
  return (await readKeys(storedKeysPath(env)))[nameOf(place)]
}

export async function storeKey(env: Env, place: KeyPlace, key: string): Promise<void> {
  const path = storedKeysPath(env)
  await writeKeys(path, { ...(await readKeys(path)), [nameOf(place)]: key })
}

/** False: there was none. */
export async function forgetKey(env: Env, place: KeyPlace): Promise<boolean> {
  const path = storedKeysPath(env)
  const { [nameOf(place)]: forgotten, ...others } = await readKeys(path)
  if (forgotten === undefined) return false
  await writeKeys(path, others)
  return true
}

function nameOf({ service, origin }: KeyPlace): string {
  return `${service} ${origin}`
}

async function readKeys(path: string): Promise<Readonly<Record<string, string>>> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return {}
  await assertPrivate(path)
  const value: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (typeof value !== 'object' || value === null) throw new Error(`${path} holds no keys`)
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, key]: [string, unknown]) =>
      typeof key === 'string' ? [[name, key] as const] : [],
    ),
  )
}

/** Whole or not at all: a file that was cut short would lose every other key. */
async function writeKeys(path: string, keys: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const next = `${path}.new`
  await writeFile(next, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  // The mode of a file that was there already is not the one that was asked for.
  await chmod(next, 0o600)
  await rename(next, path)
}

/** Refuses what others on this machine can read. */
export async function assertPrivate(path: string): Promise<void> {
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${path} can be read by others: chmod 600 ${path}`)
}
