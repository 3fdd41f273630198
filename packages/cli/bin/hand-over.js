import { spawn } from 'node:child_process'
import { followStarter, starterVariable } from './follow-starter.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** One Ctrl-C comes from the terminal and from npm; the child in the terminal's group has had it already, too. */
const sameSignalWithinMs = 100

/**
 * Runs a program in the place of this process: it shares the terminal, gets the signals that come here, and its end is
 * ours, by exit code or by signal. When whoever started us is gone, the program is asked to end.
 */
export function handOver(program, args, options = {}) {
  const env = { ...(options.env ?? process.env), [starterVariable]: String(process.pid) }
  const { child, stopForwarding } = spawnForwarding(program, args, { stdio: 'inherit', ...options, env })
  child.once('error', (error) => {
    process.stderr.write(`${program} could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    stopForwarding()
    process.kill(process.pid, signal)
  })
}

/**
 * Starts a program and passes signals on to it, each once in a moment and only while it has not ended by itself. Who
 * listened only once it runs would die of a signal that comes as it starts, and leave it behind.
 */
export function spawnForwarding(program, args, options) {
  const waiting = new Set()
  const forward = (signal) => {
    if (waiting.has(signal)) return
    waiting.add(signal)
    setTimeout(() => {
      waiting.delete(signal)
      child.kill(signal)
    }, sameSignalWithinMs)
  }
  for (const signal of signals) process.on(signal, forward)
  const child = spawn(program, args, options)
  const stopFollowing = followStarter(() => forward('SIGTERM'))
  const stopForwarding = () => {
    stopFollowing()
    for (const signal of signals) process.off(signal, forward)
  }
  return { child, stopForwarding }
}
