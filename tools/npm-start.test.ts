import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { copyRepository, scratchOf } from './broken-builds/copy-repository.ts'

const repository = join(import.meta.dirname, '..')
// The first start compiles the whole server, in a folder that nothing was compiled in.
const patienceMs = 300_000
let checkout: string
let started: number[] = []

beforeAll(() => {
  checkout = copyRepository(repository)
  const lock = readFileSync(join(checkout, 'package-lock.json'))
  // Everything is installed, and no dashboard is to be built.
  rmSync(join(checkout, 'node_modules/.gatehouse-installed'), { force: true })
  writeFileSync(
    join(checkout, 'node_modules/.gatehouse-installed'),
    createHash('sha256').update(lock).digest('hex'),
  )
  rmSync(join(checkout, 'packages/dashboard/index.html'))
})
afterEach(() => {
  for (const pid of findAlive(started)) process.kill(pid, 'SIGKILL')
})
afterAll(() => rmSync(checkout, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }))

type Started = { readonly npm: ChildProcess; readonly programs: ReadonlyMap<string, number> }

/** `npm start` as people run it, once it is ready. Each starts on the folder that the one before has let go. */
async function start(): Promise<Started> {
  const npm = spawn('npm', ['start'], {
    cwd: checkout,
    env: {
      PATH: process.env['PATH'],
      HOME: scratchOf(checkout),
      GATEHOUSE_DATA: join(scratchOf(checkout), 'data'),
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
      GATEHOUSE_PORT: '0',
      GATEHOUSE_LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // In a session of its own, as in a terminal of its own: what is sent to it reaches no other process.
    detached: true,
  })
  if (npm.pid === undefined) throw new Error('npm did not start')
  started = [npm.pid]
  await saidUntilReady(npm, npm.stdout)
  npm.stdout.resume()
  const below = findDescendants(npm.pid)
  started = [npm.pid, ...below.map(({ pid }) => pid)]
  const find = (part: string): number => {
    const found = below.find(({ command }) => command.includes(part))
    if (found === undefined) throw new Error(`There is no process of ${part}`)
    return found.pid
  }
  return {
    npm,
    programs: new Map([
      ['npm', npm.pid],
      ['bootstrap', find('tools/bootstrap.mjs')],
      ['server', find('cli/src/main.ts')],
      ['PostgreSQL', find('postgres -D')],
    ]),
  }
}

/** What it printed until it was ready; fails at once should it end before. */
async function saidUntilReady(child: ChildProcess, stdout: Readable): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`It ended with ${String(code)} before it was ready`)
  })
  // It ends in any case, most often long after it was ready.
  ended.catch(() => undefined)
  stdout.setEncoding('utf8')
  let said = ''
  while (!said.includes('ready on')) said += String(await Promise.race([once(stdout, 'data'), ended]))
  return said
}

type Process = { readonly pid: number; readonly parent: number; readonly command: string }

function findDescendants(root: number): readonly Process[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line): Process[] => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
    })
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return below(root)
}

/** Those that have not ended; one that has and that nobody waited for is a zombie. */
function findAlive(pids: readonly number[]): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,stat='], { encoding: 'utf8' }).split('\n')
  const alive = new Set(lines.filter((line) => !/\sZ/.test(line)).map((line) => Number.parseInt(line, 10)))
  return pids.filter((pid) => alive.has(pid))
}

it.each<[signal: NodeJS.Signals, to: string]>([
  ['SIGTERM', 'npm'],
  ['SIGINT', 'npm'],
  ['SIGHUP', 'npm'],
  ['SIGKILL', 'npm'],
  ['SIGTERM', 'bootstrap'],
  ['SIGKILL', 'bootstrap'],
])(
  'npm-start-ends-whole: %s to %s leaves no process behind, PostgreSQL included',
  async (signal, to) => {
    const { programs } = await start()
    process.kill(programs.get(to) ?? 0, signal)
    await expect.poll(() => findAlive(started)).toEqual([])
  },
  patienceMs,
)

it(
  'npm-start-ends-whole: a terminal that is closed takes everything with it',
  async () => {
    const { npm } = await start()
    // The kernel tells the whole group of the terminal, and writing to it fails from then on.
    npm.stdout?.destroy()
    process.kill(-(npm.pid ?? 0), 'SIGHUP')
    await expect.poll(() => findAlive(started)).toEqual([])
  },
  patienceMs,
)

it(
  'a server that is started from a shell, and not by npm, outlives that shell',
  async () => {
    const main = join(checkout, 'packages/cli/bin/gatehouse.js')
    const shell = spawn('sh', ['-c', '"$1" "$2" serve & echo $! ; wait', 'sh', process.execPath, main], {
      env: {
        PATH: process.env['PATH'],
        // As npm would have it: to compile the server anew takes minutes on a busy machine.
        NODE_COMPILE_CACHE: join(checkout, 'node_modules/.cache/compiled'),
        GATEHOUSE_DATA: join(scratchOf(checkout), 'data'),
        GATEHOUSE_FEEDS: 'off',
        GATEHOUSE_PROBES: 'off',
        GATEHOUSE_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (shell.pid !== undefined) started = [shell.pid]
    const said = await saidUntilReady(shell, shell.stdout)
    const server = Number(said.split('\n', 1)[0])
    started = [server, ...findDescendants(server).map(({ pid }) => pid)]
    shell.kill('SIGKILL')
    await once(shell, 'exit')
    const [, origin = ''] = /ready on (\S+)/.exec(said) ?? []
    // For as long as one that follows its starter looks for it several times over.
    for (const untilMs = performance.now() + 2_000; performance.now() < untilMs;)
      expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    expect(findAlive([server])).toEqual([server])
    process.kill(server, 'SIGTERM')
    await expect.poll(() => findAlive(started)).toEqual([])
  },
  patienceMs,
)
