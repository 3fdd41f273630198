import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Set by `handOver` to its own process number, so that who it started can tell it from any other parent. */
export const starterVariable = 'GATEHOUSE_STARTER'

const lookEveryMs = 250
const shell = /^-?(?:.*\/)?(?:ash|bash|busybox|dash|ksh|sh|zsh)$/

/**
 * Calls back once when npm, or who handed over to this process, has ended without passing a signal on: a server that
 * went on would hold its folder and its port with nobody to stop it. A process that a person or an init system started is
 * left alone, since there a parent that ends means nothing. Returns what ends the watching.
 */
export function followStarter(onGone, env = process.env) {
  const parent = process.ppid
  const starter = Number(env[starterVariable])
  const isHandedOver = starter === parent || (starter > 0 && !isAlive(starter))
  if (!isHandedOver && env.npm_lifecycle_event === undefined) return () => undefined
  // npm starts a script through a shell, which outlives it.
  const isThroughShell = starter !== parent && shell.test(readProcess(parent).name)
  const grandparent = isThroughShell ? readProcess(parent).parent : undefined
  const isGone = () =>
    process.ppid !== parent ||
    (starter > 0 && isHandedOver && starter !== parent) ||
    (grandparent !== undefined && !isParentOf(grandparent, parent))
  const timer = setInterval(() => {
    if (!isGone()) return
    clearInterval(timer)
    onGone()
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** A process that has ended but is not waited for still counts as alive, so its child's own word is better where it is cheap. */
function isParentOf(pid, child) {
  return process.platform === 'linux' ? readProcess(child).parent === pid : isAlive(pid)
}

function readProcess(pid) {
  try {
    if (process.platform === 'linux') {
      // `PID (NAME) STATE PARENT …`; the name may hold anything.
      const [, name = '', parent] =
        /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
      return { name, parent: Number(parent) }
    }
    const line = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parent, name = ''] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? []
    return { name, parent: Number(parent) }
  } catch {
    return { name: '', parent: undefined }
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
