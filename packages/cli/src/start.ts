import packageJson from '../package.json' with { type: 'json' }
import { commands } from './commands/index.ts'
import { run } from './run.ts'

// The reader of a pipe may close it early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run({ commands, version: packageJson.version }, process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  progress: (text) => void (process.stderr.isTTY && process.stderr.write(text)),
  interruption: () => {
    const asked = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => asked.abort(new Error('Interrupted')))
    return asked.signal
  },
  input: process.stdin,
})
