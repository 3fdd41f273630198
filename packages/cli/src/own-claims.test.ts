import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const patienceMs = 300_000
let folder: string
let api: Server
let origin: string

/** An API that is not Gatehouse: one address never answers. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-claims-'))
  api = createServer(({ url }, response) => {
    if (url === '/hangs') return
    response.statusCode = url === '/closed' ? 401 : 200
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  origin = toOrigin(api)
})
afterAll(async () => {
  api.closeAllConnections()
  api.close()
  await rm(folder, { recursive: true })
})

function toOrigin(server: Server): string {
  // Safe: it listens on a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function gatehouse(...words: readonly string[]) {
  return promisify(execFile)(process.execPath, [main, 'posture', ...words], { cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

const claimOf = (id: string, path: string, more = '') => `export const claim = {
  id: '${id}', control: 'access', sentence: '${path} is closed.', ${more}
  probe: async (target) => {
    const { status } = await target.send('${path}')
    if (status === 401) return { verdict: 'holds', figures: { status } }
    return { verdict: 'fails', because: 'It answered ' + status }
  },
}`

async function write(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, name))
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), text)
}

it(
  'own-claims-are-tried-on-any-api: one holds, one fails, and one that hangs is unknown',
  async () => {
    await write('mixed', {
      'a.mjs': claimOf('own.closed', '/closed'),
      'b.mts': claimOf('own.open', '/open'),
      'c.mjs': claimOf('own.hangs', '/hangs', 'timeoutMs: 500,'),
      'd.mjs':
        "export const claim = { id: 'own.silent', control: 'none', sentence: 'Nothing is said.', probe: () => true }",
      'notes.md': 'is no module',
    })
    const all = await gatehouse(
      'verify',
      '--claims',
      'mixed',
      '--target',
      `${origin}/`,
      '--json',
      '--junit',
      'mixed.xml',
    )
    const { results } = JSON.parse(all.stdout) as { results: readonly Record<string, unknown>[] }
    expect(results.map(({ claim, verdict }) => [claim, verdict])).toEqual([
      ['own.closed', 'holds'],
      ['own.open', 'fails'],
      ['own.hangs', 'unknown'],
      ['own.silent', 'unknown'],
    ])
    expect(results[0]).toMatchObject({ sentence: '/closed is closed.', figures: { status: 401 } })
    expect(results[1]).toMatchObject({ because: 'It answered 200' })
    expect([all.code, all.stderr]).toEqual([1, expect.stringContaining('1 hold, 1 fail, 2 unknown')])
    expect(await readFile(join(folder, 'mixed.xml'), 'utf8')).toContain('tests="4" failures="1" skipped="2"')
    const one = await gatehouse('verify', '--claims', 'mixed', '--target', origin, '--only', 'own.closed')
    expect([one.code, one.stdout]).toEqual([0, 'holds\town.closed\tstatus 401\n'])
  },
  patienceMs,
)

it(
  'what is no claim is told by its file and field, and a wrong line by its option',
  async () => {
    await write('wrong', { 'a.mjs': "export const claim = { id: 'own.a', control: 'x', sentence: '' }" })
    await write('twice', { 'a.mjs': claimOf('own.a', '/'), 'b.mjs': claimOf('own.a', '/') })
    await write('broken', { 'a.mjs': 'export const claim = {' })
    await write('empty', {})
    const said = (name: string) => gatehouse('verify', '--claims', name, '--target', origin)
    expect(await said('wrong')).toMatchObject({ code: 1, stderr: expect.stringContaining('a.mjs: claim.') })
    expect(await said('twice')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('b.mjs: id: a.mjs is called own.a too'),
    })
    expect(await said('broken')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a.mjs cannot be loaded'),
    })
    expect(await said('empty')).toMatchObject({ code: 1, stderr: expect.stringContaining('no module') })
    expect(await said('nowhere')).toMatchObject({ code: 1, stderr: expect.stringContaining('is no folder') })
    expect(await gatehouse('verify', '--claims', 'mixed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--claims needs --target'),
    })
  },
  patienceMs,
)

it(
  'init-overwrites-nothing: a folder in which something lies stays as it is',
  async () => {
    await write('mine', { 'claim.d.mts': 'mine' })
    const refused = await gatehouse('init', '--folder', 'mine')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was written') })
    expect(await readdir(join(folder, 'mine'))).toEqual(['claim.d.mts'])
    expect(await readFile(join(folder, 'mine', 'claim.d.mts'), 'utf8')).toBe('mine')
  },
  patienceMs,
)

it(
  'the guide to claims of your own ends with one that holds, and is unknown where it cannot look',
  async () => {
    const guide = await readFile(
      new URL('../../../docs/guides/write-your-own-claim.md', import.meta.url),
      'utf8',
    )
    for (const [, file = '', program = ''] of guide.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms))
      await writeFile(join(folder, file), program)
    const script = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands)
    const functions = `npx() { shift; '${process.execPath}' '${main}' "$@"; }\n`
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const port = new URL(toOrigin(free)).port
    await new Promise((closed) => free.close(closed))
    const node = join(process.execPath, '..')
    const { code, stdout } = await promisify(execFile)(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', functions + script.join('\n')],
      {
        cwd: folder,
        env: {
          PATH: `${node}:${process.env['PATH']}`,
          NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
          PORT: port,
        },
      },
    ).then(
      (ended) => ({ code: 0, stdout: ended.stdout }),
      (error: { code: number; stdout: string }) => error,
    )
    expect(code).toBe(0)
    expect(stdout).toContain('holds\theaders.answers-are-hardened\twanted 1, missing 0')
    expect(stdout).toMatch(/^holds\tapi.answers-in-time\tstatus 200/m)
    expect(stdout).toContain('fails\taccess.strangers-are-refused\t/customers answered 200 to a stranger')
    expect(stdout).toMatch(/^ended with 1$/m)
    expect(stdout).toMatch(/^holds\tkeys.belong-in-headers\tstatus 401$/m)
    expect(stdout).toMatch(/^unknown\tkeys.belong-in-headers\tA good key was answered 401$/m)
    expect(await readFile(join(folder, 'claims.xml'), 'utf8')).toContain('failures="1"')
  },
  patienceMs,
)
