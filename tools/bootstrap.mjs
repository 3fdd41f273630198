// Runs on any Node 20 or newer, before anything is installed: installs what package-lock.json asks for when that has
// changed, then hands over to the pinned Node. Everything after this file is TypeScript.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { handOver, spawnForwarding } from '../packages/cli/bin/hand-over.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const binaries = join(modules, '.bin')
const marker = join(modules, '.gatehouse-installed')
const claims = join(root, '.installing')
const isWindows = process.platform === 'win32'
const pinnedNode = join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node')

/** An install that takes longer has lost its process, whose number another program has now. */
const installMinutesMax = 15

const programs = {
  serve: { script: 'packages/cli/src/main.ts', args: ['serve'], folder: process.cwd() },
  test: { script: 'node_modules/vitest/vitest.mjs', args: ['run'], folder: root },
  check: { script: 'tools/check.ts', args: [], folder: root },
  bench: { script: 'bench/run.ts', args: [], folder: root },
  screenshots: { script: 'packages/server/test/screenshots/take-screenshots.ts', args: [], folder: root },
  'broken-builds': { script: 'tools/broken-builds.ts', args: [], folder: root },
}

await main(process.argv.slice(2))

async function main([name, ...rest]) {
  if (name === undefined || !Object.hasOwn(programs, name)) {
    process.stderr.write(`usage: node tools/bootstrap.mjs ${Object.keys(programs).join('|')} [arguments]\n`)
    process.exit(2)
  }
  await install()
  if (name === 'serve') buildDashboard()
  const { script, args, folder } = programs[name]
  handOver(pinnedNode, [join(root, script), ...args, ...rest], {
    cwd: folder,
    env: {
      // Most of the time of a short process is compiling; what came of it is kept until the modules are installed anew.
      NODE_COMPILE_CACHE: join(modules, '.cache', 'compiled'),
      ...process.env,
      PATH: [binaries, ...foreignPath()].join(delimiter),
    },
  })
}

async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  for (let isTold = false; !isInstalled(wanted);) {
    const claim = takeClaim()
    if (claim !== undefined) {
      await installUnder(claim, wanted)
      return
    }
    if (!isTold)
      process.stderr.write(
        `Another process is installing; waiting for it. If there is none, remove ${claims}\n`,
      )
    isTold = true
    await wait(100)
  }
}

function isInstalled(wanted) {
  return existsSync(marker) && readFileSync(marker, 'utf8') === wanted
}

async function installUnder(claim, wanted) {
  // The one before may have finished between our look and our claim.
  const complaint = isInstalled(wanted) ? undefined : await runInstall(claim)
  if (complaint === undefined) writeFileSync(marker, wanted)
  writeFileSync(claim, 'done')
  if (complaint === undefined) return
  process.stderr.write(`${complaint} Nothing was started.\n`)
  process.exit(1)
}

/** Resolves to what went wrong, in a sentence. */
function runInstall(claim) {
  process.stderr.write('Installing what Gatehouse needs; this happens once …\n')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const { child, stopForwarding } = spawnForwarding('npm', args, {
    cwd: root,
    // Standard output belongs to the program that follows.
    stdio: ['ignore', 2, 2],
    shell: isWindows,
    // By the machine's own Node: the pinned one is about to be replaced.
    env: { ...process.env, PATH: foreignPath().join(delimiter) },
  })
  // Should this process be killed, npm may still be at work.
  if (child.pid !== undefined) writeFileSync(claim, `${process.pid} ${child.pid}`)
  return new Promise((resolve) => {
    child.once('error', ({ code, message }) =>
      resolve(
        code === 'ENOENT'
          ? 'npm was not found; it comes with Node.'
          : `npm could not be started: ${message}.`,
      ),
    )
    child.once('exit', (code, signal) =>
      resolve(
        code === 0 ? undefined : `npm could not install the dependencies (${signal ?? `exit code ${code}`}).`,
      ),
    )
  }).finally(stopForwarding)
}

/** Builds the dashboard when its sources have changed since; a failure leaves the server to say so on its page. */
function buildDashboard() {
  const folder = join(root, 'packages/dashboard')
  if (!existsSync(join(folder, 'index.html'))) return
  const built = join(folder, 'dist', '.gatehouse-built')
  const wanted = hashOf([folder, join(root, 'packages/sdk')])
  if (existsSync(built) && readFileSync(built, 'utf8') === wanted) return
  process.stderr.write('Building the dashboard …\n')
  const { status } = spawnSync(
    pinnedNode,
    [join(modules, 'vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    // Standard output belongs to the program that follows.
    { cwd: folder, stdio: ['ignore', 2, 2] },
  )
  if (status === 0) writeFileSync(built, wanted)
  else process.stderr.write('The dashboard could not be built; the API works without it.\n')
}

function hashOf(folders) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name)
      if (/^(?:dist|node_modules)(?:[/\\]|$)/.test(name) || !statSync(path).isFile()) continue
      hash.update(`\0${name}\0`).update(readFileSync(path))
    }
  return hash.digest('hex')
}

/** The path without our own programs, which npm puts first. */
function foreignPath() {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== binaries)
}

/**
 * The file of our claim to install, or undefined while another holds one. Claims are numbered and the highest holds;
 * making the next file is what only one can do, and the highest is never removed, so nobody takes a claim over from
 * someone who has just taken it over.
 */
function takeClaim() {
  mkdirSync(claims, { recursive: true })
  const last = lastClaim()
  if (last > 0 && isHeld(join(claims, `${last}`))) return undefined
  const mine = join(claims, `${last + 1}`)
  try {
    writeFileSync(mine, `${process.pid}`, { flag: 'wx' })
  } catch (error) {
    if (error.code === 'EEXIST') return undefined
    throw error
  }
  if (lastClaim() !== last + 1) {
    rmSync(mine)
    return undefined
  }
  for (const name of readdirSync(claims))
    if (Number(name) <= last) rmSync(join(claims, name), { force: true })
  return mine
}

function lastClaim() {
  return Math.max(0, ...readdirSync(claims).map(Number))
}

function isHeld(claim) {
  try {
    const { mtimeMs } = statSync(claim)
    const bootedAtMs = Date.now() - uptime() * 1000
    if (mtimeMs < Math.max(bootedAtMs, Date.now() - installMinutesMax * 60_000)) return false
    const text = readFileSync(claim, 'utf8')
    // Empty for the instant in which its maker has not written yet.
    return text === '' || (text !== 'done' && text.split(' ').some((pid) => isAlive(Number(pid))))
  } catch (error) {
    // A later claim removed it, and is looked at next.
    if (error.code === 'ENOENT') return true
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
