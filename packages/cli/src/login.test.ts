import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCodes, type Terminal } from './command.ts'
import { commands } from './commands/index.ts'
import { openRemote } from './remote.ts'
import { run } from './run.ts'
import { findStoredKey } from './stored-keys.ts'

const program = { commands, version: '1.2.3' }
const place = { service: 'oversight', origin: 'http://127.0.0.1:4280' }
const key = 'ck_live_0123456789ABCDEFGHJKMNPQRS'
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-login-'))
})
afterEach(() => rm(home, { recursive: true }))

const path = () => join(home, '.config', 'gatehouse', 'keys.json')

async function call(argv: readonly string[], input = '', env: Terminal['env'] = { HOME: home }) {
  const written = { out: '', note: '' }
  const code = await run(program, argv, {
    env,
    folder: home,
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
    progress: () => undefined,
    interruption: () => new AbortController().signal,
    input: Readable.from([input]),
  })
  return { code, ...written }
}

const login = (input: string, ...more: readonly string[]) =>
  call(['login', '--service', 'oversight', ...more], input)

describe('a key that somebody logs in with', () => {
  it('is kept for them alone, for that service of that instance, and is printed nowhere', async () => {
    const said = await login(`${key}\n`)
    expect(said).toMatchObject({ code: exitCodes.done, note: '' })
    expect(said.out).not.toContain(key)
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    expect((await stat(join(path(), '..'))).mode & 0o777).toBe(0o700)
    const env = { HOME: home }
    expect(await findStoredKey(env, place)).toBe(key)
    expect(await findStoredKey(env, { ...place, service: 'uptime' })).toBeUndefined()
    expect(await findStoredKey(env, { ...place, origin: 'https://elsewhere.example' })).toBeUndefined()
    expect(await findStoredKey({}, place)).toBeUndefined()
  })

  it('takes the place of the one before, leaves those of others, and is forgotten by itself', async () => {
    await login(key)
    await login('other', '--url', 'https://gatehouse.example/')
    await login('newer')
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({
      'oversight http://127.0.0.1:4280': 'newer',
      'oversight https://gatehouse.example': 'other',
    })
    const logout = () => call(['logout', '--service', 'oversight', '--json'])
    expect(JSON.parse((await logout()).out)).toMatchObject({ forgotten: true })
    expect(JSON.parse((await logout()).out)).toMatchObject({ forgotten: false })
    expect(Object.keys(JSON.parse(await readFile(path(), 'utf8')) as object)).toHaveLength(1)
  })

  it('is used where no other is named, and not from a file that others can read', async () => {
    const terminal = { env: { HOME: home }, folder: home }
    await expect(openRemote({}, terminal)).rejects.toThrow('gatehouse login')
    await login(key)
    await expect(openRemote({}, terminal)).resolves.toBeDefined()
    await expect(openRemote({}, terminal, 'uptime')).rejects.toThrow('gatehouse login')
    await chmod(path(), 0o644)
    await expect(openRemote({}, terminal)).rejects.toThrow('can be read by others')
  })
})

it.each([
  ['nothing', ''],
  ['two words', 'one two'],
  ['a line of letters that are none', 'schlüssel'],
])('%s is no key', async (_what, input) => {
  const { code, note } = await login(input)
  expect(code).toBe(exitCodes.misused)
  expect(note).toContain('it must be one word')
})

it('where there is no home folder, it says what else there is', async () => {
  const { code, note } = await call(['login', '--service', 'oversight'], key, {})
  expect(code).toBe(exitCodes.misused)
  expect(note).toContain('--key-file')
})
