import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { password, setUpOwner } from './fixtures/people.ts'
import { commandFile, execute } from './fixtures/verify-offline.ts'

const fresh = 'another correct horse battery'
const patienceMs = 300_000
let server: ComposedServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-reset-'))
  server = await composeServer()
  await setUpOwner(server.client, server.ownerToken)
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const make = (...options: readonly string[]) =>
  execute(folder, [commandFile, 'reset-link', ...options], server.env)
const logIn = async (given: string) =>
  (await server.client.send('/auth/login', { body: { email: 'ann@example.com', password: given } })).status

it(
  'a link of the command line lets somebody in again who is locked out, once, and is the newest one',
  async () => {
    const older = await make('--email', 'ann@example.com')
    expect(older).toMatchObject({ code: 0, note: '' })
    const { code, out } = await make('--email', 'Ann@Example.com', '--json')
    expect(code).toBe(0)
    const { url, expiresAt } = JSON.parse(out) as { url: string; expiresAt: string }
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
    const use = async (link: string) => {
      const token = new URL(link.trim()).searchParams.get('token')
      return (await server.client.send('/auth/reset-password', { body: { token, password: fresh } })).status
    }
    expect(await use(older.out)).toBe(400)
    expect(await use(url)).toBe(200)
    expect(await use(url)).toBe(400)
    expect([await logIn(password), await logIn(fresh)]).toEqual([401, 200])
  },
  patienceMs,
)

it.each([
  ['an address that nobody has', ['--email', 'nobody@example.com'], 1],
  ['no address', [], 2],
])(
  'for %s there is a sentence and no link',
  async (_what, options, exit) => {
    const { code, out, note } = await make(...options)
    expect({ code, out }).toEqual({ code: exit, out: '' })
    expect(note).not.toBe('')
  },
  patienceMs,
)
