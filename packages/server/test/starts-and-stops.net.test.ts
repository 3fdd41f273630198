import { type ChildProcess, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { access, chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@gatehouse/kernel/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { programEnv } from './fixtures/program-env.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

type Server = {
  readonly child: ChildProcess
  readonly origin: string
  /** What follows `ready on …`; never comes when nothing does. */
  readonly secondLine: Promise<string>
  /** Resolves to the exit code once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>
}

let parent: string
let data: string
const running = new Set<ChildProcess>()

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gatehouse-serve-'))
  // Under root, PostgreSQL runs as another account, which must be able to pass through.
  await chmod(parent, 0o711)
  data = join(parent, 'data')
})
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGTERM')
    await once(child, 'close')
  }
  await rm(parent, { recursive: true, force: true })
})

function spawnServer(settings: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: parent,
    // The log shares standard output with the lines that are read here.
    env: {
      ...programEnv(),
      GATEHOUSE_DATA: data,
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
      GATEHOUSE_PORT: '0',
      GATEHOUSE_LOG_LEVEL: 'silent',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

async function start(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const child = spawnServer(settings)
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const ended = once(child, 'close').then(() => child.exitCode)
  if (child.stdout === null) throw new Error('Its output is not piped')
  const lines = on(createInterface({ input: child.stdout }), 'line')
  const nextLine = async (): Promise<string> => String((await lines.next()).value)
  const first = await Promise.race([nextLine(), ended])
  const [, origin] = /^ready on (http:\/\/\S+)$/.exec(String(first)) ?? []
  if (origin === undefined) throw new Error(`It was not ready, but said: ${first} ${complaint}`)
  return { child, origin, secondLine: nextLine(), ended }
}

/** For a start that is meant to be refused. */
async function refusalOf(
  settings: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const child = spawnServer(settings)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  // A start that goes on is told by its code, which is null then.
  const patience = setTimeout(() => child.kill('SIGKILL'), 100_000)
  await once(child, 'close')
  clearTimeout(patience)
  return { code: child.exitCode, said }
}

async function statusOf(url: string): Promise<number | 'refused'> {
  return fetch(url).then(
    ({ status }) => status,
    () => 'refused' as const,
  )
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'starts-and-stops-cleanly: starts from nothing and %s stops it, PostgreSQL included',
  async (signal) => {
    const { child, origin, ended } = await start()
    expect(await statusOf(`${origin}/healthz`)).toBe(200)
    expect(await statusOf(`${origin}/readyz`)).toBe(200)
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(await statusOf(`${origin}/healthz`)).toBe('refused')
    await expect(access(join(data, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT')
    await expect(access(join(data, 'server.pid'))).rejects.toThrow('ENOENT')
  },
)

it('a Ctrl-C that arrives twice still stops it cleanly', async () => {
  const { child, ended } = await start()
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  await expect(access(join(data, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT')
})

it('the first start offers a one-time owner link, and makes keys for its owner alone', async () => {
  const { origin, secondLine } = await start()
  expect(await secondLine).toContain(`${origin}/`)
  const secrets = join(data, 'secrets')
  const files = await readdir(secrets)
  expect(files).toEqual(expect.arrayContaining(['jwt-key', 'master-key', 'pepper', 'signing-key']))
  for (const file of files) expect((await stat(join(secrets, file))).mode & 0o777).toBe(0o600)
})

it('a second server on the same folder is refused with a sentence, and the first goes on', async () => {
  const { child, origin } = await start()
  const { code, said } = await refusalOf({})
  expect(code).toBe(1)
  expect(said).toContain(`Another Gatehouse server (process ${child.pid}) is already running on ${data}`)
  expect(said.trim().split('\n')).toHaveLength(1)
  expect(await statusOf(`${origin}/readyz`)).toBe(200)
})

it('a-refused-start-ends: with one sentence, when the database does not take the connection', async () => {
  // Nothing listens there: PostgreSQL is never on port 1.
  const { code, said } = await refusalOf({ DATABASE_URL: 'postgres://gatehouse@127.0.0.1:1/gatehouse' })
  expect(code).toBe(1)
  expect(said).toContain('The database of DATABASE_URL did not take the connection: connect ECONNREFUSED')
  expect(said.trim().split('\n')).toHaveLength(1)
})

it('starts again after kill -9 of the server, and of PostgreSQL too', async () => {
  const first = await start()
  first.child.kill('SIGKILL')
  await first.ended
  const second = await start()
  const postmaster = await postmasterPid()
  second.child.kill('SIGKILL')
  process.kill(postmaster, 'SIGKILL')
  await second.ended
  const third = await start()
  expect(await statusOf(`${third.origin}/readyz`)).toBe(200)
})

it('is ready again by itself after kill -9 of PostgreSQL alone', async () => {
  const { origin } = await start()
  const killed = await postmasterPid()
  process.kill(killed, 'SIGKILL')
  // The file of the next one takes the place of the old one when it starts; in between there is none.
  while ([killed, 0].includes(await postmasterPid().catch(() => 0))) await wait(20)
  while ((await statusOf(`${origin}/readyz`)) === 503) await wait(20)
  expect(await statusOf(`${origin}/readyz`)).toBe(200)
})

it('DATABASE_URL takes the place of the bundled PostgreSQL', async () => {
  const { url, drop } = await testDatabase()
  const { child, origin, ended } = await start({ DATABASE_URL: url.reveal() })
  expect(await statusOf(`${origin}/readyz`)).toBe(200)
  await expect(access(join(data, 'postgres'))).rejects.toThrow('ENOENT')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  await drop()
})

it('a bad setting stops the start with its name, its shape and an example', async () => {
  const { code, said } = await refusalOf({ GATEHOUSE_PORT: 'canary' })
  expect(code).toBe(1)
  expect(said).toContain('GATEHOUSE_PORT must be a whole number from 0 to 65535, such as 8080')
  expect(said).not.toContain('canary')
})
