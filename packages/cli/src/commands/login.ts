import { text } from 'node:stream/consumers'
import { exitCodes, type Command, type Terminal, UsageError } from '../command.ts'
import { remoteOptions, toOrigin } from '../remote.ts'
import { forgetKey, storedKeysPath, storeKey } from '../stored-keys.ts'

const about = {
  service: {
    type: 'string',
    placeholder: 'NAME',
    about: 'The service that it opens, such as oversight',
    required: true,
  },
  url: remoteOptions.url,
  json: { type: 'boolean', about: 'Print JSON' },
} as const

export const login: Command = {
  name: 'login',
  summary: 'Keep an API key for the commands that ask an instance',
  description:
    'Reads the key from standard input, so that it is in no history and in no list of processes. It is kept in a file for\n' +
    'you alone, for this service of this instance; --key-file and GATEHOUSE_API_KEY come before it.',
  options: about,
  examples: [
    'gatehouse login --service oversight < key',
    'pass show gatehouse | gatehouse login --service oversight --url https://gatehouse.example.com --json',
  ],
  run: async (values, terminal) => {
    const { env, out } = terminal
    const place = { service: String(values['service']), origin: toOrigin(values, env) }
    await storeKey(env, place, await readKey(terminal))
    const path = storedKeysPath(env)
    out(
      values['json'] === true
        ? `${JSON.stringify({ ...place, path })}\n`
        : `The key for ${place.service} of ${place.origin} is kept in ${path}\n`,
    )
    return exitCodes.done
  },
}

export const logout: Command = {
  name: 'logout',
  summary: 'Forget a key that was logged in with',
  description: 'The key itself stays valid; whoever wants it dead revokes it.',
  options: about,
  examples: ['gatehouse logout --service oversight', 'gatehouse logout --service oversight --json'],
  run: async (values, { env, out }) => {
    const place = { service: String(values['service']), origin: toOrigin(values, env) }
    const isForgotten = await forgetKey(env, place)
    out(
      values['json'] === true
        ? `${JSON.stringify({ ...place, forgotten: isForgotten })}\n`
        : `${isForgotten ? 'The key is forgotten' : 'There was no key'}: ${place.service} of ${place.origin}\n`,
    )
    return exitCodes.done
  },
}

async function readKey({ input }: Pick<Terminal, 'input'>): Promise<string> {
  if (input.isTTY === true)
    throw new UsageError('send the key through a pipe, so that it is on no screen and in no history')
  const key = (await text(input)).trim()
  if (!/^[\x21-\x7e]{1,512}$/.test(key)) throw new UsageError('what was sent is no key: it must be one word')
  return key
}
