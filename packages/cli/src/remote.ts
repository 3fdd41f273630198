import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Gatehouse } from '@gatehouse/sdk'
import { type Option, type Terminal, UsageError, type Values } from './command.ts'
import { assertPrivate, findStoredKey } from './stored-keys.ts'

/**
 * Options for the instance and the key's file. A key itself is never an option, because a list of processes would
 * show it.
 */
export const remoteOptions = {
  url: {
    type: 'string',
    placeholder: 'URL',
    about: 'The instance; unset: GATEHOUSE_URL, else http://127.0.0.1:4280',
  },
  'key-file': {
    type: 'string',
    placeholder: 'PATH',
    about:
      'A file that holds the API key, for its owner alone; unset: GATEHOUSE_API_KEY, else the one of `login`',
  },
} as const satisfies Readonly<Record<string, Option>>

/** The origin of the instance, from the options or the environment. */
export function toOrigin(values: Values, env: Terminal['env']): string {
  const url = String(values['url'] ?? env['GATEHOUSE_URL'] ?? 'http://127.0.0.1:4280')
  if (!URL.canParse(url)) throw new UsageError(`--url must be a URL such as http://127.0.0.1:4280`)
  return url.replace(/\/+$/, '')
}

/**
 * Opens a client for the instance with the API key that the options name, or with the one stored by `login` for the
 * service.
 */
export async function openRemote(
  values: Values,
  terminal: Pick<Terminal, 'env' | 'folder'>,
  service = 'oversight',
): Promise<Gatehouse> {
  const { env, folder } = terminal
  const baseUrl = toOrigin(values, env)
  const file = values['key-file']
  const named = file === undefined ? env['GATEHOUSE_API_KEY'] : await readKey(resolve(folder, String(file)))
  const apiKey = named ?? (await findStoredKey(env, { service, origin: baseUrl }))
  if (apiKey === undefined || apiKey === '')
    throw new UsageError(
      'name the file of an API key with --key-file, set GATEHOUSE_API_KEY, or keep one with `gatehouse login`',
    )
  return new Gatehouse({ baseUrl, apiKey })
}

async function readKey(path: string): Promise<string> {
  await assertPrivate(path)
  return (await readFile(path, 'utf8')).trim()
}

/** Reads a JSON object from a file, or from standard input if no file is named. */
export async function readJson(
  values: Values,
  { input, folder }: Pick<Terminal, 'input' | 'folder'>,
): Promise<object> {
  const file = values['file']
  if (file === undefined && input.isTTY === true)
    throw new UsageError('name a file with --file, or send the JSON through a pipe')
  const source =
    file === undefined ? await text(input) : await readFile(resolve(folder, String(file)), 'utf8')
  const value = parse(source)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('What was sent is no JSON object')
  return value
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw new Error('What was sent is no JSON', { cause: error })
  }
}
