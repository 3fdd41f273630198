// Runs on any Node 20 or newer, before anything is installed: installs what package-lock.json asks for when that has
// changed, then hands over to the pinned Node. Everything after this file is TypeScript.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const marker = join(modules, '.gatehouse-installed')
const installLock = join(root, '.installing')
const installMinutesMax = 15

const programs = {
  serve: ['packages/cli/src/main.ts', 'serve'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['tools/check.ts'],
  bench: ['bench/run.ts'],
}

const [name, ...rest] = process.argv.slice(2)
const program = Object.hasOwn(programs, name ?? '') ? programs[name] : undefined
if (program === undefined) {
  process.stderr.write(`usage: node tools/bootstrap.mjs ${Object.keys(programs).join('|')} [arguments]\n`)
  process.exit(2)
}

await install()
hand(program[0], [...program.slice(1), ...rest])

async function install() {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  while (!isInstalled(wanted)) {
    if (takeInstallLock()) {
      try {
        if (!isInstalled(wanted)) runInstall(wanted)
      } finally {
        rmSync(installLock, { recursive: true, force: true })
      }
      return
    }
    process.stderr.write('Another process is installing; waiting for it …\n')
    while (existsSync(installLock) && !isStale()) await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function isInstalled(wanted) {
  return existsSync(marker) && readFileSync(marker, 'utf8') === wanted
}

function runInstall(wanted) {
  process.stderr.write('Installing what Gatehouse needs (once) …\n')
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    process.stderr.write(`npm could not install the dependencies${error ? `: ${error.message}` : ''}. Nothing was started.\n`)
    process.exit(1)
  }
  writeFileSync(marker, wanted)
}

function takeInstallLock() {
  if (isStale()) rmSync(installLock, { recursive: true, force: true })
  try {
    mkdirSync(installLock)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale() {
  try {
    return Date.now() - statSync(installLock).mtimeMs > installMinutesMax * 60_000
  } catch {
    return false
  }
}

/** The child shares our terminal and ends as we end: its exit code is ours, and signals are passed on. */
function hand(script, args) {
  const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const env = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}` }
  const child = spawn(node, [join(root, script), ...args], { stdio: 'inherit', env, cwd: root })
  // Ctrl-C reaches the whole group, the child included; `serve` takes a second one within a moment as the same.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`The pinned Node could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
