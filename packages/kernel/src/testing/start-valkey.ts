import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from '@redis/client'
import { Secret } from '../secrets/index.ts'

export type TestValkey = {
  readonly url: Secret
  /** Sends one command, and gives its reply. */
  readonly ask: (...command: string[]) => Promise<unknown>
  /** Stops answering, with its connections open, until it is resumed. */
  readonly pause: () => void
  readonly resume: () => void
  /** Kills the server, with all its data. */
  readonly kill: () => Promise<void>
  /** Starts it again, empty, under the same URL. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

const programs = ['valkey-server', 'redis-server']
const readyWithinMs = 60_000
const program = findProgram()

/** Whether tests that need a Valkey are skipped; never in continuous integration. */
export const isValkeyMissing = program === undefined && process.env['CI'] !== 'true'
if (isValkeyMissing)
  process.stderr.write(`Nothing is tried with a Valkey: neither ${programs.join(' nor ')} is in the PATH\n`)

/** A Valkey, or Redis, of the test's own: on a free port of this machine, and with no persistence. */
export async function startValkey({ password }: { readonly password?: string } = {}): Promise<TestValkey> {
  if (program === undefined) throw new Error(`Neither ${programs.join(' nor ')} is in the PATH`)
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-valkey-'))
  const port = await findFreePort()
  const url = new Secret(
    `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
  )
  const start = () => run(program, { folder, port, password })
  let child = await start()
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url,
    ask: async (...command) => {
      const client = await createClient({ url: url.reveal() }).connect()
      try {
        return await client.sendCommand(command)
      } finally {
        client.destroy()
      }
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      child = await start()
    },
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Settings = { readonly folder: string; readonly port: number; readonly password: string | undefined }

async function run(path: string, { folder, port, password }: Settings): Promise<ChildProcess> {
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder]
  const guard = password === undefined ? [] : ['--requirepass', password]
  const child = spawn(path, [...place, '--save', '', '--appendonly', 'no', ...guard], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  const tooLate = setTimeout(() => void child.kill('SIGKILL'), readyWithinMs)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line)
      if (/ready to accept connections/i.test(line)) return child
    }
  } finally {
    clearTimeout(tooLate)
    child.stdout.resume()
  }
  throw new Error(`${path} did not start:\n${said.join('\n')}`)
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port')
  server.close()
  await once(server, 'close')
  return address.port
}

function findProgram(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
