import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError, type Terminal } from './command.ts'

/** The service and the instance that a stored key belongs to. */
export type KeyPlace = { readonly service: string; readonly origin: string }

type Env = Terminal['env']

/** Path of the file that holds the keys stored by `login`; readable by its owner only. */
export function storedKeysPath(env: Env): string {
  const home =
    env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.config'))
  const folder = home ?? env['APPDATA']
  if (folder === undefined || folder === '')
    throw new UsageError('there is no home folder to keep a key in: use --key-file or GATEHOUSE_API_KEY')
  return join(folder, 'gatehouse', 'keys.json')
}

/** The key stored by `login`; undefined if there is none. */
export async function findStoredKey(env: Env, place: KeyPlace): Promise<string | undefined> {
  if ((env['XDG_CONFIG_HOME'] ?? env['HOME'] ?? env['APPDATA']) === undefined) return undefined
  return (await readKeys(storedKeysPath(env)))[nameOf(place)]
}

export async function storeKey(env: Env, place: KeyPlace, key: string): Promise<void> {
  const path = storedKeysPath(env)
  await writeKeys(path, { ...(await readKeys(path)), [nameOf(place)]: key })
}

/** Returns false if no key was stored. */
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

/** Writes to a temporary file and renames it: a write cut short would lose all other keys. */
async function writeKeys(path: string, keys: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const next = `${path}.new`
  await writeFile(next, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  // `writeFile` does not change the mode of a file that already exists.
  await chmod(next, 0o600)
  await rename(next, path)
}

/** Throws if other users of the machine can read the file. */
export async function assertPrivate(path: string): Promise<void> {
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${path} can be read by others: chmod 600 ${path}`)
}
