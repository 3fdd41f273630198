import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { layOutTree } from './testing/lay-out-tree.ts'

const repository = join(import.meta.dirname, '..')

/** Stands in for npm and the registry: counts its runs, then lays out a node_modules with the Node of this process. */
const npm = `#!/bin/sh
echo run >> npm-runs
if [ -f npm-fails ]; then exit 7; fi
if [ -f npm-interrupts ]; then kill -INT $PPID; exec sleep 2; fi
if [ -f npm-hangs ]; then echo started >&2; exec sleep 2; fi
rm -rf node_modules; mkdir -p node_modules/node/bin
ln -s '${process.execPath}' node_modules/node/bin/node
`

/** Tells how it was started, or does what its argument says. */
const program = `
const [, , , what] = process.argv
if (what === 'exit') process.exit(3)
if (what === 'die') process.kill(process.pid, 'SIGKILL')
if (what === 'wait') {
  let signals = 0
  process.on('SIGTERM', () => { signals += 1; setTimeout(() => { console.log(signals); process.exit(0) }, 300) })
  setInterval(() => undefined, 1000)
  console.log('waiting')
} else console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), path: process.env.PATH }))
`

function layOutCheckout(): string {
  const root = layOutTree({ 'package-lock.json': '{}', 'packages/cli/src/main.ts': program, 'bin/npm': npm })
  chmodSync(join(root, 'bin/npm'), 0o755)
  for (const path of [
    'tools/bootstrap.mjs',
    'packages/cli/bin/hand-over.js',
    'packages/cli/bin/follow-starter.js',
  ]) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    copyFileSync(join(repository, path), join(root, path))
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  return root
}

function bootstrap(root: string, args: readonly string[] = ['serve'], path = `${root}/bin`): ChildProcess {
  return spawn(process.execPath, [join(root, 'tools/bootstrap.mjs'), ...args], {
    cwd: join(root, 'bin'),
    env: { PATH: [path, '/usr/bin', '/bin'].join(delimiter) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function outcomeOf(child: ChildProcess) {
  if (child.stdout === null || child.stderr === null) throw new Error('Its output is not piped')
  const [output, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { output, complaint, code: child.exitCode, signal: child.signalCode }
}

const npmRuns = (root: string): number =>
  readFileSync(join(root, 'npm-runs'), 'utf8').trim().split('\n').length

it('the first start installs and the next ones do not, until package-lock.json changes', async () => {
  const root = layOutCheckout()
  const first = await outcomeOf(bootstrap(root))
  expect(first).toMatchObject({ code: 0, complaint: expect.stringContaining('Installing') as string })
  expect(await outcomeOf(bootstrap(root))).toMatchObject({ code: 0, complaint: '' })
  expect(npmRuns(root)).toBe(1)
  writeFileSync(join(root, 'package-lock.json'), '{ }')
  expect((await outcomeOf(bootstrap(root))).code).toBe(0)
  expect(npmRuns(root)).toBe(2)
})

it('the program runs where the caller is, with its arguments, our programs first in the path', async () => {
  const root = layOutCheckout()
  const { output } = await outcomeOf(bootstrap(root, ['serve', '--roles', 'http']))
  const seen: unknown = JSON.parse(output)
  expect(seen).toEqual({
    args: ['serve', '--roles', 'http'],
    cwd: join(root, 'bin'),
    path: [join(root, 'node_modules/.bin'), join(root, 'bin'), '/usr/bin', '/bin'].join(delimiter),
  })
})

it('a failed install starts nothing, says so, and is tried again', async () => {
  const root = layOutCheckout()
  writeFileSync(join(root, 'npm-fails'), '')
  const failed = await outcomeOf(bootstrap(root))
  expect(failed).toMatchObject({ code: 1, output: '' })
  expect(failed.complaint).toContain(
    'npm could not install the dependencies (exit code 7). Nothing was started.',
  )
  rmSync(join(root, 'npm-fails'))
  expect((await outcomeOf(bootstrap(root))).code).toBe(0)
})

it('a machine without npm is told so', async () => {
  const root = layOutCheckout()
  rmSync(join(root, 'bin/npm'))
  const child = spawn(process.execPath, [join(root, 'tools/bootstrap.mjs'), 'serve'], {
    env: { PATH: join(root, 'bin') },
  })
  const { code, complaint } = await outcomeOf(child)
  expect(code).toBe(1)
  expect(complaint).toContain('npm was not found; it comes with Node. Nothing was started.')
})

it('of many first starts at once, one installs and all run', async () => {
  const root = layOutCheckout()
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(bootstrap(root))))
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
  expect(npmRuns(root)).toBe(1)
})

it('an install that was killed is taken over by one of those who come next, once its npm has ended', async () => {
  const root = layOutCheckout()
  writeFileSync(join(root, 'npm-hangs'), '')
  const killed = bootstrap(root)
  await untilSaid(killed, 'started')
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  rmSync(join(root, 'npm-hangs'))
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => outcomeOf(bootstrap(root))))
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(npmRuns(root)).toBe(2)
})

it('Ctrl-C during the install ends npm too, and leaves nothing in the way', async () => {
  const root = layOutCheckout()
  writeFileSync(join(root, 'npm-hangs'), '')
  const child = bootstrap(root)
  const outcome = outcomeOf(child)
  await untilSaid(child, 'started')
  child.kill('SIGINT')
  expect((await outcome).complaint).toContain('npm could not install the dependencies (SIGINT)')
  expect(existsSync(join(root, 'node_modules'))).toBe(false)
  rmSync(join(root, 'npm-hangs'))
  expect((await outcomeOf(bootstrap(root))).code).toBe(0)
})

it('a Ctrl-C that comes as npm starts is not lost on it', async () => {
  const root = layOutCheckout()
  writeFileSync(join(root, 'npm-interrupts'), '')
  for (let round = 0; round < 5; round += 1) {
    const { code, complaint } = await outcomeOf(bootstrap(root))
    expect(code).toBe(1)
    expect(complaint).toContain('npm could not install the dependencies (SIGINT)')
  }
})

it('ends as its program ends, by code and by signal', async () => {
  const root = layOutCheckout()
  expect(await outcomeOf(bootstrap(root, ['serve', 'exit']))).toMatchObject({ code: 3, signal: null })
  expect(await outcomeOf(bootstrap(root, ['serve', 'die']))).toMatchObject({ code: null, signal: 'SIGKILL' })
})

it('a signal that arrives several times at once reaches the program once', async () => {
  const root = layOutCheckout()
  const child = bootstrap(root, ['serve', 'wait'])
  const outcome = outcomeOf(child)
  await untilSaid(child, 'waiting')
  for (let times = 0; times < 3; times += 1) child.kill('SIGTERM')
  expect(await outcome).toMatchObject({ code: 0, output: 'waiting\n1\n' })
})

it('an unknown name is answered with those there are', async () => {
  const { code, complaint } = await outcomeOf(bootstrap(layOutCheckout(), ['toString']))
  expect(code).toBe(2)
  expect(complaint).toBe(
    'usage: node tools/bootstrap.mjs serve|test|check|bench|screenshots|broken-builds [arguments]\n',
  )
})

async function untilSaid(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes(word)) resolve()
      })
  })
}
